"""Latents as `mondo train latents` writes them: see Sources/VideoDiffusion/Latents.

A folder's `latents.json` tells of all clips, so that none is opened before it is needed; of a clip's file only the stretch that is asked
for is read, cut as `WorldConditions.window` and TrajectoryFeatures.swift cut it.
"""
import json
import pathlib

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

FORMAT = "mondo-latents/1"
# Frames of a video token, video tokens that a body's row tells of, and how a second is measured by positions and by sound.
FRAMES, BODY_TIMES, UNITS, SOUND_TOKENS = 4, 4, 6.0, 24.0
MOST_CONTACTS, CONTACT_MEMORY = 24, 0.3
# How questions are drawn: `FlowQuestions.Settings` in Swift.
RULES = {"times", "dropout", "baseDropout", "wordsAlone", "begunWords", "keyframes", "scattered", "noiseWithBase", "noise", "movingWeight"}


class LatentSet:
    """The clips of one or more folders, by number; only their names and sizes are in memory."""

    def __init__(self, folders):
        self.files, sizes, held, measured, shares, self.about = [], [], [], [], [], None
        for folder in map(pathlib.Path, folders):
            try:
                about = json.loads((folder / "latents.json").read_text())
            except (OSError, ValueError):
                raise SystemExit(f"{folder}: there are no latents here; make some with 'mondo train latents'")
            if about.get("format") != FORMAT:
                raise SystemExit(f"{folder}: its latents are of another format than {FORMAT}")
            if not about["complete"]:
                raise SystemExit(f"{folder}: its latents aren't all there; the 'mondo train latents' that began them goes on")
            missing = RULES - about["objective"]["questions"].keys()
            if missing:
                raise SystemExit(f"{folder}: its latents lack the rule '{min(missing)}': the same 'mondo train latents' brings them up to date")
            if self.about and about["networks"] != self.about["networks"]:
                raise SystemExit(f"{folder}: its latents are of other networks than those of {folders[0]}")
            self.about = self.about or about
            self.files += [f"{folder}/{clip['file']}" for clip in about["clips"]]
            sizes += [(clip["times"], clip["rows"], clip["columns"]) for clip in about["clips"]]
            held += [clip["held_out"] for clip in about["clips"]]
            measured.append(load_file(folder / "measured.safetensors"))
            # On so many clips, at most.
            shares.append(min(64, sum(not clip["held_out"] for clip in about["clips"])))
        # [clips, 3]: video tokens along time, down and across.
        self.sizes = np.array(sizes, np.int32).reshape(-1, 3)
        self.learned, self.held_out = np.flatnonzero(~np.array(held, bool)), np.flatnonzero(np.array(held, bool))
        if not len(self.learned):
            raise SystemExit("the latents have no clip to learn from")
        # Deviations are root mean squares; what is the same everywhere stays so.
        shares = torch.tensor(shares)[:, None] / sum(shares)
        self.measured = {
            name: (shares * torch.stack([m[name] for m in measured]).square()).sum(0).sqrt() for name in measured[0]}
        self.configuration, self.rules = self.about["configuration"], self.about["objective"]["questions"]

    def tokens(self, clip):
        """Video tokens of a stretch of the clip."""
        times, rows, columns = self.sizes[clip]
        return int(min(self.rules["times"], times) * rows * columns)


class UnreadableClip(Exception):
    """A file is gone or damaged."""


