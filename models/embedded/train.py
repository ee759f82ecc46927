"""Trains the embedded backbone on procedural pictures.

    python3 train.py OUT.pt --pools A.npy [B.npy ...] --masks M.npy [--start WEIGHTS.pt] [--iterations N] [--seed S]

Every step draws a few folders and a few pictures of each, makes two views of every picture (moved, turned, scaled, lit
differently), damages about half of the second views, and lowers the sum of

- a dense contrastive loss: the same place in both views must be alike, other places and pictures not;
- an episodic loss: mutual scoring inside the folder, as the product does it, must score damaged cells above normal ones.

The learning rate depends on the step only, so a seed gives the same network on a fast and on a slow machine (up to
rounding). The weights written are an exponential moving average.
"""
from __future__ import annotations

import argparse
import copy
import ctypes
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from network import EmbeddedNet, warm_start

CROP = 160
"""Side of a training view in pixels: 10 x 10 cells at stride 16."""
GRID = CROP // 16
POINTS = 16
"""Places per picture in the contrastive loss."""
TEMPERATURE = 0.15


def keep_freed_memory() -> None:
    """Tell glibc not to give large blocks back at once: saves half the time of many short-lived big tensors."""
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


# ------------------------------------------------------------------------------------------------ views


def uniform(*shape: int) -> torch.Tensor:
    """Uniform in -1..1."""
    return torch.rand(*shape) * 2 - 1


