"""Trains the neural shader in PyTorch on the shards of `mondo dataset`, on as many processes, GPUs and machines as there are.

    pip install torch numpy safetensors
    torchrun --nproc-per-node 4 Evaluation/Twin/train_shader.py DATA… -o shader.safetensors --steps 20000
    mondo train shader DATA --measure shader.safetensors

Reads and writes the weights that Mondo does (`--from` begins with some). Each process has its own parts of pictures and their gradients
are averaged, so that a step sees `clips` × `frames` × processes of them.
"""
import argparse
import json
import math
import os
import struct

import numpy as np
import torch
import torch.distributed as distributed
from safetensors.torch import save_file, load_file
from torch.nn.parallel import DistributedDataParallel

import shards
from generator import NeuralShader
from layers import to_mondo

CONFIGURATION = {"controlChannels": 11, "down": [1, 2, 3], "styles": 3, "up": [1, 2], "widths": [48, 96, 128]}
# Of the shader for geometry, which is told the sky as well as the style.
GEOMETRY = CONFIGURATION | {"down": [1, 2, 2], "styles": 18, "widths": [48, 80, 96]}


def part(clip, random, side, dropout):
    """A random square part of a random frame, mirrored every other time: see Sources/VideoDiffusion/Shading/NeuralShaderTraining.swift."""
    seen, picture, moving = clip.frame(random.integers(len(clip)))
    row, column = (random.integers(max(1, n - side + 1)) for n in (clip.rows, clip.columns))
    spread = lambda x: np.pad(x, ((0, max(0, side - clip.rows)), (0, max(0, side - clip.columns)), (0, 0)), mode="edge")
    seen, picture, moving = (spread(x)[row:row + side, column:column + side] for x in (seen, picture, moving))
    if random.random() < dropout:
        seen = seen.copy()
        seen[..., 48:59] = 0
    if random.random() < 0.5:
        seen, picture, moving = (x[:, ::-1].copy() for x in (seen, picture, moving))
        for pixels in (seen, picture):
            pixels[..., :48] = pixels[..., :48].reshape(side, side, 4, 4, 3)[:, :, :, ::-1].reshape(side, side, 48)
        seen[..., shards.SIDEWAYS] *= -1
    return seen, picture, moving


def loss(blocks, target, moving, epsilon):
    """Charbonnier's penalty on pixels, more on what moves, and on the differences of neighbours; channels last."""
    penalty = lambda d: (d * d + epsilon ** 2).sqrt()
    difference = blocks - target
    weights = 1 + 4 * moving
    pixels = (penalty(difference) * weights).sum() / (48 * weights.sum())
    frames, rows, columns, _ = difference.shape
    picture = difference.reshape(frames, rows, columns, 4, 4, 3).permute(0, 1, 3, 2, 4, 5).reshape(frames, rows * 4, columns * 4, 3)
    across, down = picture[:, :, 1:] - picture[:, :, :-1], picture[:, 1:] - picture[:, :-1]
    return pixels + 0.1 * (penalty(across).mean() + penalty(down).mean())


def rate(step, steps, peak=1.5e-3):
    """A linear rise over 200 steps at most, then half a cosine."""
    warmup = max(1, min(200, steps // 10))
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak / 100 + 0.99 * peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def write(network, configuration, path, card):
    tensors = {name: to_mondo(name, value.detach().cpu().to(torch.bfloat16)) for name, value in network.state_dict().items()}
    header = {"format": "mondo-weights/1", "kind": "neural-shader", "configuration": json.dumps(configuration), **card}
    save_file(tensors, path + ".part", metadata=header)
    os.replace(path + ".part", path)


def read(network, configuration, path):
    """Weights as Mondo writes them; channels go back to where PyTorch has them."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))["__metadata__"]
    if header.get("kind") != "neural-shader" or json.loads(header["configuration"]) != configuration:
        raise SystemExit(f"{path}: these are no weights of this network")
    back = lambda x: x.movedim(-1, 1) if x.dim() > 2 else x
    network.load_state_dict({name: back(value).float() for name, value in load_file(path).items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--from", dest="begin")
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--clips", type=int, default=4)
    parser.add_argument("--frames", type=int, default=2)
    parser.add_argument("--side", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--geometry", action="store_true", help="draw over the bodies' flat colours, without the plain view")
    parser.add_argument("--sky-dropout", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    configuration = GEOMETRY if options.geometry else CONFIGURATION
    if options.geometry:
        options.dropout = 0

    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
    together = "RANK" in os.environ
    if together:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    rank, count = (distributed.get_rank(), distributed.get_world_size()) if together else (0, 1)

    # Every process keeps its share of the clips.
    members = (m for k, (key, m) in enumerate(s for s in shards.samples(options.data) if not shards.is_held_out(s[0])) if k % count == rank)
    clips = [shards.ShadedClip(m, options.geometry) for m in members]
    if not clips:
        raise SystemExit("there are fewer samples than processes")

    torch.manual_seed(options.seed)
    network = NeuralShader(*(configuration[key] for key in ("widths", "down", "up", "controlChannels", "styles"))).to(device)
    # A fresh network gives the plain view as it is.
    torch.nn.init.zeros_(network.exit.weight)
    torch.nn.init.zeros_(network.exit.bias)
    if options.begin:
        read(network, configuration, options.begin)
    learner = DistributedDataParallel(network, device_ids=[device.index] if device.type == "cuda" else None) if together else network
    decayed = [p for p in network.parameters() if p.dim() >= 2]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": [p for p in network.parameters() if p.dim() < 2], "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups)
    average = {name: value.detach().clone() for name, value in network.named_parameters()}

    first = last = None
    for step in range(options.steps):
        random = np.random.default_rng([options.seed, rank, step])
        chosen = [clips[random.integers(len(clips))] for _ in range(options.clips)]
        parts = [part(clip, random, options.side, options.dropout) for clip in chosen for _ in range(options.frames)]
        seen, picture, moving = (torch.from_numpy(np.stack(column)).to(device) for column in zip(*parts))
        # Now and then the sky isn't told.
        looks = [clip.style if random.random() < options.sky_dropout else clip.look for clip in chosen]
        styles = torch.tensor([look for look in looks for _ in range(options.frames)], device=device)
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps)
        optimizer.zero_grad()
        value = loss(learner(seen.movedim(-1, 1), styles).movedim(1, -1), picture, moving, 0.1 if options.geometry else 0.02)
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        # As long an average as there have been steps, at most about a thousand.
        decay = min(0.999, (1 + step) / (10 + step))
        for name, parameter in network.named_parameters():
            average[name].lerp_(parameter.detach(), 1 - decay)
        last = value.item()
        first = last if first is None else first
        if rank == 0 and (step + 1) % 100 == 0:
            print(f"step {step + 1}  loss {last:.4f}", flush=True)
    if together:
        # All have taken the same steps: the sum over the processes shows it.
        mine = torch.stack([p.detach().double().sum() for p in network.parameters()]).sum()
        sums = [torch.zeros_like(mine) for _ in range(count)]
        distributed.all_gather(sums, mine)
        if any(s != sums[0] for s in sums):
            raise SystemExit("the processes' networks have come apart")
    if rank == 0:
        network.load_state_dict(average)
        write(network, configuration, options.output, {"training": json.dumps(vars(options)), "steps": str(options.steps), "processes": str(count)})
        print(f"loss {first:.4f} to {last:.4f} in {options.steps} steps by {count} processes")
    if together:
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
