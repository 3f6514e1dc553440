"""PyTorch on the causal 3-D convolution blocks of `mondo-bench tensors`: milliseconds and GFLOP/s, forward and training, on this CPU.

    pip install torch
    python Evaluation/Twin/convolution_peer.py [--threads 2] [--channels-last]

GFLOP counts multiply-adds as two, convolutions only; a training step counts three forwards.
"""
import argparse
import json
import time

import torch

from layers import CausalResidualBlock


def best(call, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true", help="PyTorch's other memory format")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for channels, frames, height, width in ((64, 16, 36, 64), (128, 16, 18, 32)):
        gflop = 2 * 2 * 27 * channels * channels * frames * height * width / 1e9
        for dtype in (torch.float32, torch.bfloat16):
            block = CausalResidualBlock(channels, 8).to(dtype)
            x = torch.randn(1, channels, frames, height, width, dtype=dtype)
            if options.channels_last:
                block, x = block.to(memory_format=torch.channels_last_3d), x.to(memory_format=torch.channels_last_3d)
            with torch.no_grad():
                block(x)
                ahead = best(lambda: block(x), 6)
            step = best(lambda: block(x).float().square().mean().backward(), 5)
            print(json.dumps({"engine": "pytorch " + torch.__version__, "dtype": str(dtype)[6:], "layer": "causal block",
                              "channels": channels, "frames": frames, "height": height, "width": width,
                              "forward_ms": round(ahead * 1e3, 1), "forward_gflops": round(gflop / ahead, 1),
                              "train_ms": round(step * 1e3, 1), "train_gflops": round(3 * gflop / step, 1)}), flush=True)