def affine(scale_x: torch.Tensor, scale_y: torch.Tensor, angle: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """View coordinates -> source coordinates (both -1..1) as [n, 2, 3]. Scales, angle: [n]; shift: [n, 2]."""
    c, s = angle.cos(), angle.sin()
    return torch.stack([torch.stack([c * scale_x, -s * scale_y, shift[:, 0]], 1),
                        torch.stack([s * scale_x, c * scale_y, shift[:, 1]], 1)], 1)


def warp(x: torch.Tensor, theta: torch.Tensor) -> torch.Tensor:
    """Sample views [n, C, CROP, CROP] from sources [n, C, S, S]; beyond the border the source is mirrored."""
    grid = F.affine_grid(theta, [len(x), x.shape[1], CROP, CROP], align_corners=False)
    return F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def pick(rng: np.random.Generator, values: list[float], folders: int, pictures: int) -> torch.Tensor:
    """One of the values per folder, repeated for its pictures: [folders * pictures]."""
    return torch.from_numpy(rng.choice(values, folders)).float().repeat_interleave(pictures)


def view_frames(rng: np.random.Generator, folders: int, pictures: int, source_side: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Affine frames of both views. Some folders hold pictures of very uneven size, as real ones do once they're squashed."""
    n = folders * pictures
    base = CROP / source_side
    size = pick(rng, [0.02, 0.05, 0.15, 0.3], folders, pictures)
    aspect = pick(rng, [0.0, 0.0, 0.1, 0.3], folders, pictures)
    turn = pick(rng, [0.02, 0.02, 0.1], folders, pictures)
    own = [uniform(n) * size - 0.5 * size, uniform(n) * aspect, uniform(n) * turn, uniform(n, 2) * (1 - base)]
    frames = []
    for _ in range(2):
        zoom = own[0] + uniform(n) * 0.08
        stretch = own[1] + uniform(n) * 0.06
        frames.append(affine(base * torch.exp(zoom + stretch), base * torch.exp(zoom - stretch),
                             own[2] + uniform(n) * 0.1, own[3] + uniform(n, 2) * 0.08))
    return frames[0], frames[1]


def follow(points: torch.Tensor, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Where places [n, P, 2] of the first view lie in the second."""
    source = points @ first[:, :, :2].transpose(1, 2) + first[:, None, :, 2]
    return (source - second[:, None, :, 2]) @ torch.linalg.inv(second[:, :, :2]).transpose(1, 2)


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """Separable Gaussian blur with mirrored borders."""
    radius = max(1, math.ceil(2.5 * sigma))
    kernel = torch.exp(-torch.arange(-radius, radius + 1).float() ** 2 / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1).repeat(x.shape[1], 1, 1, 1)
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="reflect"), kernel, groups=x.shape[1])
    return F.conv2d(F.pad(x, (0, 0, radius, radius), mode="reflect"), kernel.transpose(2, 3), groups=x.shape[1])


def relight(rng: np.random.Generator, x: torch.Tensor, strength: torch.Tensor) -> torch.Tensor:
    """Photometric nuisance: gain, colour, slope of light, gamma, blotches of light, blur, noise.

    x: [n, 3, CROP, CROP] in 0..1; strength: [n, 1, 1, 1], about 0..1.6.
    """
    n = len(x)
    across = torch.linspace(-1, 1, CROP)
    angle = torch.rand(n, 1, 1, 1) * 2 * math.pi
    slope = across.view(1, 1, 1, -1) * angle.cos() + across.view(1, 1, -1, 1) * angle.sin()
    gain = torch.exp(uniform(n, 1, 1, 1) * 0.3 * strength) * (1 + torch.randn(n, 3, 1, 1) * 0.04 * strength)
    x = x * gain * (1 + 0.25 * strength * uniform(n, 1, 1, 1) * slope) + uniform(n, 1, 1, 1) * 0.06 * strength
    x = x.clamp(1e-3, 1) ** torch.exp(uniform(n, 1, 1, 1) * 0.25 * strength)
    k = int(rng.integers(2, 6))
    cloud = F.interpolate(torch.randn(n, 1, k, k).clamp(-1.5, 1.5), size=(CROP, CROP), mode="bicubic", align_corners=False)
    x = (x * torch.exp(0.35 * strength * torch.rand(n, 1, 1, 1) * cloud)).clamp(0, 1)
    some = torch.from_numpy(rng.permutation(n)[: n // 4])
    x[some] = blur(x[some], float(rng.uniform(0.4, 1.3)))
    channels = 1 if rng.random() < 0.5 else 3
    return (x + torch.randn(n, channels, CROP, CROP) * 0.03 * strength * torch.rand(n, 1, 1, 1)).clamp(0, 1)


# ------------------------------------------------------------------------------------------------ damage

KINDS = ["foreign", "colour", "multiply", "add", "ghost", "smooth", "emboss", "noise", "shift"]
KIND_ODDS = [0.18, 0.12, 0.16, 0.14, 0.1, 0.1, 0.1, 0.05, 0.05]


def damage(rng: np.random.Generator, x: torch.Tensor, masks: torch.Tensor, pictures: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Damage pictures under their masks (0..1; an empty mask leaves its picture clean).

    Returns (damaged [n, 3, CROP, CROP], where the change shows [n, 1, CROP, CROP] as 0 or 1, the masks).
    The pictures of one folder are damaged in different ways.
    """
    n = len(x)
    kind = rng.choice(len(KINDS), n, p=KIND_ODDS)
    other = torch.roll(torch.arange(n), pictures * int(rng.integers(1, n // pictures)))
    y = x.clone()
    for k, name in enumerate(KINDS):
        who = torch.from_numpy(np.flatnonzero((kind == k) & (masks.amax((1, 2, 3)).numpy() > 0)))
        if not len(who):
            continue
        reach, clean = masks[who], x[who]
        if name == "emboss":
            reach = blur(reach, 1.0)
        fill = filling(rng, name, clean, reach, x[other[who]]).clamp(0, 1)
        y[who] = clean + reach * (torch.rand(len(who), 1, 1, 1) * 0.6 + 0.4) * (fill - clean)
    visible = (0.2 * x.std((1, 2, 3), keepdim=True)).clamp(0.015, 0.04)
    shows = ((y - x).abs().mean(1, keepdim=True) > visible).float()
    return y, shows, masks


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
    angle = torch.rand(one) * 2 * math.pi
    slope_x = F.pad(reach[..., 2:] - reach[..., :-2], (1, 1, 0, 0))
    slope_y = F.pad(reach[..., 2:, :] - reach[..., :-2, :], (0, 0, 1, 1))
    return x * 0.9 + (0.5 + torch.rand(one)) * (slope_x * angle.cos() + slope_y * angle.sin())


# ------------------------------------------------------------------------------------------------ batches


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


# ------------------------------------------------------------------------------------------------ losses


def contrastive(projected: torch.Tensor, batch: dict[str, torch.Tensor], pictures: int, spare: float) -> torch.Tensor:
    """Dense InfoNCE. projected: [2n, D, g, g], first views then second views. A scalar.

    Other places of the same folder are often the same kind of surface, so pushing them away would teach the network to tell
    apart what mutual scoring wants alike: their logits are lowered by spare.
    """
    n = len(projected) // 2
    points = uniform(n, POINTS, 2) * 0.75
    there = follow(points, batch["frame1"], batch["frame2"])
    take = lambda f, at: F.grid_sample(f, at[:, :, None], align_corners=False)[..., 0].transpose(1, 2).reshape(n * POINTS, -1)
    q = F.normalize(take(projected[:n], points), dim=1)
    k = F.normalize(take(projected[n:], there), dim=1)
    damaged = take(F.max_pool2d(batch["masks"], 9, 4, 4), there)[:, 0] > 0.02
    outside = there.abs().amax(-1).flatten() > 0.97
    logits = (q @ k.T / TEMPERATURE).view(n, POINTS, n, POINTS)
    near = torch.cdist(points, points) < 0.35
    near &= ~torch.eye(POINTS, dtype=torch.bool)
    folder_of = torch.arange(n) // pictures
    same = (folder_of[:, None] == folder_of[None]).float()[:, None, :, None].repeat(1, POINTS, 1, POINTS)
    own = torch.arange(n)
    same[own, :, own, :] -= torch.eye(POINTS)
    logits = logits - spare * same
    logits[own, :, own, :] = logits[own, :, own, :].masked_fill(near, -20)
    loss = F.cross_entropy(logits.view(n * POINTS, -1), torch.arange(n * POINTS), reduction="none")
    return loss[~(damaged | outside)].mean()


def folder_scores(features: torch.Tensor, degree: int, folders: int, pictures: int) -> torch.Tensor:
    """Mutual scores of the second views' cells against both views of the other pictures: [folders, pictures * g * g].

    features: [2n, C, g, g], first views then second views.
    """
    z = F.layer_norm(features, features.shape[1:])
    if degree > 1:
        z = F.avg_pool2d(z, degree, 1, degree // 2)
    z = F.normalize(z.flatten(2).transpose(1, 2), dim=-1)
    cells, channels = z.shape[1:]
    z = z.reshape(2, folders, pictures * cells, channels)
    own = torch.eye(pictures, dtype=torch.bool).repeat_interleave(cells, 0)
    closest = []
    for references in z:
        nearest = (z[1] @ references.transpose(1, 2)).view(folders, pictures * cells, pictures, cells).amax(-1)
        closest.append(nearest.masked_fill(own, -9))
    best = torch.cat(closest, -1).topk(3, -1)[0]
    return (2 - 2 * best).clamp(min=1e-4).sqrt().mean(-1)


def episodic(scores: torch.Tensor, damaged: torch.Tensor, near: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Damaged cells must score above the folder's highest normal cells (softly), and well above the average one.

    All [folders, cells]; near: cells around damage, which count as normal only for the average. Returns (loss, cell AUROC).
    """
    total, aucs = scores.sum() * 0, []
    for s, bad, skip in zip(scores, damaged, near):
        if not bad.any():
            continue
        high, low, low_far = s[bad], s[~bad], s[~bad & ~skip]
        hardest = 0.05 * (torch.logsumexp(low_far / 0.05, 0) - math.log(len(low_far)))
        total = total + F.softplus((hardest - high + 0.1) / 0.1).mean() + 0.5 * F.softplus((low.mean() - high + 0.2) / 0.1).mean()
        around = s[~bad & skip]
        if len(around):
            total = total + 0.25 * F.softplus((around.mean() - high.mean() + 0.1) / 0.1)
        aucs.append(float((high[:, None] > low_far[None]).float().mean()))
    return total / max(1, len(aucs)), float(np.mean(aucs)) if aucs else float("nan")


def pool_to_grid(tap: torch.Tensor) -> torch.Tensor:
    """Average a tap over whole cells of the stride-16 grid."""
    return F.avg_pool2d(tap, tap.shape[-1] // GRID) if tap.shape[-1] > GRID else tap


# ------------------------------------------------------------------------------------------------ training


def learning_rate(step: int, total: int, peak: float) -> float:
    """Linear warm-up over 50 steps, flat for the first half, then a cosine to zero."""
    if step < 50:
        return peak * (step + 1) / 50
    return peak * min(1.0, 0.5 + 0.5 * math.cos(math.pi * max(0.0, 2 * step / total - 1)))


def train(args: argparse.Namespace) -> None:
    keep_freed_memory()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    batches = Batches(args.pools, args.masks, args.seed, args.folders, args.pictures)
    net = EmbeddedNet(lcn=args.lcn, wide=args.wide)
    if args.start:
        warm_start(net, torch.load(args.start, map_location="cpu"))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    projectors = nn.ModuleList(nn.Sequential(nn.Conv2d(h.out_channels, 128, 1), nn.ReLU(), nn.Conv2d(128, 64, 1)) for h in net.heads)
    net.to(device, memory_format=torch.channels_last)  # the losses stay on the CPU: they're small
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW([*net.parameters(), *projectors.parameters()], lr=args.lr, weight_decay=1e-3)
    started, log = time.time(), []
    last = min(args.iterations, args.stop or args.iterations)
    for step in range(last):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, args.iterations, args.lr)
        batch = batches.draw()
        views = torch.cat([batch["first"], batch["second"]]).to(device, memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16, enabled=args.bfloat16 == 1):
            taps = net(views)
        taps = [pool_to_grid(t.float()).cpu() for t in taps]
        cover = F.avg_pool2d(batch["shows"], 16)
        touched = F.max_pool2d(F.max_pool2d(batch["masks"], 16), 3, 1, 1)
        damaged = (cover > 0.06).view(args.folders, -1)
        near = (touched > 0.02).view(args.folders, -1) & ~damaged
        degree = int(batches.rng.choice([1, 3, 3, 5]))
        scores = [folder_scores(t, degree, args.folders, args.pictures) for t in taps]
        parts = [episodic(s, damaged, near) for s in [*scores, (scores[1] + scores[2]) / 2]]
        loss_episodic = sum(w * p[0] for w, p in zip((0.15, 0.25, 0.25, 0.35), parts))
        projected = [p(t) for p, t in zip(projectors, taps)]
        loss_contrast = sum(contrastive(p, batch, args.pictures, args.spare) for p in projected) / len(projected)
        loss = args.contrast * loss_contrast + args.episodic * loss_episodic
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        decay = min(0.995, (step + 1) / (step + 20))
        with torch.no_grad():
            for a, b in zip(average.state_dict().values(), net.state_dict().values()):
                a.lerp_(b, 1 - decay) if a.is_floating_point() else a.copy_(b)
        log.append([loss_contrast.item(), loss_episodic.item(), *(p[1] for p in parts)])
        if step % 25 == 24:
            mean = " ".join(f"{v:.3f}" for v in np.nanmean(log[-25:], 0))
            print(f"step {step + 1} {time.time() - started:.0f} s: contrastive, episodic, cell AUROC 4 8 16 8+16: {mean}", flush=True)
        if step % 100 == 99 or step == last - 1:
            torch.save(average.state_dict(), args.out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--pools", nargs="+", required=True)
    parser.add_argument("--masks", required=True)
    parser.add_argument("--start", help="weights to continue from")
    parser.add_argument("--iterations", type=int, default=4000)
    parser.add_argument("--stop", type=int, help="stop after so many steps of the schedule")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folders", type=int, default=4)
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--contrast", type=float, default=0.5)
    parser.add_argument("--spare", type=float, default=1.5, help="how much less other places of the same folder are pushed away")
    parser.add_argument("--episodic", type=float, default=1.0)
    parser.add_argument("--bfloat16", type=int, default=1, help="convolutions in bfloat16: half the time where the processor has it")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--lcn", type=int, default=1)
    parser.add_argument("--wide", type=int, default=1)
    train(parser.parse_args())
