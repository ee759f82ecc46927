"""Families of the held-out half: no training picture is drawn by any of them."""
from __future__ import annotations

import cv2
import numpy as np

from primitives import Draw, Rng, axes, octaves, over

HELD_SIDE = 288
"""Side of a held-out picture in pixels, before a family cuts it to another size."""


def grain(rng: Rng, side: int, sigma: float, amount: float) -> np.ndarray:
    """Smooth noise of unit strength times amount, [S, S, 1]."""
    noise = cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), sigma)
    return (amount * noise / (noise.std() + 1e-6))[..., None]


def labyrinth_folder(rng: Rng) -> Draw:
    """Turing-like labyrinths or spots: noise sharpened again and again at one wavelength."""
    sigma, bias, steps = float(rng.uniform(1.6, 4)), float(rng.uniform(-0.25, 0.25)), int(rng.integers(5, 9))
    low, high = rng.uniform(0.15, 0.45, 3), rng.uniform(0.5, 0.85, 3)

    def draw(r: Rng) -> np.ndarray:
        field = r.standard_normal((HELD_SIDE, HELD_SIDE)).astype(np.float32)
        for _ in range(steps):
            field = cv2.GaussianBlur(field, (0, 0), sigma) - cv2.GaussianBlur(field, (0, 0), sigma * 1.7)
            field = np.tanh(3 * (field / field.std() + bias))
        return low + (high - low) * (0.5 + 0.5 * field)[..., None] + grain(r, HELD_SIDE, 0.8, 0.015)

    return draw


def wood_folder(rng: Rng) -> Draw:
    """Planks: growth rings cut lengthwise, with pores along the fibre."""
    pitch, along = float(rng.uniform(6, 22)), float(rng.uniform(0, np.pi))
    dark, light = np.array([0.3, 0.18, 0.1]) * rng.uniform(0.7, 1.6), np.array([0.75, 0.55, 0.35]) * rng.uniform(0.8, 1.2)

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(HELD_SIDE, along + r.normal(0, 0.03), HELD_SIDE / 2, HELD_SIDE / 2)
        depth = r.uniform(20, 80)
        radius = np.hypot(v + r.uniform(-60, 60), depth) + 0.04 * u + 4 * octaves(r, HELD_SIDE, 90, 2)
        ring = np.mod(radius / pitch, 1) ** 2
        fibre = cv2.GaussianBlur(r.standard_normal((HELD_SIDE, HELD_SIDE)).astype(np.float32), (0, 0), 9, sigmaY=0.6)
        turn = cv2.getRotationMatrix2D((HELD_SIDE / 2, HELD_SIDE / 2), -np.degrees(along), 1.5)
        fibre = cv2.warpAffine(fibre, turn, (HELD_SIDE, HELD_SIDE), borderMode=cv2.BORDER_REFLECT)
        return (light + (dark - light) * ring[..., None]) * (1 + 0.6 * fibre)[..., None]

    return draw


def twill_folder(rng: Rng) -> Draw:
    """Cloth drawn thread by thread: an over-under pattern, each thread round and of its own shade."""
    pitch, over_count, step = float(rng.uniform(7, 14)), int(rng.integers(2, 4)), int(rng.integers(1, 3))
    warp, weft = rng.uniform(0.2, 0.9, 3), rng.uniform(0.2, 0.9, 3)
    angle, shade = float(rng.normal(0, 0.2)), float(rng.uniform(0.02, 0.08))

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(HELD_SIDE, angle + r.normal(0, 0.01), r.uniform(-50, 0), r.uniform(-50, 0))
        u = u + 0.6 * octaves(r, HELD_SIDE, 70)
        i, j = np.floor(u / pitch).astype(int), np.floor(v / pitch).astype(int)
        a, b = np.mod(u / pitch, 1), np.mod(v / pitch, 1)
        up = np.mod(i + step * j, over_count + 1) < over_count
        across, length = np.where(up, a, b), np.where(up, b, a)
        round_ = np.sin(np.pi * across) ** 0.7 * (0.8 + 0.2 * np.sin(np.pi * length))
        tones = 1 + r.normal(0, shade, 400)
        tone = np.where(up, tones[np.mod(i, 200)], tones[200 + np.mod(j, 200)])
        return np.where(up[..., None], warp, weft) * (round_ * tone)[..., None]

    return draw


