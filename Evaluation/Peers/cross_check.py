"""Ten scenes in Mondo and in MuJoCo (elliptic cone, Runge-Kutta of the fourth order), paths of a point of a body compared.

    python3 Evaluation/Peers/cross_check.py [--markdown Evaluation/Reports/cross-check.md]

Each scene is one that both engines can be trusted with. The table gives the largest distance between the two paths of a body, beside
it how far MuJoCo is from itself at a quarter of its step, and whose error the distance is: where MuJoCo hardly differs from itself,
Mondo's, whose step is ten times longer. MuJoCo's contacts are springs, so scenes with contact differ by what its surfaces give way.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

import peer_environment

peer_environment.enter()
import mujoco as mj  # noqa: E402
import numpy as np  # noqa: E402

MONDO = os.path.join(peer_environment.ROOT, ".build", "release", "mondo")
RATE = 240
# The point whose path counts, from the centre of mass in the body's axes, m: off it, so that turning shows.
MARK = np.array([0.1, 0.07, 0.05])


def bob(name, x, z, y=0):
    return f"{name}: {{shape: {{sphere: {{radius: 5 cm}}}}, mass: 1, position: [{x}, {y}, {z}]}}"


def mj_bob(x, z, y=0, inner=""):
    return f'<geom type="sphere" size=".05" mass="1" pos="{x} {y} {z}"/>{inner}'


S, C = math.sin, math.cos
SLOPE = math.radians(20)
NORMAL = (-S(SLOPE), 0, C(SLOPE))

# name, duration, mondo bodies and joints, MJCF worldbody and extras, the body, bound in m, why the paths differ
SCENES = [
    ("tumbling-box", 3, """bodies:
  box: {shape: {box: {size: [0.4, 0.25, 0.1]}}, mass: 2, position: [0, 0, 20], velocity: [1, 2, 6], spin: [0.3, 8, 0.2]}
""", '<body pos="0 0 20"><freejoint/><geom type="box" size=".2 .125 .05" mass="2"/></body>', "",
     dict(qvel=[1, 2, 6, 0.3, 8, 0.2]), "box", 1e-9, "MuJoCo: its method of the fourth order in turning"),
    ("pendulum", 5, f"""bodies:
  {bob('bob', S(1.2), -C(1.2))}
joints: {{pivot: {{hinge: {{between: [bob, world], anchor: [0, 0, 0], axis: [0, 1, 0]}}}}}}
""", f'<body><joint type="hinge" axis="0 1 0"/>{mj_bob(S(1.2), -C(1.2))}</body>', "", {}, "bob", 1e-7, "Mondo's method of the fourth order at 1/240 s"),
    ("double-pendulum", 4, f"""bodies:
  {bob('upper', S(1.2), -C(1.2))}
  {bob('lower', S(1.2) + S(0.4), -C(1.2) - C(0.4))}
joints:
  shoulder: {{hinge: {{between: [upper, world], anchor: [0, 0, 0], axis: [0, 1, 0]}}}}
  elbow: {{hinge: {{between: [lower, upper], anchor: [{S(1.2)}, 0, {-C(1.2)}], axis: [0, 1, 0]}}}}
""", f'<body><joint type="hinge" axis="0 1 0"/>{mj_bob(S(1.2), -C(1.2))}'
     f'<body pos="{S(1.2)} 0 {-C(1.2)}"><joint type="hinge" axis="0 1 0"/>{mj_bob(S(0.4), -C(0.4))}</body></body>', "", {},
     "lower", 1e-6, "Mondo's method of the fourth order at 1/240 s"),
    ("spherical-pendulum", 5, f"""bodies:
  bob: {{shape: {{sphere: {{radius: 5 cm}}}}, mass: 1, position: [{S(0.8)}, 0, {-C(0.8)}], velocity: [0, 1.3, 0], spin: [{-1.3 * C(0.8) * -1}, 0, {1.3 * S(0.8)}]}}
joints: {{pivot: {{ball: {{between: [bob, world], anchor: [0, 0, 0]}}}}}}
""", f'<body><joint type="ball"/>{mj_bob(S(0.8), -C(0.8))}</body>', "", dict(qvel=[1.3 * C(0.8), 0, 1.3 * S(0.8)]), "bob", 1e-7,
     "Mondo's method of the fourth order at 1/240 s"),
    ("spring-slider", 5, """bodies:
  bob: {shape: {sphere: {radius: 5 cm}}, mass: 1, position: [0, 0, 0]}
