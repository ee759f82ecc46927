"""Damage of the training half, painted while training so that no two steps see the same."""
from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

from views import CROP, blur, uniform

KINDS = ["foreign", "colour", "multiply", "add", "ghost", "smooth", "emboss", "noise", "shift", "warp"]
KIND_ODDS = [0.16, 0.12, 0.14, 0.14, 0.09, 0.1, 0.11, 0.05, 0.03, 0.06]


def damage(rng: np.random.Generator, x: torch.Tensor, masks: torch.Tensor, hit: np.ndarray,
           pictures: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Damage the pictures that are hit (bool [n]) under their masks (0..1).

    Returns (damaged [n, 3, CROP, CROP], where the change shows [n, 1, CROP, CROP] as 0 or 1, the masks, empty
    where not hit).
    The pictures of one folder are damaged in different ways.
    """
    n = len(x)
    kind = rng.choice(len(KINDS), n, p=KIND_ODDS)
    other = torch.roll(torch.arange(n), pictures * int(rng.integers(1, n // pictures)))
    y = x.clone()
    for k, name in enumerate(KINDS):
        who = torch.tensor(np.flatnonzero((kind == k) & hit))
        if not len(who):
            continue
        reach, clean = masks[who], x[who]
        if name == "emboss":
            reach = blur(reach, 1.0)
        fill = filling(rng, name, clean, reach, x[other[who]]).clamp(0, 1)
        y[who] = clean + reach * (torch.rand(len(who), 1, 1, 1) * 0.6 + 0.4) * (fill - clean)
    visible = (0.2 * x.std((1, 2, 3), keepdim=True)).clamp(0.015, 0.04)
    shows = ((y - x).abs().mean(1, keepdim=True) > visible).float()
    return y, shows, masks * torch.tensor(hit).view(n, 1, 1, 1)


def filling(rng: np.random.Generator, kind: str, x: torch.Tensor, reach: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """What damage of a kind puts in the place of clean pictures x [m, 3, CROP, CROP]; other: pictures of other folders."""
    one = (len(x), 1, 1, 1)
    sign = torch.where(torch.rand(one) < 0.6, -1.0, 1.0)
    if kind == "foreign":
        return other
    if kind == "colour":
        return torch.rand(len(x), 3, 1, 1).expand_as(x)
    if kind == "multiply":
        return x * torch.exp((torch.rand(one) + 0.2) * sign)
    if kind == "add":
        return x + (torch.rand(one) * 0.3 + 0.08) * sign * (1 + 0.5 * uniform(len(x), 3, 1, 1))
    if kind == "ghost":
        return other.flip(2) * 0.5 + x * 0.5 * torch.rand(one)
    if kind == "smooth":
        small = blur(F.avg_pool2d(x, 4), float(rng.uniform(0.5, 2)))
        return F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)
    if kind == "noise":
        return x + torch.randn_like(x[:, :1]) * (0.08 + 0.2 * torch.rand(one))
    if kind == "shift":
        down, right = int(rng.integers(5, 12)) * rng.choice([-1, 1]), int(rng.integers(-6, 7))
        return x.roll((int(down), right), (2, 3))
    if kind == "warp":
        waves = F.interpolate(torch.randn(len(x), 2, 10, 10) * 0.1, size=x.shape[-2:], mode="bicubic", align_corners=False)
        still = F.affine_grid(torch.eye(2, 3).expand(len(x), 2, 3), list(x.shape), align_corners=False)
        return F.grid_sample(x, still + waves.permute(0, 2, 3, 1), padding_mode="reflection", align_corners=False)
    angle = torch.rand(one) * 2 * math.pi
    slope_x = F.pad(reach[..., 2:] - reach[..., :-2], (1, 1, 0, 0))
    slope_y = F.pad(reach[..., 2:, :] - reach[..., :-2, :], (0, 0, 1, 1))
    return x * 0.9 + (0.5 + torch.rand(one)) * (slope_x * angle.cos() + slope_y * angle.sin())
