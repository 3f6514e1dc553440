"""Box lattices side by side: steps per second of Mondo, PyBullet and MuJoCo in one run, one thread each.

    python3 Evaluation/Peers/rigid_peer.py [--boxes 100 500] [--steps 240] [--rounds 3]

N boxes of 0.2 m, 1 kg, in a 10 x 10 x (N/100) lattice (0.25 m apart, 5 mm above each other) on a plane, nothing asleep, dt 1/240 s;
20 steps to settle into contact, then `steps` timed ones. The engines take turns, so that a busy machine slows all alike; medians count.
Beside the rate stands what the boxes ended as: the deepest overlap of two layers and the farthest drift sideways, in metres.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

import peer_environment

peer_environment.enter()
BENCH = os.path.join(peer_environment.ROOT, ".build", "release", "mondo-bench")


def places(count):
    return [((i % 10) * 0.25, ((i // 10) % 10) * 0.25, 0.1 + (i // 100) * 0.205) for i in range(count)]


def timed(step, steps):
    for _ in range(20):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return steps / (time.perf_counter() - start)


def faults(ends):
    """Deepest overlap and farthest drift of boxes that stand in the lattice's order."""
    overlap = drift = 0.0
    for i, ((x, y, z), (x0, y0, _)) in enumerate(zip(ends, places(len(ends)))):
        below = -0.1 if i < 100 else ends[i - 100][2]
        overlap = max(overlap, 0.2 - (z - below))
        drift = max(drift, ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5)
    return overlap, drift


def bullet(count, steps):
    import pybullet as p
    client = p.connect(p.DIRECT)
    p.setGravity(0, 0, -9.81)
    p.setTimeStep(1 / 240)
    p.createMultiBody(0, p.createCollisionShape(p.GEOM_PLANE))
    shape = p.createCollisionShape(p.GEOM_BOX, halfExtents=[0.1] * 3)
    boxes = [p.createMultiBody(1, shape, basePosition=at) for at in places(count)]
    rate = timed(p.stepSimulation, steps)
    ends = [p.getBasePositionAndOrientation(box)[0] for box in boxes]
    p.disconnect(client)
    return rate, *faults(ends)


def mujoco(count, steps):
    import mujoco as mj
    bodies = "".join(
        f'<body pos="{x} {y} {z}"><freejoint/><geom type="box" size=".1 .1 .1" mass="1"/></body>' for x, y, z in places(count))
    model = mj.MjModel.from_xml_string(
        '<mujoco><option timestep="0.00416666667"/><worldbody>'
        f'<geom type="plane" size="10 10 .1"/>{bodies}</worldbody></mujoco>')
    data = mj.MjData(model)
    rate = timed(lambda: mj.mj_step(model, data), steps)
    return rate, *faults([tuple(data.xpos[i + 1]) for i in range(count)])


def mondo(count, steps, *flags):
    output = subprocess.run(
        [BENCH, "rigid", "--boxes", str(count), "--steps", str(steps), *flags], check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    return [(line["steps_per_second"], line["penetration"], line["drift"]) for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boxes", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for count in options.boxes:
        runs = {}
        for _ in range(options.rounds):
            for name, result in zip(("mondo", "mondo simulate"), mondo(count, options.steps, "--scene")):
                runs.setdefault(name, []).append(result)
            runs.setdefault("pybullet", []).append(bullet(count, options.steps))
            runs.setdefault("mujoco", []).append(mujoco(count, options.steps))
        median = {name: statistics.median(r[0] for r in results) for name, results in runs.items()}
        for name, results in runs.items():
            print(json.dumps({
                "engine": name, "boxes": count, "steps_per_second": round(median[name], 1),
                "penetration": float(f"{results[-1][1]:.3g}"), "drift": float(f"{results[-1][2]:.3g}"),
                "mondo_over_it": round(median["mondo"] / median[name], 2)}), flush=True)


if __name__ == "__main__":
    main()