joints: {rail: {slider: {between: [bob, world], axis: [0, 0, 1], stiffness: 60, damping: 0.4}}}
""", f'<body><joint type="slide" axis="0 0 1" stiffness="60" damping="0.4"/>{mj_bob(0, 0)}</body>', "", {}, "bob", 1e-6,
     "Mondo's method of the fourth order at 1/240 s"),
    ("damped-door", 4, """bodies:
  door: {shape: {box: {size: [0.8, 0.04, 2]}}, mass: 20, position: [0.4, 0, 1], velocity: [0, 1.2, 0], spin: [0, 0, 3]}
joints: {hinge: {hinge: {between: [door, world], anchor: [0, 0, 0], axis: [0, 0, 1], damping: 2}}}
""", '<body><joint type="hinge" axis="0 0 1" damping="2"/><geom type="box" size=".4 .02 1" pos=".4 0 1" mass="20"/></body>', "",
     dict(qvel=[3]), "door", 1e-8, "Mondo's method of the fourth order at 1/240 s"),
    ("bar-chain", 2, """bodies:
""" + "".join(f"  bar-{k}: {{shape: {{box: {{size: [0.3, 0.04, 0.02]}}}}, mass: 0.5, position: [{0.15 + 0.3 * k}, 0, 0]}}\n" for k in range(4))
     + "joints:\n" + "".join(
         f"  j-{k}: {{hinge: {{between: [bar-{k}, {'world' if k == 0 else f'bar-{k - 1}'}], anchor: [{0.3 * k}, 0, 0], axis: [0, 1, 0]}}}}\n"
         for k in range(4)),
     "".join(f'<body pos="{0 if k == 0 else 0.3} 0 0"><joint type="hinge" axis="0 1 0"/><geom type="box" size=".15 .02 .01" pos=".15 0 0" mass=".5"/>'
             for k in range(4)) + "</body>" * 4, "", {}, "bar-3", 1e-3, "Mondo's method at 1/240 s: the whip of the last bar enlarges its error"),
    ("sliding-box", 2, """materials: {rough: {restitution: 0, friction: 0.3, rolling_friction: 0, spinning_friction: 0}}
bodies:
  floor: {shape: {plane: {}}, motion: fixed, material: rough}
  box: {shape: {box: {size: [0.3, 0.3, 0.1]}}, mass: 1, material: rough, position: [0, 0, 0.05], velocity: [2, 1.5, 0]}
""", '<geom type="plane" size="20 20 1" friction=".3 0 0"/><body pos="0 0 .05"><freejoint/><geom type="box" size=".15 .15 .05" mass="1" friction=".3 0 0"/></body>',
     "", dict(qvel=[2, 1.5, 0, 0, 0, 0]), "box", 5e-3,
     "MuJoCo: its soft contact, which no step resolves. The box stops after v²/2µg = 1.061842 m in theory, 1.061844 m in Mondo"),
    ("rolling-ball", 2, f"""materials: {{grippy: {{restitution: 0, friction: 0.5, rolling_friction: 0, spinning_friction: 0}}}}
bodies:
  slope: {{shape: {{plane: {{normal: [{NORMAL[0]}, 0, {NORMAL[2]}]}}}}, motion: fixed, material: grippy}}
  ball: {{shape: {{sphere: {{radius: 10 cm}}}}, mass: 2, material: grippy, position: [{NORMAL[0] * 0.1}, 0, {NORMAL[2] * 0.1}]}}
""", f'<geom type="plane" size="40 40 1" euler="0 {-math.degrees(SLOPE)} 0" friction=".5 0 0"/><body pos="{NORMAL[0] * .1} 0 {NORMAL[2] * .1}"><freejoint/>'
     '<geom type="sphere" size=".1" mass="2" friction=".5 0 0"/></body>', "", {}, "ball", 1e-4,
     "MuJoCo: its ball slips while the soft contact builds up. Mondo ends where 5/14 g sin θ t² says, to 1e-12 m"),
    ("pushed-box", 2, """gravity: [0, 0, 0]
