"""A Python environment with the peers in it, made on first use beside the build products; nothing else is touched."""
import os
import subprocess
import sys
import venv

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, ".build", "peers", "rigid")
PACKAGES = ["numpy", "pybullet==3.2.7", "mujoco==4.0.0"]


def enter():
    """Goes on in the environment: makes it if need be, then starts this script again with its interpreter."""
    if os.path.realpath(sys.prefix) == os.path.realpath(FOLDER):
        return
    python = os.path.join(FOLDER, "bin", "python")
    ready = os.path.join(FOLDER, "ready")
    if not os.path.exists(ready):
        print(f"making {os.path.relpath(FOLDER, ROOT)} with {', '.join(PACKAGES)}", file=sys.stderr)
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        open(ready, "w").close()
    os.execv(python, [python, *sys.argv])