def granules_folder(rng: Rng) -> Draw:
    """A bed of lit balls lying on each other."""
    small, large = float(rng.uniform(5, 8)), float(rng.uniform(9, 16))
    tones, light = rng.uniform(0.3, 0.9, (int(rng.integers(1, 4)), 3)), rng.normal(0, 1, 2)
    light = np.array([*light / np.hypot(*light) * 0.6, 0.8])

    def draw(r: Rng) -> np.ndarray:
        picture = np.full((HELD_SIDE, HELD_SIDE, 3), 0.08, np.float32)
        count = int(5 * HELD_SIDE**2 / (np.pi * (small + large) ** 2 / 4))
        for _ in range(count):
            radius, (cx, cy) = r.uniform(small, large), r.uniform(-8, HELD_SIDE + 8, 2)
            x0, x1 = max(0, int(cx - radius)), min(HELD_SIDE, int(cx + radius) + 2)
            y0, y1 = max(0, int(cy - radius)), min(HELD_SIDE, int(cy + radius) + 2)
            if x0 >= x1 or y0 >= y1:
                continue
            y, x = np.mgrid[y0:y1, x0:x1]
            nx, ny = (x - cx) / radius, (y - cy) / radius
            nz = np.sqrt(np.clip(1 - nx * nx - ny * ny, 0, 1))
            lit = np.clip(nx * light[0] + ny * light[1] + nz * light[2], 0, 1) * 0.85 + 0.15
            alpha = (np.clip((1 - np.hypot(nx, ny)) * radius, 0, 1))[..., None]
            ball = tones[r.integers(len(tones))] * (lit * r.uniform(0.9, 1.1))[..., None]
            picture[y0:y1, x0:x1] += alpha * (ball - picture[y0:y1, x0:x1])
        return picture

    return draw


def board_folder(rng: Rng) -> Draw:
    """A circuit board: traces at 45 degrees, pads and chips, always the same layout, a little out of place."""
    side = HELD_SIDE
    plan = np.zeros((side, side, 3), np.float32) + rng.uniform(0.05, 0.35, 3) * (0.5, 1.3, 0.7)
    copper = rng.uniform(0.1, 0.5, 3) * (0.8, 1.4, 0.8)
    for _ in range(int(rng.integers(12, 26))):
        point, heading, points = rng.integers(2, 22, 2) * 12, rng.integers(0, 8), []
        for _ in range(int(rng.integers(2, 6))):
            points.append(point.copy())
            heading = (heading + rng.integers(-1, 2)) % 8
            step = np.array([round(np.cos(heading * np.pi / 4)), round(np.sin(heading * np.pi / 4))])
            point = point + step * 12 * rng.integers(1, 6)
        cv2.polylines(plan, [np.array(points).astype(np.int32)], False, tuple(map(float, copper)), 3, cv2.LINE_AA)
        for x, y in (points[0], points[-1]):
            cv2.circle(plan, (int(x), int(y)), 6, (0.8, 0.75, 0.55), -1, cv2.LINE_AA)
            cv2.circle(plan, (int(x), int(y)), 2, (0.05, 0.05, 0.05), -1, cv2.LINE_AA)
    for _ in range(int(rng.integers(2, 5))):
        x, y, w, h = *rng.integers(30, side - 90, 2), *rng.integers(30, 70, 2)
        for k in range(0, w - 4, 9):
            cv2.rectangle(plan, (x + k, y - 7), (x + k + 4, y + h + 7), (0.75, 0.75, 0.78), -1)
        cv2.rectangle(plan, (x, y), (x + w, y + h), (0.1, 0.1, 0.12), -1)
        cv2.circle(plan, (x + 8, y + 8), 3, (0.35, 0.35, 0.35), -1, cv2.LINE_AA)

    def draw(r: Rng) -> np.ndarray:
        move = cv2.getRotationMatrix2D((side / 2, side / 2), r.normal(0, 0.8), 1 + r.normal(0, 0.006))
        move[:, 2] += r.normal(0, 2.5, 2)
        return cv2.warpAffine(plan, move, (side, side), borderMode=cv2.BORDER_REFLECT) + grain(r, side, 1, 0.012)

    return draw