bodies:
  box: {shape: {box: {size: [0.3, 0.2, 0.1]}}, mass: 1.5, position: [0, 0, 0], spin: [0.5, 0, 2]}
events: [{at: 0 s, force: {body: box, vector: [1, 0.5, 0.2], for: 2 s}}]
""", '<body><freejoint/><geom type="box" size=".15 .1 .05" mass="1.5"/></body>', "", dict(qvel=[0, 0, 0, 0.5, 0, 2], force=[1, 0.5, 0.2], gravity="0 0 0"),
     "box", 1e-9, "Mondo: it turns in steps of 0.03 rad"),
]


def marks(centres, quaternions):
    """Places of `MARK` for centres (…, 3) and orientations (…, 4), w first."""
    w, v = quaternions[..., :1], quaternions[..., 1:]
    turned = 2 * np.cross(v, MARK)
    return centres + MARK + w * turned + np.cross(v, turned)


def run_mondo(name, duration, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scene.yaml")
        with open(path, "w") as file:
            file.write(f"mondo: 1\nname: {name}\nduration: {duration} s\n{text}")
        document = subprocess.run([MONDO, "simulate", path, "--json", "--quiet"], capture_output=True, text=True)
        if document.returncode != 0:
            sys.exit(f"{name}: {document.stderr}")
    return {body["name"]: marks(np.array(body["positions"]), np.array(body["orientations"]))
            for body in json.loads(document.stdout)["bodies"]}


def run_mujoco(duration, world, extra, start, steps=2400):
    """Places of all moving bodies, sampled as Mondo's are; `steps` a second."""
    model = mj.MjModel.from_xml_string(
        f'<mujoco><compiler angle="degree"/><option timestep="{1 / steps}" integrator="RK4" cone="elliptic" impratio="10" '
        f'gravity="{start.get("gravity", "0 0 -9.81")}"/><default><geom contype="1" conaffinity="1" solref=".002 1" solimp=".99 .999 .0001"/></default>'
        f'<worldbody>{world}</worldbody>{extra}</mujoco>')
    if "plane" not in world:
        model.geom_contype[:] = 0
    data = mj.MjData(model)
    if "qvel" in start:
        data.qvel[:] = start["qvel"]
    positions = []
    mj.mj_forward(model, data)
    for k in range(duration * RATE + 1):
        positions.append(marks(data.xipos[1:], data.xquat[1:]))
        for _ in range(steps // RATE):
            if "force" in start:
                data.xfrc_applied[1, :3] = start["force"]
            mj.mj_step(model, data)
    return np.array(positions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown")
    options = parser.parse_args()
    lines = [
        "# Mondo against MuJoCo", "",
        "Made by `python3 Evaluation/Peers/cross_check.py --markdown Evaluation/Reports/cross-check.md`; do not edit. MuJoCo "
        f"{mj.__version__} with the elliptic cone and Runge-Kutta at 1/2400 s, Mondo at 1/240 s; a distance is the largest between",
        f"the paths of a point {np.linalg.norm(MARK):.2f} m off a body's centre of mass, and beside it stands how far MuJoCo's path is from its own at 1/9600 s.", "",
        "| scene | time (s) | path (m) | largest distance (m) | MuJoCo from itself (m) | bound (m) | holds | whose error |",
        "|---|---|---|---|---|---|---|---|"]
    failed = 0
    for name, duration, text, world, extra, start, body, bound, why in SCENES:
        ours = run_mondo(name, duration, text)
        theirs = run_mujoco(duration, world, extra, start)
        finer = run_mujoco(duration, world, extra, start, 9600)
        moving = [key for key in ours if key not in ("floor", "slope")]
        path = ours[body]
        other = theirs[:, moving.index(body)]
        distance = np.linalg.norm(path - other, axis=1).max()
        own = np.linalg.norm(other - finer[:, moving.index(body)], axis=1).max()
        length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
        failed += distance > bound
        lines.append(
            f"| {name} | {duration} | {length:.3g} | {distance:.0e} | {own:.0e} | {bound:g} | {'yes' if distance <= bound else '**no**'} | {why} |")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.markdown:
        with open(options.markdown, "w") as file:
            file.write(text)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
