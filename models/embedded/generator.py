"""Procedural pictures: folders to train on, and held-out folders to choose between trained networks.

    python3 generator.py pool SEED FOLDERS PICTURES OUT.npy      training folders, uint8 [F, P, SIDE, SIDE, 3]
    python3 generator.py masks SEED COUNT OUT.npy                defect shapes, uint8 [M, SIDE, SIDE]
    python3 generator.py sheet SEED OUT.png                      a contact sheet of both halves, to look at

A *folder* is what the product gets: pictures of one product. It is a fixed random program (which textures, shapes,
places and colours) that draws every picture with fresh noise and a little jitter. Everything is seeded.

Nothing is shared between the training half (training_*.py) and the held-out half (held_out_*.py) but the noise and drawing
primitives (primitives.py): the held-out families (labyrinth, wood, twill, granules, board, capsule, cap, terrazzo, slab, cable)
and defect kinds (hair, chip, smear, dent, hole, rust, turned patch, droplet) never occur in training.
"""
from __future__ import annotations

import sys

import cv2
import numpy as np

from held_out_defects import held_out_folder
from held_out_folders import HELD_FAMILIES
from primitives import to_bytes
from training_folders import defect_shape, folder
from training_textures import SIDE


def training_pool(seed: int, folders: int, pictures: int) -> np.ndarray:
    """uint8 [folders, pictures, SIDE, SIDE, 3]."""
    rng = np.random.default_rng(seed)
    pool = np.zeros((folders, pictures, SIDE, SIDE, 3), np.uint8)
    for f in range(folders):
        draw = folder(rng)
        for p in range(pictures):
            pool[f, p] = to_bytes(draw(rng))
        if f % 200 == 0:
            print(f"{f}/{folders} folders", flush=True)
    return pool


def mask_bank(seed: int, count: int) -> np.ndarray:
    """uint8 [count, SIDE, SIDE]."""
    rng = np.random.default_rng(seed)
    return np.stack([(defect_shape(rng) * 255).astype(np.uint8) for _ in range(count)])


def sheet(seed: int, path: str) -> None:
    """Training pictures in the left half, held-out ones (third of each three: damaged) in the right half."""
    rng = np.random.default_rng(seed)
    rows = []
    for family in HELD_FAMILIES:
        draw = folder(rng)
        left = [cv2.resize(to_bytes(draw(rng)), (160, 160), interpolation=cv2.INTER_AREA) for _ in range(3)]
        pictures, _, _ = held_out_folder(seed, family, 3, 3)
        right = [cv2.resize(p, (160, 160), interpolation=cv2.INTER_AREA) for p in pictures]
        rows.append(np.concatenate(left + right, 1))
    cv2.imwrite(path, np.concatenate(rows)[..., ::-1])


def main() -> None:
    what, seed, *rest = sys.argv[1:]
    if what == "pool":
        np.save(rest[2], training_pool(int(seed), int(rest[0]), int(rest[1])))
    elif what == "masks":
        np.save(rest[1], mask_bank(int(seed), int(rest[0])))
    elif what == "sheet":
        sheet(int(seed), rest[0])
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
