"""Mondo's tensor engine and PyTorch in turn, on the same networks, in one run: the ratio of their speeds and of their memory.

    make compare-tensors             (its own virtual environment, then this)
    python Evaluation/Peers/tensor_ratio.py [--rounds 3] [--sizes 256x12x576,384x12x1024] [--dtypes bfloat16] [--parts stack,blocks]

Each measurement is a process of its own; engines alternate, round after round, and medians are compared. Sizes are width x depth x
tokens of the DiT block stack (batch 1); the blocks are the causal 3-D convolution blocks of a video autoencoder, and PyTorch has the
better of its two memory formats. Speeds are GFLOP/s as `mondo-bench tensors` counts them; memory is the peak of resident memory in a
training step, less what the process held before it made the network. The share is of the machine's bare matrix product, as
`mondo-bench` measures it.
"""
import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCKS = ((64, 16, 36, 64), (128, 16, 18, 32))


# -- PyTorch's side, in a process of its own ------------------------------------------------------------------------------------

def resident(field):
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / 1e6


def best(call, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(make, inputs, gflop):
    import torch

    before = resident("VmRSS")
    module = make()
    with torch.no_grad():
        module(*inputs)
        ahead = best(lambda: module(*inputs), 6)
    pathlib.Path("/proc/self/clear_refs").write_text("5")

    def step():
        module.zero_grad(set_to_none=True)
        module(*inputs).float().square().mean().backward()

    training = best(step, 5)
    return {"forward_gflops": gflop / ahead, "train_gflops": 3 * gflop / training, "train_resident_mb": resident("VmHWM") - before}


def measure_stack(width, depth, tokens, dtype):
    import torch
    from layers import AdaptiveTransformerBlock

    class Stack(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.blocks = torch.nn.ModuleList([AdaptiveTransformerBlock(width, max(1, width // 64)) for _ in range(depth)])

        def forward(self, x, condition):
            for block in self.blocks:
                x = block(x, condition)
            return x

    gflop = depth * (2 * 12 * width * width * tokens + 4 * tokens * tokens * width) / 1e9
    inputs = torch.randn(1, tokens, width, dtype=dtype), torch.randn(1, width, dtype=dtype)
    return measure(lambda: Stack().to(dtype), inputs, gflop)


def measure_block(channels, frames, height, width, dtype, memory_format):
    import torch
    from layers import CausalResidualBlock

    gflop = 2 * 2 * 27 * channels * channels * frames * height * width / 1e9
    x = torch.randn(1, channels, frames, height, width, dtype=dtype).to(memory_format=memory_format)
    return measure(lambda: CausalResidualBlock(channels, 8).to(dtype).to(memory_format=memory_format), (x,), gflop)


def pytorch(options):
    import torch

    sys.path.insert(0, str(ROOT / "Evaluation/Twin"))
    torch.set_num_threads(options.threads)
    dtype = getattr(torch, options.dtype)
    if options.worker == "stack":
        results = [measure_stack(*options.size, dtype)]
    else:
        formats = torch.contiguous_format, torch.channels_last_3d
        results = [measure_block(*options.size, dtype, memory_format) for memory_format in formats]
    # The better format for each quantity, and of the two memories the smaller.
    chosen = {key: (min if key.endswith("mb") else max)(result[key] for result in results) for key in results[0]}
    print(json.dumps(chosen | {"engine": "pytorch " + torch.__version__}))


# -- both in turn ---------------------------------------------------------------------------------------------------------------

def lines(command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def median(results, key):
    return statistics.median(result[key] for result in results)


def compare(options):
    bench = [str(options.bench), "tensors", "--json", "--threads", str(options.threads)]
    cases = []
    for dtype in options.dtypes.split(","):
        if "stack" in options.parts:
            cases += [(dtype, "stack", tuple(map(int, size.split("x")))) for size in options.sizes.split(",")]
        if "blocks" in options.parts:
            cases += [(dtype, "blocks", size) for size in BLOCKS]
    bare, ratios = {}, {}
    print(f"{'':10}{'':28}{'forward GFLOP/s':>25}{'':8}{'training GFLOP/s':>25}{'':8}{'peak MB':>17}{'':8}{'of bare':>9}")
    print(f"{'':38}" + f"{'mondo':>12}{'pytorch':>13}{'ratio':>8}" * 2 + f"{'mondo':>8}{'pytorch':>9}{'ratio':>8}{'product':>9}")
    for dtype, part, size in cases:
        if dtype not in bare:
            machine = lines(bench + ["--dtype", dtype, "--only", "machine"])
            bare[dtype] = max(line["forward_gflops"] for line in machine if line.get("layer", "").startswith("matmul"))
        mondo, peer = [], []
        for _ in range(options.rounds):
            command = bench + ["--dtype", dtype, "--only", part]
            if part == "stack":
                command += [f"--{name}={value}" for name, value in zip(("width", "depth", "tokens"), size)]
            mondo.append(next(line for line in lines(command) if part == "stack" or line["channels"] == size[0]))
            peer += lines([sys.executable, __file__, "--worker", part, "--dtype", dtype, "--threads", str(options.threads),
                           "--size", *map(str, size)])
        row = f"{dtype:10}{(part + ' ' + 'x'.join(map(str, size))):28}"
        for key, width in (("forward_gflops", 12), ("train_gflops", 12), ("train_resident_mb", 8)):
            ours, theirs = median(mondo, key), median(peer, key)
            ratios.setdefault((dtype, part, key), []).append(ours / theirs)
            row += f"{ours:{width}.0f}{theirs:{width + 1}.0f}{ours / theirs:8.2f}"
        share = median(mondo, "forward_gflops") / bare[dtype]
        ratios.setdefault((dtype, part, "share"), []).append(share)
        print(row + f"{share:9.0%}", flush=True)
    print()
    for (dtype, part, key), values in ratios.items():
        mean = math.exp(sum(map(math.log, values)) / len(values))
        print(f"{dtype:10}{part:8}{key:20} geometric mean {mean:.2f}")
    print("bare product, GFLOP/s: " + ", ".join(f"{dtype} {value:.0f}" for dtype, value in bare.items()) + "; " + peer[-1]["engine"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / ".build/release/mondo-bench")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="256x12x576,384x12x1024,384x12x2304", help="width x depth x tokens, comma-separated")
    parser.add_argument("--dtypes", default="float32,bfloat16")
    parser.add_argument("--parts", default="stack,blocks")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--dtype", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    pytorch(given) if given.worker else compare(given)
