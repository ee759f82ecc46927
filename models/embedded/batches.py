"""What one training step sees."""
from __future__ import annotations

import math

import numpy as np
import torch

from training_damage import damage
from views import affine, relight, through_jpeg, uniform, view_frames, warp


class Batches:
    """Draws batches from pools: memory-mapped on the CPU, copied to the device otherwise."""

    def __init__(self, pools: list[str], masks: str, seed: int, folders: int, pictures: int, jpeg: float, device: str):
        self.pools = [torch.from_numpy(np.load(p, mmap_mode="c")).to(device) for p in pools]
        self.masks = torch.from_numpy(np.load(masks)).to(device)
        self.rng = np.random.default_rng(seed)
        self.folders, self.pictures, self.jpeg = folders, pictures, jpeg

    def sources(self) -> torch.Tensor:
        """A few pictures of a few folders [n, 3, S, S] in 0..1; each folder mirrored and turned at random."""
        rng, drawn = self.rng, []
        for f in np.sort(rng.choice(sum(map(len, self.pools)), self.folders, replace=False)):
            pool = next(p for p in self.pools if f < len(p) or (f := f - len(p)) < 0)
            turn = rng.random(3) < 0.5
            chosen = pool[int(f)][torch.tensor(rng.choice(pool.shape[1], self.pictures, replace=False), device=pool.device)]
            chosen = chosen.flip([d + 1 for d in range(2) if turn[d]]) if turn[:2].any() else chosen
            drawn.append(chosen.transpose(1, 2) if turn[2] else chosen)
        return torch.cat(drawn).permute(0, 3, 1, 2).float() / 255

    def draw(self) -> dict[str, torch.Tensor]:
        """Both views [n, 3, CROP, CROP], where damage shows and where it may be [n, 1, CROP, CROP], both frames [n, 2, 3]."""
        rng, n, x = self.rng, self.folders * self.pictures, self.sources()
        first, second = view_frames(rng, self.folders, self.pictures, x.shape[-1])
        masks = self.masks[torch.tensor(rng.integers(len(self.masks), size=n), device=self.masks.device)][:, None].float() / 255
        shrink = torch.exp(uniform(n) * 0.4)
        masks = warp(masks, affine(shrink, shrink, uniform(n) * math.pi, uniform(n, 2) * 0.3))
        clean = warp(x, second)
        hurt, shows, masks = damage(rng, clean, masks, rng.random(n) < 0.55, self.pictures)
        strength = (torch.rand(self.folders) * 1.6).repeat_interleave(self.pictures).view(-1, 1, 1, 1)
        views = relight(rng, warp(x, first), strength.clamp(min=0.5)), relight(rng, hurt, strength)
        if self.jpeg:
            through_jpeg(rng, views, self.folders, self.jpeg)
        return {"first": views[0], "second": views[1], "shows": shows, "masks": masks, "frame1": first, "frame2": second}
