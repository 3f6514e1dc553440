"""Computes PISA's and Physics-IQ's measures of painted clips with numpy and OpenCV, independently of Mondo.

    python3 Evaluation/Peers/reference_metrics.py > Tests/MotionTrackingTests/Fixtures/reference-metrics.json

needs the PyPI packages numpy and opencv-python-headless. The clips are painted from whole numbers, so that a test paints the very
same ones. Formulas: Motamed et al. 2025 (Physics-IQ) and Li et al. 2025 (PISA).
"""

import json

import cv2
import numpy as np

WIDTH, HEIGHT, FRAMES = 160, 96, 20


def paint(clip):
    """Frames (RGB) and masks of a disc over a textured scene; `clip` is 0, 1 or 2."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    scene = np.stack([40 + (x * x + 3 * y * y + x * y) // 16 % 120, 60 + (x + 2 * y) % 90, 50 + (3 * x + y * y // 8) % 100], -1)
    frames, masks = [], []
    for k in range(FRAMES):
        cx, cy, r = 16 + (5 + clip) * k, 20 + k * k // (9 - clip) + clip, 12 + 2 * clip
        disc = (x - cx) ** 2 + (y - cy) ** 2 <= r * r
        frame = scene.copy()
        frame[disc] = (230 - 20 * clip, 40, 30 + 50 * clip)
        frames.append(frame.astype(np.uint8))
        masks.append(disc)
    return frames, masks


def motion_masks(frames):
    kernel = np.ones((5, 5), np.uint8)
    mean, masks = None, []
    for frame in frames:
        gray = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (5, 5), 0)
        if mean is None:
            mean, mask = gray.astype("float"), np.zeros_like(gray)
        else:
            cv2.accumulateWeighted(gray, mean, 0.3)
            _, mask = cv2.threshold(cv2.absdiff(gray, cv2.convertScaleAbs(mean)), 10, 255, cv2.THRESH_BINARY)
            mask = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
        masks.append(cv2.resize(mask, (WIDTH // 4, HEIGHT // 4)) > 127)
    return np.array(masks)


def overlap(a, b):
    def iou(p, q):
        either = np.logical_or(p, q).sum()
        return 1.0 if either == 0 else np.logical_and(p, q).sum() / either

    (fa, ma), (fb, mb) = a, b
    wa, wb = ma.mean(0), mb.mean(0)
    small = [[cv2.resize(f, (WIDTH // 4, HEIGHT // 4)) / 255.0 for f in frames] for frames in (fa, fb)]
    return {
        "spatiotemporal": float(np.mean([iou(p, q) for p, q in zip(ma, mb)])),
        "spatial": float(iou(ma.max(0), mb.max(0))),
        "weighted_spatial": float(np.minimum(wa, wb).sum() / np.maximum(wa, wb).sum()),
        "mse": float(np.mean([np.mean((p - q) ** 2) for p, q in zip(*small)])),
    }


def scores(clip, takes):
    ious = ["spatiotemporal", "spatial", "weighted_spatial"]
    original = np.mean([clip[k] / takes[k] for k in ious]) - (clip["mse"] - takes["mse"])
    ratios = [clip[k] / (takes[k] + 1e-8) for k in ious] + [1 / (clip["mse"] / (takes["mse"] + 1e-8))]
    return {"original": 100 * float(np.clip(original, 0, 1)), "verified": 100 * float(np.mean(np.clip(ratios, 0, 1)))}


def pisa(truth, clip):
    l2, euclidean, chamfer, iou = [], [], [], []
    for p, q in zip(truth, clip):
        a, b = (np.column_stack(np.where(m)).astype(float) for m in (p, q))
        if len(a) == 0 or len(b) == 0:
            continue
        offset = b.mean(0) - a.mean(0)
        l2.append(np.abs(offset).mean())
        euclidean.append(np.hypot(*offset))
        distance = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
        chamfer.append(distance.min(1).mean() + distance.min(0).mean())
        iou.append(np.logical_and(p, q).sum() / np.logical_or(p, q).sum())
    scale = 1 / np.sqrt(2) / HEIGHT
    return {"l2": np.mean(l2) * scale, "l2_euclidean": np.mean(euclidean) * scale, "chamfer": np.mean(chamfer) * scale,
            "iou": float(np.mean(iou))}


clips = [paint(k) for k in range(3)]
seen = [(frames, motion_masks(frames)) for frames, _ in clips]
takes = overlap(seen[0], seen[1])
generated = overlap(seen[0], seen[2])
print(json.dumps({
    "moving": [[int(mask.sum()) for mask in masks] for _, masks in seen],
    "takes": takes, "generated": generated, "scores": scores(generated, takes),
    "pisa": pisa(clips[0][1], clips[2][1]),
}, indent=1))
