"""Samples of `mondo dataset` as the shader learns from them: the same shards, the same samples held out, the same numbers.

Pictures are decoded by the program `ffmpeg`.
"""
import json
import pathlib
import subprocess
import tarfile
import tempfile

import numpy as np
from safetensors.numpy import load

BLOCK, TOKEN_FRAMES, CELLS = 4, 4, 4
STYLES = ["realistic", "cinematic", "anime"]
SKIES = ["studio", "day", "overcast", "sunset", "night"]
# As in Sources/VideoDiffusion/Data/ControlTensor.swift: what makes each channel about 1, and the bound of the scaled values.
CONTROL_SCALES = np.array([1, 1, 1, 1, 1, 1, 1, 1, 0.125, 0.125, 0.125], np.float32)
CONTROL_BOUND = 8
# Of an input's numbers, those that a mirror turns into their opposites: the normal's x, the flow's x, the place across.
SIDEWAYS = [48 + 1, 48 + 8, 48 + 11]
MASK = (1 << 64) - 1


def first_number(name):
    """The first number of Mondo's random stream of that name and seed 0 (xoshiro256++ seeded by SplitMix64 over FNV-1a)."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK

    def mixed():
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    state = mixed()
    a, _, _, d = (mixed() for _ in range(4))
    total = (a + d) & MASK
    return (((total << 23) | (total >> 41)) + a) & MASK


def is_held_out(key):
    return first_number("held out." + key) % 16 == 0


def paths(names):
    """The shards of folders and files, in order."""
    found = []
    for name in map(pathlib.Path, names):
        found += sorted(name.glob("*.tar")) if name.is_dir() else [name]
    return found


def samples(names):
    """Each sample's key and members, shard by shard."""
    for path in paths(names):
        key, members = None, {}
        with tarfile.open(path) as shard:
            for entry in shard:
                stem, ending = pathlib.PurePath(entry.name).name.split(".", 1)
                if stem != key:
                    if key is not None:
                        yield key, members
                    key, members = stem, {}
                members[ending] = shard.extractfile(entry).read()
        if key is not None:
            yield key, members


def decoded(clip, width, height):
    """Frames [frames, height, width, 3] of an mp4's bytes."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip)
        file.flush()
        command = ["ffmpeg", "-v", "error", "-i", file.name, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def blocks(pictures, rows, columns):
    """Pictures [frames, height, width, 3] as blocks of 4 × 4 pixels in −1 … 1 [frames, rows, columns, 48]; the edge goes on."""
    frames, height, width, _ = pictures.shape
    wide = np.pad(pictures, ((0, 0), (0, rows * BLOCK - height), (0, columns * BLOCK - width), (0, 0)), mode="edge")
    cut = wide.reshape(frames, rows, BLOCK, columns, BLOCK, 3).transpose(0, 1, 3, 2, 4, 5)
    return cut.reshape(frames, rows, columns, 48).astype(np.float32) / 127.5 - 1


def in_rows(cells):
    """[time, rows, columns, 4, 4, 4, …] of tokens as [frames, 4·rows, 4·columns, …]."""
    time, down, across = cells.shape[:3]
    planes = cells.transpose(0, 3, 1, 4, 2, 5, *range(6, cells.ndim))
    return planes.reshape(time * TOKEN_FRAMES, down * CELLS, across * CELLS, *cells.shape[6:])


def flat_view(tensors, frames, width, height):
    """Each cell in the base colour of the body that its middle shows, middle grey without one: `FlatView` in Swift."""
    light = np.clip(tensors["bodies.properties"][:, 13:16], 0, 1)
    codes = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** np.float32(1 / 2.4) - np.float32(0.055))
    colors = np.concatenate([[[128] * 3], np.floor(255 * codes + 0.5)]).astype(np.uint8)
    parts = in_rows(tensors["parts"])[:frames].astype(int)
    cells = colors[np.where(parts < len(colors), parts, 0)]
    return cells.repeat(BLOCK, 1).repeat(BLOCK, 2)[:, :height, :width]


class ShadedClip:
    """What the shader sees of each frame, and what it should give; `flat` has no plain view, but is told the sky."""

    def __init__(self, members, flat=False):
        story = json.loads(members["json"])
        self.style, self.width, self.height = STYLES.index(story["style"]), story["width"], story["height"]
        # The number of the look, as in Sources/VideoDiffusion/Shading/ShaderLook.swift.
        self.look = self.style + (len(STYLES) * (SKIES.index(story["sky"]) + 1) if flat else 0)
        self.picture = decoded(members["mp4"], self.width, self.height)
        tensors = load(members["safetensors"])
        if flat:
            self.plain = flat_view(tensors, len(self.picture), self.width, self.height)
        else:
            self.plain = decoded(members["preview.mp4"], self.width, self.height)
        controls = tensors["controls"].astype(np.float32)
        controls = np.clip(controls * CONTROL_SCALES, -CONTROL_BOUND, CONTROL_BOUND)
        self.controls = in_rows(controls)[:len(self.picture)]
        self.rows, self.columns = self.controls.shape[1:3]
        # The share of each cell that moves is the fifth channel.
        self.moving = np.clip(self.controls[..., 4:5], 0, 1)

    def __len__(self):
        return len(self.picture)

    def frame(self, k):
        """What is seen [rows, columns, 61], what should be [rows, columns, 48], where things move [rows, columns, 1]."""
        y, x = np.meshgrid(np.arange(self.rows), np.arange(self.columns), indexing="ij")
        place = np.stack([(x + 0.5) * 2 * BLOCK / self.width - 1, (y + 0.5) * 2 * BLOCK / self.height - 1], -1)
        plain, picture = (blocks(clip[k:k + 1], self.rows, self.columns)[0] for clip in (self.plain, self.picture))
        return np.concatenate([plain, self.controls[k], place.astype(np.float32)], -1), picture, self.moving[k]
