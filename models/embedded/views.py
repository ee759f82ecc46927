"""Two views of every training picture: how they are framed, and what light and camera do to them.

Shapes: pictures [n, C, H, W] in 0..1; CROP is the side of a view. Coordinates of frames are -1..1, as torch has them.
"""
from __future__ import annotations

import math

import cv2
import numpy as np
import torch
import torch.nn.functional as F

CROP = 160
"""Side of a training view in pixels: 10 x 10 cells at stride 16."""


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
    return torch.tensor(rng.choice(values, folders), dtype=torch.float32).repeat_interleave(pictures)


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
    some = torch.tensor(rng.permutation(n)[: n // 4])
    x[some] = blur(x[some], float(rng.uniform(0.4, 1.3)))
    channels = 1 if rng.random() < 0.5 else 3
    return (x + torch.randn(n, channels, CROP, CROP) * 0.03 * strength * torch.rand(n, 1, 1, 1)).clamp(0, 1)


def through_jpeg(rng: np.random.Generator, views: tuple[torch.Tensor, ...], folders: int, share: float) -> None:
    """Code the views [n, 3, CROP, CROP] (0..1) of a share of the folders as JPEG, each folder at a quality of its own; in place."""
    pictures = len(views[0]) // folders
    for folder in np.flatnonzero(rng.random(folders) < share) * pictures:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 97))]
        for view in (v[i] for i in range(folder, folder + pictures) for v in views):
            rgb = (view.permute(1, 2, 0) * 255).round().byte().cpu().numpy()
            decoded = cv2.imdecode(cv2.imencode(".jpg", rgb[..., ::-1], quality)[1], cv2.IMREAD_COLOR)[..., ::-1]
            view.copy_(torch.from_numpy(decoded.copy()).permute(2, 0, 1).float() / 255)
