"""Noise, coordinates, colours: what every procedural picture is drawn with.

Coordinates are pixels, x to the right and y down; pictures are float32 RGB in 0..1 [S, S, 3]; a *field* is a float32
array [S, S]. Everything random comes from the generator that is passed in.
"""
from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

cv2.setNumThreads(1)
Rng = np.random.Generator
Draw = Callable[[Rng], np.ndarray]
"""A program that draws its next field or picture."""


def stretch(field: np.ndarray) -> np.ndarray:
    """Map the 2nd..98th percentile of a field to 0..1 and clip."""
    low, high = np.percentile(field[::4, ::4], (2, 98))
    return np.clip((field - low) / (high - low + 1e-6), 0, 1).astype(np.float32)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))


def octaves(rng: Rng, side: int, scale: float, count: int = 1, persistence: float = 0.5, aspect: float = 1.0) -> np.ndarray:
    """Value noise. scale: size of the coarsest blobs in pixels; aspect > 1 stretches them along x."""
    field = np.zeros((side, side), np.float32)
    amplitude = 1.0
    for _ in range(count):
        rows, cols = (max(2, int(side / scale * a) + 2) for a in (aspect, 1 / aspect))
        if rows > side or cols > side:
            return field + amplitude * rng.standard_normal((side, side)).astype(np.float32)
        coarse = rng.standard_normal((rows, cols)).astype(np.float32)
        field += amplitude * cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
        amplitude *= persistence
        scale /= 2
        if scale < 1:
            break
    return field


def axes(side: int, angle: float = 0.0, cx: float = 0.0, cy: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates in pixels along a frame turned by angle (radians) around (cx, cy)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return (x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s


def moved(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sample a picture or field at other places, in pixels; beyond the border it is mirrored."""
    where = x.astype(np.float32), y.astype(np.float32)
    return cv2.remap(picture.astype(np.float32), *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def over(below: np.ndarray, alpha: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Lay a picture or one colour above another with a field as its opacity."""
    return below + alpha[..., None] * (above - below)


def ramp(field: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Colour a field in 0..1 by interpolating a list of colours [K, 3]; through a table of 1,024 shades, which is quick."""
    at = np.linspace(0, len(colours) - 1, 1024)
    table = np.stack([np.interp(at, np.arange(len(colours)), c) for c in colours.T], 1).astype(np.float32)
    return table[(np.clip(field, 0, 1) * 1023).astype(np.int32)]


def relief(field: np.ndarray, angle: float, sigma: float = 1.2) -> np.ndarray:
    """Slope of a field in the direction of the light: what makes bumps look lit."""
    smooth = cv2.GaussianBlur(field.astype(np.float32), (0, 0), sigma)
    return np.cos(angle) * cv2.Sobel(smooth, cv2.CV_32F, 1, 0) + np.sin(angle) * cv2.Sobel(smooth, cv2.CV_32F, 0, 1)


def palette(rng: Rng, count: int) -> np.ndarray:
    """Colours around one base colour, from nearly grey to vivid. [count, 3]"""
    base = rng.uniform(0, 1, 3)
    saturation = rng.choice([0, 0.2, 0.5, 1.0, 1.0])
    span = rng.choice([0.08, 0.2, 0.5, 1.0])
    tone = base.mean() * (1 - saturation) + base * saturation
    shades = (rng.uniform(0, 1, (count, 1)) - 0.5) * span
    return np.clip(shades + tone + rng.normal(0, 0.12, (count, 3)) * saturation, 0, 1).astype(np.float32)


def to_bytes(picture: np.ndarray) -> np.ndarray:
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)
