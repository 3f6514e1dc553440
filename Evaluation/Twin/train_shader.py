"""Trains the neural shader in PyTorch on the shards of `mondo dataset`, on as many processes, GPUs and machines as there are.

    pip install torch numpy safetensors
    torchrun --nproc-per-node 4 Evaluation/Twin/train_shader.py DATA… -o shader.safetensors --steps 20000
    mondo train shader DATA --measure shader.safetensors

Reads and writes the weights that Mondo does (`--from` begins with some). Each process has its own parts of pictures and their gradients
are averaged, so that a step sees `clips` × `frames` × processes of them.
"""
import argparse
import json

import numpy as np
import torch

import shards
from generator import NeuralShader
from training import Average, Processes, adam, rate, read_weights, write_weights

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

    processes = Processes()
    device = processes.device

    # Every process keeps its share of the clips.
    members = (m for k, (key, m) in enumerate(s for s in shards.samples(options.data) if not shards.is_held_out(s[0])) if k % processes.count == processes.rank)
    clips = [shards.ShadedClip(m, options.geometry) for m in members]
    if not clips:
        raise SystemExit("there are fewer samples than processes")

    torch.manual_seed(options.seed)
    network = NeuralShader(*(configuration[key] for key in ("widths", "down", "up", "controlChannels", "styles"))).to(device)
    # A fresh network gives the plain view as it is.
    torch.nn.init.zeros_(network.exit.weight)
    torch.nn.init.zeros_(network.exit.bias)
    if options.begin:
        stored, tensors = read_weights(options.begin, "neural-shader")
        if stored != configuration:
            raise SystemExit(f"{options.begin}: these are no weights of this network")
        network.load_state_dict(tensors)
    learner, optimizer, average = processes.learner(network), adam(network), Average(network)

    first = last = None
    for step in range(options.steps):
        random = np.random.default_rng([options.seed, processes.rank, step])
        chosen = [clips[random.integers(len(clips))] for _ in range(options.clips)]
        parts = [part(clip, random, options.side, options.dropout) for clip in chosen for _ in range(options.frames)]
        seen, picture, moving = (torch.from_numpy(np.stack(column)).to(device) for column in zip(*parts))
        # Now and then the sky isn't told.
        looks = [clip.style if random.random() < options.sky_dropout else clip.look for clip in chosen]
        styles = torch.tensor([look for look in looks for _ in range(options.frames)], device=device)
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps, 1.5e-3, 1.5e-5)
        optimizer.zero_grad()
        value = loss(learner(seen.movedim(-1, 1), styles).movedim(1, -1), picture, moving, 0.1 if options.geometry else 0.02)
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
        optimizer.step()
        average.update(network)
        last = value.item()
        first = last if first is None else first
        if processes.rank == 0 and (step + 1) % 100 == 0:
            print(f"step {step + 1}  loss {last:.4f}", flush=True)
    processes.require_same(network)
    if processes.rank == 0:
        card = {"training": json.dumps(vars(options)), "steps": str(options.steps), "processes": str(processes.count)}
        write_weights(options.output, "neural-shader", configuration, average.values, {}, card)
        print(f"loss {first:.4f} to {last:.4f} in {options.steps} steps by {processes.count} processes")
    processes.close()


if __name__ == "__main__":
    main()