def capsule_folder(rng: Rng) -> Draw:
    """A two-tone pill with a highlight, anywhere and turned anyhow, on a plain tray."""
    halves, tray = rng.uniform(0.2, 0.95, (2, 3)), rng.uniform(0.1, 0.9, 3)
    length, radius = float(rng.uniform(60, 90)), float(rng.uniform(32, 46))
    turn = float(rng.choice([0.15, np.pi]))

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(HELD_SIDE, r.uniform(-1, 1) * turn, *(HELD_SIDE / 2 + r.normal(0, 8, 2)))
        beyond = np.maximum(np.abs(u) - length, 0)
        away = np.hypot(beyond, v) / radius
        height = np.sqrt(np.clip(1 - away**2, 0, 1))
        body = np.where((u > 0)[..., None], halves[0], halves[1]) * (0.35 + 0.65 * height)[..., None]
        body = body + (0.5 * np.exp(-(((v / radius + 0.45) / 0.12) ** 2)) * (np.abs(u) < length * 0.9))[..., None]
        body = body * (1 - 0.25 * np.exp(-((u / 1.5) ** 2)))[..., None]
        shadow = 1 - 0.4 * np.exp(-np.maximum(away - 1, 0) * 6)
        alpha = np.clip((1 - away) * radius, 0, 1)
        return over(tray * shadow[..., None] + grain(r, HELD_SIDE, 1.2, 0.012), alpha, body)

    return draw


def cap_folder(rng: Rng) -> Draw:
    """A round cap: toothed rim, grooves, a hub, lit like turned metal; any rotation."""
    teeth, depth, spokes = int(rng.integers(12, 36)), float(rng.uniform(0.03, 0.1)), int(rng.integers(3, 7))
    tone, ground = rng.uniform(0.35, 0.8, 3) * 0.3 + rng.uniform(0.3, 0.6), rng.uniform(0.05, 0.9, 3)
    grooves, hub = float(rng.uniform(30, 70)), float(rng.uniform(0.2, 0.4))

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(HELD_SIDE, 0, *(HELD_SIDE / 2 + r.normal(0, 3, 2)))
        away, turn, spin = np.hypot(u, v) / 105, np.arctan2(v, u), r.uniform(0, 2 * np.pi)
        edge = 1 + depth * np.tanh(3 * np.sin(teeth * (turn + spin)))
        metal = 0.7 + 0.2 * np.cos(2 * turn + 0.7) + 0.06 * np.sin(away * grooves)
        metal = np.where(away < hub, 0.5 + 0.3 * np.cos(turn), metal)
        metal = metal - 0.25 * ((np.sin(spokes * (turn + spin)) > 0.8) & (away > hub + 0.1) & (away < 0.75))
        alpha = np.clip((edge - away) * 105, 0, 1)
        return over(np.ones((HELD_SIDE, HELD_SIDE, 1)) * ground, alpha, cv2.GaussianBlur(metal.astype(np.float32), (3, 3), 0)[..., None] * tone * 1.4) + grain(r, HELD_SIDE, 0.9, 0.015)

    return draw


def terrazzo_folder(rng: Rng) -> Draw:
    """Angular chips of a few stones set in a speckled matrix."""
    stones, matrix = rng.uniform(0.2, 0.9, (int(rng.integers(3, 6)), 3)), rng.uniform(0.4, 0.9, 3)
    count, large = int(rng.integers(60, 160)), float(rng.uniform(8, 20))

    def draw(r: Rng) -> np.ndarray:
        picture = (matrix + grain(r, HELD_SIDE, 0.7, 0.03)).astype(np.float32)
        for _ in range(count):
            size = r.exponential(large / 2) + 3
            points = r.uniform(0, HELD_SIDE, 2) + r.uniform(-1, 1, (7, 2)) * min(size, 30)
            hull = cv2.convexHull(points.astype(np.float32)).astype(np.int32)
            colour = np.clip(stones[r.integers(len(stones))] * r.uniform(0.9, 1.1), 0, 1)
            cv2.fillPoly(picture, [hull], tuple(map(float, colour)), cv2.LINE_AA)
        return cv2.GaussianBlur(picture, (3, 3), 0)

    return draw


