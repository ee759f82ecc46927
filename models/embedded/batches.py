"""What one training step sees."""
from __future__ import annotations

import math

import numpy as np
import torch

from training_damage import damage
from views import affine, relight, uniform, view_frames, warp


class Batches:
    """Draws batches from memory-mapped pools."""

    def __init__(self, pools: list[str], masks: str, seed: int, folders: int, pictures: int):
        self.pools = [np.load(p, mmap_mode="r") for p in pools]
        self.masks = np.load(masks)
        self.rng = np.random.default_rng(seed)
        self.folders, self.pictures = folders, pictures

    def draw(self) -> dict[str, torch.Tensor]:
        """Both views [n, 3, CROP, CROP], where damage shows and where it may be [n, 1, CROP, CROP], both frames [n, 2, 3]."""
        rng, n = self.rng, self.folders * self.pictures
        sources = []
        for f in np.sort(rng.choice(sum(map(len, self.pools)), self.folders, replace=False)):
            pool = next(p for p in self.pools if f < len(p) or (f := f - len(p)) < 0)
            turn = rng.random(3) < 0.5
            for i in rng.choice(pool.shape[1], self.pictures, replace=False):
                picture = pool[f, i]
                picture = picture[::-1] if turn[0] else picture
                picture = picture[:, ::-1] if turn[1] else picture
                sources.append(picture.transpose(1, 0, 2) if turn[2] else picture)
        x = torch.from_numpy(np.ascontiguousarray(np.stack(sources))).permute(0, 3, 1, 2).float() / 255
        first, second = view_frames(rng, self.folders, self.pictures, x.shape[-1])
        masks = torch.from_numpy(self.masks[rng.integers(len(self.masks), size=n)])[:, None].float() / 255
        shrink = torch.exp(uniform(n) * 0.4)
        masks = warp(masks, affine(shrink, shrink, uniform(n) * math.pi, uniform(n, 2) * 0.3))
        masks = masks * (torch.rand(n, 1, 1, 1) < 0.55)
        clean = warp(x, second)
        hurt, shows, masks = damage(rng, clean, masks, self.pictures)
        strength = (torch.rand(self.folders) * 1.6).repeat_interleave(self.pictures).view(-1, 1, 1, 1)
        return {"first": relight(rng, warp(x, first), strength.clamp(min=0.5)), "second": relight(rng, hurt, strength),
                "shows": shows, "masks": masks, "frame1": first, "frame2": second}
