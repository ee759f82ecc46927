"""The losses of the training, in the terms of mutual scoring."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from views import CROP, follow, uniform

GRID = CROP // 16
"""Cells along a view's side."""
POINTS = 16
"""Places per picture in the contrastive loss."""
TEMPERATURE = 0.15


def contrastive(projected: torch.Tensor, batch: dict[str, torch.Tensor], pictures: int) -> torch.Tensor:
    """Dense InfoNCE: every place of the first views must find itself in the second ones, among all places of the batch.

    projected: [2n, D, g, g], first views then second views. A scalar. Damaged places and places out of the second view are
    not asked; neighbours of a place don't count as wrong answers.
    """
    n = len(projected) // 2
    points = uniform(n, POINTS, 2) * 0.75
    there = follow(points, batch["frame1"], batch["frame2"])
    take = lambda f, at: F.grid_sample(f, at[:, :, None], align_corners=False)[..., 0].transpose(1, 2).reshape(n * POINTS, -1)
    q = F.normalize(take(projected[:n], points), dim=1)
    k = F.normalize(take(projected[n:], there), dim=1)
    damaged = take(F.max_pool2d(batch["masks"], 9, 4, 4), there)[:, 0] > 0.02
    outside = there.abs().amax(-1).flatten() > 0.97
    near = (torch.cdist(points, points) < 0.35) & ~torch.eye(POINTS, dtype=torch.bool)
    own = torch.arange(n)
    logits = (q @ k.T / TEMPERATURE).view(n, POINTS, n, POINTS)
    logits[own, :, own, :] = logits[own, :, own, :].masked_fill(near, -20)
    loss = F.cross_entropy(logits.view(n * POINTS, -1), torch.arange(n * POINTS), reduction="none")
    asked = ~(damaged | outside)
    return (loss * asked).sum() / asked.sum().clamp(min=1)


def folder_scores(features: torch.Tensor, degree: int, folders: int, pictures: int, against: int) -> torch.Tensor:
    """Mutual scores of the second views' cells against one view of the other pictures, as the product has them (LNAMD,
    nearest cell of each picture, mean over the most similar pictures): [folders, pictures, g * g].

    features: [2n, C, g, g], first views then second views; against: 0 for the first (never damaged), 1 for the second views.
    """
    z = F.layer_norm(features, features.shape[1:])
    if degree > 1:
        z = F.avg_pool2d(z, degree, 1, degree // 2)
    z = F.normalize(z.flatten(2).transpose(1, 2), dim=-1)
    cells, channels = z.shape[1:]
    z = z.reshape(2, folders, pictures * cells, channels)
    own = torch.eye(pictures, dtype=torch.bool).repeat_interleave(cells, 0)
    with torch.no_grad():  # which cells are nearest takes large tensors; how near they are doesn't
        nearest, cell = (z[1] @ z[against].transpose(1, 2)).view(folders, pictures * cells, pictures, cells).max(-1)
        picture = nearest.masked_fill_(own, -9).topk(2, -1)[1]
        chosen = (picture * cells + cell.gather(-1, picture)).view(folders, -1, 1)
    found = z[against].gather(1, chosen.expand(-1, -1, channels)).view(folders, pictures * cells, 2, channels)
    alike = (z[1][:, :, None] * found).sum(-1)
    return (2 - 2 * alike).clamp(min=1e-4).sqrt().mean(-1).view(folders, pictures, cells)


def soft_max(scores: torch.Tensor, sharpness: float = 0.03) -> torch.Tensor:
    """A maximum that more than one cell feels."""
    return sharpness * (torch.logsumexp(scores / sharpness, -1) - math.log(scores.shape[-1]) / 2)


def episodic(scores: torch.Tensor, cover: torch.Tensor, touched: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Damaged cells must score above normal ones, damaged pictures above whole ones.

    scores: [folders, pictures, cells]. cover: the share of a cell that visibly changed; touched: whether damage may be near,
    both of the same shape. The parts, per folder: damaged cells (the more covered, the more they count) against the hardest
    and the average normal cell; cells around damage, which are normal to who draws the outline, against the damaged ones of
    their folder; the highest damaged cell of each damaged picture against the maximum of each whole one, which is the image
    score. Folders without damage, or without a whole picture, don't count. Returns (loss, picture AUROC), both scalars.
    """
    bad = cover > 0.06
    around, far = touched & ~bad, ~touched & ~bad
    hit, whole = bad.any(2), ~touched.any(2)
    usable = (hit.any(1) & ~hit.all(1)).float()
    share = lambda values, where: (values * where).flatten(1).sum(1) / where.flatten(1).sum(1).clamp(min=1)
    weight = (cover * 4).clamp(0.3, 1) * bad
    hardest = torch.logsumexp(scores.masked_fill(~far, -10).flatten(1) / 0.05, 1) - far.flatten(1).sum(1).clamp(min=1).log()
    hardest, typical = 0.05 * hardest[:, None, None], share(scores, far)[:, None, None]
    missed = F.softplus((hardest - scores + 0.1) / 0.1) + 0.5 * F.softplus((typical - scores + 0.2) / 0.1)
    cells = (weight * missed).flatten(1).sum(1) / weight.flatten(1).sum(1).clamp(min=1e-6)
    high = (weight * scores).flatten(1).sum(1) / weight.flatten(1).sum(1).clamp(min=1e-6)
    halo = 0.5 * share(F.softplus((scores - high[:, None, None] + 0.15) / 0.1), around)
    worst, best = soft_max(scores.masked_fill(~bad, -9)), soft_max(scores)
    pairs = hit[:, :, None] & whole[:, None]
    images = 0.5 * share(F.softplus((best[:, None] - worst[:, :, None] + 0.05) / 0.05), pairs)
    with torch.no_grad():
        top = scores.amax(2)
        auroc = ((top[:, :, None] > top[:, None]) & pairs).sum() / pairs.sum().clamp(min=1)
    return ((cells + halo + images) * usable).sum() / usable.sum().clamp(min=1), auroc


def pool_to_grid(tap: torch.Tensor) -> torch.Tensor:
    """Average a tap over whole cells of the stride-16 grid. (Its gradient is cheaper than that of avg_pool2d.)"""
    side = tap.shape[-1] // GRID
    return tap.unflatten(3, (GRID, side)).unflatten(2, (GRID, side)).mean((3, 5)) if side > 1 else tap
