"""Shapes and printed marks of the training half."""
from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from primitives import Rng, axes, palette
from training_textures import SIDE

Shape = Callable[[Rng, float, float, float, float], tuple[np.ndarray, np.ndarray]]
"""(rng, cx, cy, radius, rotation) -> (opacity, distance from the centre: 1 at the edge)."""


def shape(rng: Rng, kind: str | None = None) -> Shape:
    """A superellipse, polygon, blob or ring."""
    kind = kind or str(rng.choice(["super", "polygon", "blob", "ring"]))
    exponent, aspect, corners = float(rng.uniform(1.2, 6)), float(2 ** rng.uniform(-1, 1)), int(rng.integers(3, 9))
    waves = rng.normal(0, 1, (6, 2)) * (0.5 / np.arange(1, 7)[:, None]) * rng.uniform(0, 0.5)
    inner = float(rng.uniform(0.3, 0.8))

    def draw(r: Rng, cx: float, cy: float, radius: float, rotation: float) -> tuple[np.ndarray, np.ndarray]:
        u, v = axes(SIDE, rotation, cx, cy)
        u, v = u / radius, v / radius * aspect
        if kind == "super":
            away = (np.abs(u) ** exponent + np.abs(v) ** exponent) ** (1 / exponent)
        else:
            turn, away = np.arctan2(v, u), np.hypot(u, v)
            if kind == "polygon":
                step = np.pi / corners
                away = away * np.cos(np.mod(turn, 2 * step) - step) / np.cos(step)
            else:
                w = waves + r.normal(0, 0.03, (6, 2))
                edge = sum(w[i, 0] * np.cos((i + 1) * turn) + w[i, 1] * np.sin((i + 1) * turn) for i in range(6))
                away = away / (1 + np.clip(edge, -0.7, 0.7))
        alpha = np.clip((1 - away) * radius / 1.5 + 0.5, 0, 1)
        if kind == "ring":
            alpha = alpha * np.clip((away - inner) * radius / 1.5 + 0.5, 0, 1)
        return alpha.astype(np.float32), away

    return draw


def marks(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Something printed: rows of glyph-like strokes, a code of bars, or a ruled frame. Returns (opacity, colour)."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    kind = rng.choice(["glyphs", "bars", "frame", "dots"])
    x0, y0 = rng.uniform(0.1, 0.4, 2) * SIDE
    if kind == "glyphs":
        size, weight = rng.uniform(6, 22), int(rng.integers(1, 4))
        for row in range(int(rng.integers(1, 4))):
            for col in range(int(rng.integers(3, 10))):
                corner = np.array([x0 + col * size, y0 + row * size * 1.6])
                points = corner + rng.uniform(0, 1, (int(rng.integers(3, 6)), 2)) * (size * 0.8, size * 1.2)
                cv2.polylines(alpha, [points.astype(np.int32)], bool(rng.random() < 0.3), 1.0, weight, cv2.LINE_AA)
    elif kind == "bars":
        x, height = x0, rng.uniform(10, 50)
        while x < SIDE * 0.85:
            wide = rng.integers(1, 6)
            cv2.rectangle(alpha, (int(x), int(y0)), (int(x + wide), int(y0 + height)), 1.0, -1)
            x += wide + rng.integers(2, 7)
    elif kind == "frame":
        for inset in rng.uniform(6, 50, int(rng.integers(1, 4))):
            a, b = int(inset), int(SIDE - inset)
            cv2.rectangle(alpha, (a, a), (b, b), 1.0, int(rng.integers(1, 5)), cv2.LINE_AA)
    else:
        pitch, radius = rng.uniform(8, 24), int(rng.integers(1, 5))
        for y in np.arange(pitch, SIDE, pitch):
            for x in np.arange(pitch, SIDE, pitch):
                cv2.circle(alpha, (int(x), int(y)), radius, 1.0, -1, cv2.LINE_AA)
    return alpha * np.float32(rng.uniform(0.4, 1)), palette(rng, 1)[0]
