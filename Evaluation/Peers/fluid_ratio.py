"""Mondo's particle fluid and SPlisHSPlasH in turn, on the same two cases, in one run: the ratio of their speeds.

    python3 Evaluation/Peers/fluid_ratio.py [--rounds 3] [--threads 2] [--cases dam box]

Each measurement is a process of its own; the engines alternate, round after round, so that a busy machine slows both alike, and medians
are compared. Cases, particle size and density error are those of fluid_peer.py; simulated seconds per wall second is what counts.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(ROOT, ".build", "peers", "fluid")
BENCH = os.path.join(ROOT, ".build", "release", "mondo-bench")
KEYS = ("simulated_seconds_per_wall_second", "particle_steps_per_second")


def peer_python():
    """The interpreter of an environment with the peer in it, made on first use beside the build products."""
    python, ready = os.path.join(FOLDER, "bin", "python"), os.path.join(FOLDER, "ready")
    if not os.path.exists(ready):
        print(f"making {os.path.relpath(FOLDER, ROOT)}", file=sys.stderr)
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pysplishsplash==2.19.0"], check=True)
        open(ready, "w").close()
    return python


def line(command):
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cases", nargs="+", choices=["dam", "box"], default=["dam", "box"])
    args = parser.parse_args()
    peer = [os.environ.get("FLUID_PEER_PYTHON") or peer_python(), os.path.join(HERE, "fluid_peer.py"), "--repeat", "1"]
    for case in args.cases:
        choice = ["--cases", case, "--threads", str(args.threads)]
        rounds = [(line([BENCH, "fluid", "--repeat", "1", *choice]), line([*peer, *choice])) for _ in range(args.rounds)]
        result = {"case": case, "threads": args.threads, "rounds": args.rounds}
        for key in KEYS:
            mondo, other = (statistics.median(pair[k][key] for pair in rounds) for k in (0, 1))
            result[key] = {"mondo": mondo, "splishsplash": other,
                           "ratio": statistics.median(a[key] / b[key] for a, b in rounds)}
        result["bytes_per_particle"] = rounds[0][0]["bytes_per_particle"]
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
