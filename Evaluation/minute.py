"""Generates a minute of a pendulum and says how much its end differs from its beginning: colour, sharpness, and the bob's identity.

    swift build -c release --product mondo
    python Evaluation/minute.py [-o FOLDER]      (a Python with numpy; ffmpeg)

Colour and sharpness are of whole frames at 59 s beside those at 4 s, a whole number of swings apart but for a few hundredths. The bob, the only
thing of its colour, is looked at as it passes the middle, from 3 to 7 s and from 55 to 59 s.
"""
import argparse
import pathlib
import subprocess
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, FPS = 256, 144, 24


def frames(clip, start, seconds):
    """[frames, height, width, 3] as numbers."""
    command = ["ffmpeg", "-v", "error", "-ss", str(start), "-i", str(clip), "-frames:v", str(int(seconds * FPS)),
               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(float)


def sharpness(picture):
    return np.hypot(*np.gradient(picture.mean(2))).mean()


def bobs(pictures):
    """Place and pixels of the brass bob in each picture that shows it: the warm spot in the lower part."""
    for picture in pictures:
        mask = (picture[..., 0] - picture[..., 2] > 45) & (picture[..., 0] > picture[..., 1])
        mask[:HEIGHT // 3] = False
        if mask.sum() < 40:
            continue
        y, x = np.nonzero(mask)
        near = (np.abs(np.arange(WIDTH)[None] - np.median(x)) < 14) & (np.abs(np.arange(HEIGHT)[:, None] - np.median(y)) < 14)
        y, x = np.nonzero(mask & near)
        yield x.mean(), y.mean(), mask & near, picture


def looks(seen, middle):
    """Means over the passes of the middle: area, colour, edges, texture; and the picture about the bob."""
    numbers, crops = [], []
    for x, y, mask, picture in seen:
        column, row = int(round(x)), int(round(y))
        if abs(x - middle) > 8 or not 12 <= row < HEIGHT - 12:
            continue
        edges = np.hypot(*np.gradient(picture.mean(2)))
        numbers.append([mask.sum(), *picture[mask].mean(0), edges[mask].mean(), picture[mask].mean(1).std()])
        crops.append(picture[row - 12:row + 13, column - 12:column + 13])
    if not numbers:
        raise SystemExit("the bob isn't seen as it passes the middle")
    return np.mean(numbers, 0), np.mean(crops, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()))
    clip = parser.parse_args().output / "minute.mp4"
    subprocess.run(
        [str(ROOT / ".build/release/mondo"), "generate", str(ROOT / "Scenes/pendulums/pendulum.yaml"), "--set", "duration=60 s",
         "--seconds", "60", "--size", f"{WIDTH}x{HEIGHT}", "--student", "-o", str(clip), "--quiet"], check=True)
    early, late = frames(clip, 3.5, 1), frames(clip, 58.9, 1)
    share = lambda a, b: 100 * (np.mean(b) / np.mean(a) - 1)
    print(f"colour {share(early, late):+.2f} %, sharpness {share([sharpness(p) for p in early], [sharpness(p) for p in late]):+.2f} %")
    first, last = list(bobs(frames(clip, 3, 4))), list(bobs(frames(clip, 55, 4)))
    middle = np.median([b[0] for b in first + last])
    (before, crop), (after, other) = looks(first, middle), looks(last, middle)
    names = ["area", "red", "green", "blue", "edges", "texture"]
    print("bob: " + ", ".join(f"{name} {share(a, b):+.2f} %" for name, a, b in zip(names, before, after))
          + f"; correlation of its mean picture {np.corrcoef(crop.ravel(), other.ravel())[0, 1]:.4f}")


if __name__ == "__main__":
    main()
