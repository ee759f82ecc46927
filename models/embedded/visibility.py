"""Can the damage of a held-out picture be seen at all? Decided by plain statistics, before and without any network.

On an irregular surface some damage is just another place of it: a labyrinth's patch turned by a quarter is still labyrinth.
Whoever looks at the picture can't find it, so no figure should ask for it. The criterion, fixed before it was first run:
seven statistics of the damaged region (mean red, green, blue; spread, darkest and brightest spot, mean slope of the
brightness) are compared with those of equally shaped regions at random places of the folder's good pictures. The damage is
visible if one of them is at least VISIBLE standard deviations from their mean.

Only surfaces are asked: on a product with parts, a place is known by what belongs there, and random places say nothing.
"""
from __future__ import annotations

import cv2
import numpy as np

VISIBLE = 3.0
"""Standard deviations."""
PLACES = 200
SURFACES = ("labyrinth", "wood", "twill", "granules", "terrazzo", "slab")


def layers(picture: np.ndarray) -> list[np.ndarray]:
    """Colours, smoothed brightness and its slope of uint8 [H, W, 3]: five fields [H, W]."""
    colour = picture.astype(np.float32) / 255
    bright = cv2.GaussianBlur(colour.mean(2), (3, 3), 0)
    slope = np.hypot(cv2.Sobel(bright, cv2.CV_32F, 1, 0), cv2.Sobel(bright, cv2.CV_32F, 0, 1))
    return [*np.moveaxis(colour, 2, 0), bright, slope]


def statistics(fields: list[np.ndarray], rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
    """The seven statistics of the region at these pixels."""
    red, green, blue, bright, slope = (f[rows, cols] for f in fields)
    return np.array([red.mean(), green.mean(), blue.mean(), bright.std(), bright.min(), bright.max(), slope.mean()])


def stands_out(picture: np.ndarray, mask: np.ndarray, good: list[np.ndarray], seed: int = 0) -> float:
    """By how many standard deviations the masked region differs from regions of the good pictures (each uint8 [H, W, 3])."""
    rng, (rows, cols) = np.random.default_rng(seed), np.nonzero(mask)
    rows, cols = rows - rows.min(), cols - cols.min()
    fields = [layers(g) for g in good if g.shape[0] > rows.max() and g.shape[1] > cols.max()]
    normal = []
    for _ in range(PLACES):
        at = fields[rng.integers(len(fields))]
        down, right = rng.integers(at[0].shape[0] - rows.max()), rng.integers(at[0].shape[1] - cols.max())
        normal.append(statistics(at, rows + down, cols + right))
    top, left = np.argwhere(mask).min(0)
    away = statistics(layers(picture), rows + top, cols + left) - np.mean(normal, 0)
    return float(np.abs(away / (np.std(normal, 0) + 1e-3)).max())


def seen(family: str, pictures: list[np.ndarray], masks: list[np.ndarray | None]) -> np.ndarray:
    """bool [N]: False for damaged pictures of a surface whose damage can't be seen."""
    good = [p for p, m in zip(pictures, masks) if m is None]
    return np.array([m is None or family not in SURFACES or stands_out(p, m, good) >= VISIBLE for p, m in zip(pictures, masks)])