def slab_folder(rng: Rng) -> Draw:
    """Dull grey slabs of uneven size, brightness and light, faintly mottled: hard because they differ so much."""
    base, mottle = float(rng.uniform(0.25, 0.6)), float(rng.uniform(0.01, 0.04))
    scale, speck = float(rng.uniform(6, 30)), float(rng.uniform(0.005, 0.03))

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(HELD_SIDE, r.uniform(0, 6.28), *(HELD_SIDE * r.uniform(0.2, 0.8, 2)))
        cloud = cv2.GaussianBlur(r.standard_normal((HELD_SIDE, HELD_SIDE)).astype(np.float32), (0, 0), scale / 2)
        level = base * r.uniform(0.6, 1.5) * (1 - 0.25 * r.uniform(0, 1) * (u * u + v * v) / HELD_SIDE**2)
        picture = level + mottle * cloud / cloud.std()
        if r.random() < 0.4:
            rim = np.clip((u + HELD_SIDE * 0.5) / 25, 0, 1)
            picture = picture * (0.45 + 0.55 * rim)
        picture = picture[..., None] + grain(r, HELD_SIDE, 0.6, speck)
        h, w = r.integers(150, HELD_SIDE + 1, 2)
        return np.repeat(picture[:h, :w], 3, 2)

    return draw


def cable_folder(rng: Rng) -> Draw:
    """A cut cable: a sheath with insulated cores of copper strands, turned a little."""
    cores = int(rng.integers(3, 5))
    skins, sheath = rng.uniform(0.15, 0.9, (cores, 3)), rng.uniform(0.1, 0.5, 3)
    spin = float(rng.choice([0.05, 0.4]))

    def draw(r: Rng) -> np.ndarray:
        centre, turn = HELD_SIDE / 2 + r.normal(0, 4, 2), r.uniform(-1, 1) * spin
        picture = np.zeros((HELD_SIDE, HELD_SIDE, 3), np.float32) + 0.85
        cv2.circle(picture, tuple(centre.astype(int).tolist()), 125, tuple(map(float, sheath)), -1, cv2.LINE_AA)
        cv2.circle(picture, tuple(centre.astype(int).tolist()), 112, (0.2, 0.2, 0.2), -1, cv2.LINE_AA)
        for k in range(cores):
            angle = turn + 2 * np.pi * k / cores
            at = centre + 58 * np.array([np.cos(angle), np.sin(angle)]) + r.normal(0, 1.5, 2)
            cv2.circle(picture, tuple(at.astype(int).tolist()), 46, tuple(map(float, skins[k])), -1, cv2.LINE_AA)
            for _ in range(60):
                spread = 30 * np.sqrt(r.random())
                direction = r.uniform(0, 2 * np.pi)
                x, y = at + spread * np.array([np.cos(direction), np.sin(direction)])
                shade = r.uniform(0.6, 1)
                cv2.circle(picture, (int(x), int(y)), 5, (0.85 * shade, 0.55 * shade, 0.35 * shade), -1, cv2.LINE_AA)
        return cv2.GaussianBlur(picture, (0, 0), 0.8) + grain(r, HELD_SIDE, 0.8, 0.012)

    return draw


HELD_FAMILIES = {
    "labyrinth": labyrinth_folder, "wood": wood_folder, "twill": twill_folder, "granules": granules_folder,
    "board": board_folder, "capsule": capsule_folder, "cap": cap_folder, "terrazzo": terrazzo_folder,
    "slab": slab_folder, "cable": cable_folder,
}
