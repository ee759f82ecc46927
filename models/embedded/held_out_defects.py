"""Defects of the held-out half, and its finished folders."""
from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from held_out_folders import HELD_FAMILIES, HELD_SIDE
from primitives import Rng, moved, octaves, over, relief, sigmoid, to_bytes

Damage = Callable[[Rng, np.ndarray, float, float], np.ndarray]
"""(rng, picture [H, W, 3], x, y) -> the damaged picture; the mask is where the two differ."""


def local(picture: np.ndarray, x: float, y: float, angle: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Turned pixel coordinates around (x, y), each [H, W]."""
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    c, s = np.cos(angle), np.sin(angle)
    return (cols - x) * c + (rows - y) * s, (rows - y) * c - (cols - x) * s


def ragged(rng: Rng, picture: np.ndarray, x: float, y: float, radius: float, rough: float = 0.3, soft: float = 1.0) -> np.ndarray:
    """An irregular round patch with an edge about soft pixels wide. Field [H, W] in 0..1."""
    u, v = local(picture, x, y, rng.uniform(0, np.pi))
    cloud = octaves(rng, max(picture.shape[:2]), radius * 0.8, 2)[: picture.shape[0], : picture.shape[1]]
    away = np.hypot(u, v * rng.uniform(1, 1.8)) / radius + rough * np.clip(cloud, -1.5, 1.5)
    return np.clip((1 - away) * radius / soft, 0, 1).astype(np.float32) * (np.hypot(u, v) < 2.2 * radius)


def hair(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A fibre lying on the product, with a faint shadow."""
    t = np.linspace(0, 1, 40)[:, None]
    a, b, c = (np.array([x, y]) + rng.normal(0, 28, 2) for _ in range(3))
    points = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c
    line = np.zeros(picture.shape[:2], np.float32)
    cv2.polylines(line, [(points * 8).astype(np.int32)], False, 1.0, int(rng.integers(1, 3)), cv2.LINE_AA, 3)
    shadow = cv2.GaussianBlur(np.roll(line, (2, 2), (0, 1)), (0, 0), 1.5)
    tone = rng.choice([0.05, 0.9]) * np.ones(3)
    return over(picture * (1 - 0.4 * shadow)[..., None], line * rng.uniform(0.6, 1), tone)


def chip(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A piece broken off: rough paler ground with a lit rim."""
    patch = ragged(rng, picture, x, y, rng.uniform(7, 18), 0.35)
    near = picture[max(0, int(y) - 12) : int(y) + 12, max(0, int(x) - 12) : int(x) + 12].mean((0, 1))
    rough = octaves(rng, max(picture.shape[:2]), 4, 2)[: picture.shape[0], : picture.shape[1], None]
    ground = near * rng.uniform(0.6, 1.4) + 0.05 * rough
    rim = relief(patch, rng.uniform(0, 6.28), 0.8) * 0.25
    return over(picture, patch, ground) + rim[..., None]


def smear(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """The surface dragged along one direction."""
    length = int(rng.integers(15, 28))
    kernel = cv2.getRotationMatrix2D((length / 2, length / 2), rng.uniform(0, 180), 1)
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1
    line = cv2.warpAffine(line, kernel, (length, length))
    dragged = cv2.filter2D(picture.astype(np.float32), -1, line / line.sum()) * rng.uniform(0.88, 1.12)
    return over(picture, ragged(rng, picture, x, y, rng.uniform(12, 26), 0.2, 3), dragged)


def dent(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """Pressed in: the surface pinched towards a point and shaded like a bowl."""
    radius, angle = rng.uniform(10, 22), rng.uniform(0, 2 * np.pi)
    u, v = local(picture, x, y)
    away = np.hypot(u, v) / radius
    inside = np.clip(1 - away, 0, 1)
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    pull = (0.5 * inside).astype(np.float32)
    pinched = moved(picture, cols + u * pull, rows + v * pull)
    slope = (u * np.cos(angle) + v * np.sin(angle)) / radius * np.sin(np.pi * np.clip(away, 0, 1))
    return pinched * (1 + rng.uniform(0.25, 0.6) * slope)[..., None]


def hole(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A dark pit with a bright crescent at one side."""
    radius = rng.uniform(3.5, 10)
    u, v = local(picture, x, y, rng.uniform(0, np.pi))
    away = np.hypot(u, v * rng.uniform(1, 1.6))
    pit = np.clip(radius - away + 0.5, 0, 1)
    crescent = np.clip(2.2 - np.abs(away - radius - 1), 0, 1) * np.clip(u / radius, 0, 1)
    return over(over(picture, pit * rng.uniform(0.6, 1), np.full(3, 0.06)), crescent * 0.6, np.full(3, 0.95))


def rust(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A brownish cloud that multiplies the surface, patchy inside."""
    patch = ragged(rng, picture, x, y, rng.uniform(12, 28), 0.5, 4)
    cloud = sigmoid(3 * octaves(rng, max(picture.shape[:2]), 7, 3)[: picture.shape[0], : picture.shape[1]])
    return over(picture, patch * cloud * rng.uniform(0.5, 1), picture * np.array([0.75, 0.5, 0.35]) + np.array([0.06, 0.02, 0]))


def turned(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A patch of the product put in turned by a quarter or mirrored."""
    half = int(rng.integers(14, 26))
    h, w = picture.shape[:2]
    cx, cy = int(np.clip(x, half, w - half)), int(np.clip(y, half, h - half))
    patch = picture[cy - half : cy + half, cx - half : cx + half]
    patch = np.rot90(patch, int(rng.choice([1, 3]))) if rng.random() < 0.7 else patch[::-1]
    v, u = np.mgrid[-half:half, -half:half] / half
    alpha = np.clip((1 - np.hypot(u, v)) * half / 2, 0, 1)
    out = picture.copy()
    out[cy - half : cy + half, cx - half : cx + half] = over(out[cy - half : cy + half, cx - half : cx + half], alpha, patch)
    return out


def droplet(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A clear drop: a lens with a dark edge and a glint."""
    radius = rng.uniform(8, 18)
    u, v = local(picture, x, y)
    away = np.hypot(u, v) / radius
    inside = np.clip((1 - away) * radius, 0, 1)
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    zoom = (-0.5 * np.clip(1 - away * away, 0, 1)).astype(np.float32)
    lens = moved(picture, cols + u * zoom, rows + v * zoom)
    lens = lens * (1 - 0.35 * np.clip(away, 0, 1) ** 6)[..., None]
    glint = np.exp(-((u + radius * 0.35) ** 2 + (v + radius * 0.35) ** 2) / (0.03 * radius**2 + 1))
    return over(picture, inside, lens + 0.6 * glint[..., None])


HELD_DEFECTS = {
    "hair": hair, "chip": chip, "smear": smear, "dent": dent, "hole": hole, "rust": rust, "turned": turned, "droplet": droplet,
}


def damage(rng: Rng, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Damage a clean picture. Returns (picture, mask bool [H, W], kind).

    Tries again until the damage can be seen: a change of at least 0.08 in some channel over at least 60 pixels. The mask
    holds every pixel changed by 0.04 and more.
    """
    h, w = picture.shape[:2]
    while True:
        kind = str(rng.choice(list(HELD_DEFECTS)))
        x, y = rng.uniform(0.25, 0.75) * w, rng.uniform(0.25, 0.75) * h
        hurt = HELD_DEFECTS[kind](rng, picture, x, y).astype(np.float32)
        change = np.abs(np.clip(hurt, 0, 1) - np.clip(picture, 0, 1)).max(2)
        if (change > 0.08).sum() >= 60:
            mask = cv2.morphologyEx((change > 0.04).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0
            return hurt, mask, kind


def held_out_folder(seed: int, family: str, good: int = 20, bad: int = 10) -> tuple[list[np.ndarray], list[np.ndarray | None], list[str]]:
    """A validation folder: (pictures uint8, masks or None where good, kinds of defect or "good").

    The camera: every folder has its own strength of uneven light, exposure, blur and noise; pictures pass through JPEG.
    """
    rng = np.random.default_rng([seed, sorted(HELD_FAMILIES).index(family)])
    draw = HELD_FAMILIES[family](rng)
    slope, gain, noise = rng.choice([0.05, 0.2, 0.4]), rng.choice([0.03, 0.1, 0.2]), rng.choice([0.005, 0.015, 0.03])
    pictures, masks, kinds = [], [], []
    for i in range(good + bad):
        picture, mask, kind = draw(rng).astype(np.float32), None, "good"
        if i >= good:
            picture, mask, kind = damage(rng, picture)
        u, _ = local(picture, picture.shape[1] / 2, picture.shape[0] / 2, rng.uniform(0, 6.28))
        light = (1 + gain * rng.normal()) * (1 + slope * rng.uniform(0, 1) * u / (HELD_SIDE / 2))
        picture = picture * np.clip(light, 0.2, 2)[..., None] + noise * rng.normal(0, 1, picture.shape)
        _, coded = cv2.imencode(".jpg", to_bytes(picture)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 96))])
        pictures.append(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].copy())
        masks.append(mask)
        kinds.append(kind)
    return pictures, masks, kinds