class Clip:
    """One clip's file."""

    def __init__(self, path, size):
        self.path, (self.times, self.rows, self.columns) = path, (int(n) for n in size)
        try:
            self.file = safe_open(path, framework="pt")
            header = self.file.metadata()
            self.rate, self.frames = float(header["frames_per_second"]), int(header["frames"])
            self.names = set(self.file.keys())
        except (OSError, SafetensorError, TypeError, KeyError, ValueError):
            raise UnreadableClip(f"{path}: the clip can't be read; make the latents again")
        self.area = self.rows * self.columns

    def array(self, name):
        return self.file.get_tensor(name).numpy()

    def stretch(self, name, times):
        """[video tokens, width] of a stretch; None where the clip has none."""
        return self.file.get_slice(name)[times.start:times.stop].flatten(0, 1) if name in self.names else None

    def sound(self, name, times):
        """[sound tokens, width] of a stretch of video tokens, tokens cut by its ends included."""
        heard = self.sound_range(times)
        return self.file.get_slice(name)[heard.start:heard.stop] if name in self.names else None

    def sound_range(self, times):
        of = lambda frames, way: int(way(frames / self.rate * SOUND_TOKENS))
        count = of(self.frames, lambda x: np.ceil(x - 1e-6))
        start, stop = of(times.start * FRAMES, lambda x: np.floor(x + 1e-6)), of(times.stop * FRAMES, lambda x: np.ceil(x - 1e-6))
        return range(min(start, count - 1), min(stop, count))

    def picture(self, frame):
        """One frame's latents [rows·columns, 4·latent width], float32."""
        token = self.file.get_slice("video")[frame // FRAMES].float()
        return token.chunk(FRAMES, -1)[frame % FRAMES]

    # Where things are: time in sixths of a second, rows and columns in video tokens; NaN for nowhere.

    def video_positions(self, times):
        seconds = FRAMES / self.rate
        time = (np.repeat(np.arange(times.start, times.stop), self.area) + 0.5) * seconds * UNITS
        place = np.tile(np.arange(self.area), len(times))
        return np.stack([time, place // self.columns + 0.5, place % self.columns + 0.5], 1)

    def sound_positions(self, times):
        time = (np.array(self.sound_range(times)) + 0.5) / SOUND_TOKENS * UNITS
        return np.stack([time, np.full_like(time, np.nan), np.full_like(time, np.nan)], 1)

    def places(self, times):
        """Where in its picture each token is: `PicturePlace` in Swift."""
        def along(count):
            place = (2 * np.arange(count) + 1) / count - 1
            waves = [f(k * np.pi / 2 * place) for k in (1, 2, 4) for f in (np.sin, np.cos)]
            return np.stack([place, *waves], 1)

        down, across = np.repeat(along(self.rows), self.columns, 0), np.tile(along(self.columns), (self.rows, 1))
        return np.tile(np.concatenate([down, across], 1), (len(times), 1)).astype(np.float32)

    def bodies(self, times):
        """Rows [bodies, 96] and positions; a shorter stretch repeats its last token."""
        if "bodies.properties" not in self.names:
            return None
        told = [min(times.start + k, times.stop - 1) for k in range(BODY_TIMES)]
        moments, places, properties = (self.array(f"bodies.{name}") for name in ("moments", "places", "properties"))
        rows = np.concatenate([*moments[told], properties], 1)
        across, down = (places[told].astype(np.float64) * 10 / BODY_TIMES).sum(0).T
        middle = (times.start + times.stop) / 2 * FRAMES / self.rate
        return rows, np.stack([np.full_like(down, middle * UNITS), down, across], 1)

    def contacts(self, times):
        """Rows [contacts, 42] and positions of what a stretch hears; None where it hears nothing."""
        if "contacts.rows" not in self.names:
            return None
        seconds = self.array("contacts.times").astype(np.float64)
        start, end = times.start * FRAMES / self.rate, times.stop * FRAMES / self.rate
        near = np.flatnonzero((seconds >= start - CONTACT_MEMORY) & (seconds < end))
        strongest = near[np.argsort(-self.array("contacts.impulses")[near], kind="stable")][:MOST_CONTACTS]
        told = strongest[np.argsort(seconds[strongest], kind="stable")]
        if not len(told):
            return None
        rows = self.array("contacts.rows")[told].copy()
        rows[:, 0] = seconds[told] - start
        return rows, np.concatenate([seconds[told, None] * UNITS, self.array("contacts.places")[told]], 1)

    def words(self, caption, vocabulary, most):
        """A caption's words by number; None where there is no caption, or an empty one."""
        lengths = self.array("captions.lengths")
        if not len(lengths):
            return None
        caption %= len(lengths)
        start = int(lengths[:caption].sum())
        hashes = self.array("captions.words")[start:start + int(lengths[caption])].view(np.uint64)
        return (hashes % np.uint64(vocabulary)).astype(np.int64)[:most] if len(hashes) else None

    def captions(self):
        return len(self.file.get_slice("captions.lengths")[:])

    def style(self, times):
        styles = self.array("styles")
        return int(styles[min(times.stop * FRAMES, self.frames) - 1]) if len(styles) else None


def known_frames(pictures, frames):
    """Pictures that are given beforehand, {frame: latents [area, 4·width]}, one that lies behind the stretch perhaps. What the network
    sees of them, with which frames of each token they are [tokens, 16·width + 4]; and what it adds to where nothing better is known
    [tokens, 16·width], which passes evenly from one to the next: `KnownFrames` in Swift."""
    given = sorted(pictures)

    def standing(frame):
        after = next((g for g in given if g >= frame), given[-1])
        before = next((g for g in reversed(given) if g <= frame), after)
        if before >= after:
            return pictures[after]
        share = (frame - before) / (after - before)
        return pictures[before] * (1 - share) + pictures[after] * share

    still = [standing(frame) for frame in range(frames)]
    seen = [picture if frame <= given[-1] else torch.zeros_like(picture) for frame, picture in enumerate(still)]
    tokens = lambda parts: torch.cat([torch.cat(parts[k:k + FRAMES], 1) for k in range(0, frames, FRAMES)])
    flags = torch.tensor([[float(frame in pictures) for frame in range(k, k + FRAMES)] for k in range(0, frames, FRAMES)])
    return torch.cat([tokens(seen), flags.repeat_interleave(len(still[0]), 0)], 1), tokens(still)
