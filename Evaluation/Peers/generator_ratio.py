"""Sampling with Mondo's transformer and with its PyTorch twin in turn, in one run: the ratio of their speeds.

    swift build -c release --product mondo-bench
    python Evaluation/Peers/generator_ratio.py [--rounds 5]      (a Python with torch)

Both answer one question about 16 frames of 256 x 144 in bfloat16, the same numbers of tokens, on all cores; eager PyTorch without
gradients. Each measurement is a process of its own; engines alternate, and medians of the best of ten are compared.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def twin():
    """The twin's seconds for a question, the best of ten."""
    sys.path.insert(0, str(ROOT / "Evaluation/Twin"))
    import torch
    from generator import JointTransformer

    times, rows, columns, heard, bodies, contacts, words = 4, 9, 16, 16, 6, 12, 24
    count = times * rows * columns
    network = JointTransformer().to(torch.bfloat16).eval()
    draw = lambda n, width: torch.randn(1, n, width, dtype=torch.bfloat16)
    nan = float("nan")
    positions = torch.tensor(
        [[k // (rows * columns), k // columns % rows, k % columns] for k in range(count)] + [[k / 4, nan, nan] for k in range(heard)]
        + [[2, k, 3] for k in range(bodies)] + [[k / 3, nan, nan] for k in range(contacts)] + [[nan] * 3] * words)
    asked = dict(
        video=draw(count, 512), places=draw(count, 14), sound=draw(heard, 128), t=0.5, rate=24, positions=positions, base=draw(count, 512),
        controls=draw(count, 704), known=draw(count, 516), bodies=draw(bodies, 96), contacts=draw(contacts, 42),
        words=torch.arange(1, words + 1), style=0)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(11):
            start = time.perf_counter()
            network(**asked)
            best = min(best, time.perf_counter() - start)
    return {"engine": "torch " + torch.__version__, "seconds": best}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--twin", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.twin:
        return print(json.dumps(twin()))
    commands = {
        "mondo": [str(ROOT / ".build/release/mondo-bench"), "generate", "--network", "--runs", "11"],
        "twin": [sys.executable, __file__, "--twin"],
    }
    seconds = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode:
                raise SystemExit(f"{name}: {run.stderr.strip()}")
            seconds[name].append(json.loads(run.stdout)["seconds"])
    median = {name: statistics.median(values) for name, values in seconds.items()}
    print(json.dumps({"seconds": median, "ratio": median["twin"] / median["mondo"]}))


if __name__ == "__main__":
    main()
