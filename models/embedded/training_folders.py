"""Families of folders, cameras and defect shapes of the training half."""
from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from primitives import Draw, Rng, axes, octaves, over, sigmoid, stretch, to_bytes
from training_shapes import marks, shape
from training_textures import SIDE, fractal_field, spectrum_field, texture


def shaded(rng: Rng) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Lights a texture as if the shape were round. Returns (texture, distance from the centre) -> picture."""
    strength, angle, gloss = float(rng.choice([0, 0.4, 0.8])), float(rng.uniform(0, 2 * np.pi)), float(rng.choice([0, 0, 0.5]))

    def light(picture: np.ndarray, away: np.ndarray) -> np.ndarray:
        if not strength:
            return picture
        u, _ = axes(SIDE, angle, SIDE / 2, SIDE / 2)
        height = np.sqrt(np.clip(1 - np.clip(away, 0, 1) ** 2, 0, 1))
        lit = picture * (1 - strength + strength * (height * 0.8 + 0.35 + 0.5 * u / SIDE))[..., None]
        return lit + (gloss * np.exp(-((away - 0.35) ** 2) / 0.02) * (u > 0))[..., None] if gloss else lit

    return light


def surface_folder(rng: Rng) -> Draw:
    """One texture filling the picture."""
    return texture(rng)


def mixture_folder(rng: Rng) -> Draw:
    """Two textures in soft or hard patches."""
    first, second = texture(rng), texture(rng)
    scale, hard = float(2 ** rng.uniform(3, 6)), float(rng.uniform(2, 15))

    def draw(r: Rng) -> np.ndarray:
        where = sigmoid((stretch(octaves(r, SIDE, scale, 3)) - 0.5) * hard)
        return over(first(r), where, second(r))

    return draw


def object_folder(rng: Rng) -> Draw:
    """One object, sometimes with an inner part or a print, on a background."""
    ground, body, inlay = texture(rng), texture(rng), texture(rng)
    outline, inner = shape(rng), shape(rng)
    light = shaded(rng)
    radius, spin, wander = float(rng.uniform(36, 90)), float(rng.choice([0, 0.1, np.pi])), float(rng.choice([1, 4, 14]))
    has_inner, printed = rng.random() < 0.4, marks(rng) if rng.random() < 0.25 else None

    def draw(r: Rng) -> np.ndarray:
        cx, cy = SIDE / 2 + r.normal(0, wander, 2)
        alpha, away = outline(r, cx, cy, radius * r.uniform(0.93, 1.07), r.uniform(-1, 1) * spin)
        skin = light(body(r), away)
        if printed:
            move = np.float32([[1, 0, cx - SIDE / 2], [0, 1, cy - SIDE / 2]])
            skin = over(skin, cv2.warpAffine(printed[0], move, (SIDE, SIDE)), printed[1])
        picture = over(ground(r), alpha, skin)
        if has_inner:
            mark, away = inner(r, cx, cy, radius * 0.4, r.uniform(-1, 1) * spin)
            picture = over(picture, mark * alpha, light(inlay(r), away))
        return picture

    return draw


def assembly_folder(rng: Rng) -> Draw:
    """Parts and lines at fixed places."""
    ground, skins, shapes = texture(rng), [texture(rng) for _ in range(4)], [shape(rng) for _ in range(4)]
    light, wander = shaded(rng), float(rng.choice([1, 4, 10]))
    parts = [(int(rng.integers(4)), int(rng.integers(4)), *rng.uniform(18, SIDE - 18, 2), float(rng.uniform(5, 46)),
              float(rng.choice([0, np.pi / 2, rng.uniform(0, 6.28)]))) for _ in range(int(rng.integers(2, 12)))]
    lines = [(rng.uniform(0, SIDE, 4), rng.uniform(0, 1, 3), int(rng.integers(1, 6))) for _ in range(int(rng.integers(0, 8)))]

    def draw(r: Rng) -> np.ndarray:
        picture = np.ascontiguousarray(ground(r), np.float32)
        painted = [skin(r) for skin in skins]
        dx, dy = r.normal(0, wander, 2)
        for ends, colour, weight in lines:
            a, b = (int(ends[0] + dx), int(ends[1] + dy)), (int(ends[2] + dx), int(ends[3] + dy))
            cv2.line(picture, a, b, tuple(map(float, colour)), weight, cv2.LINE_AA)
        for form, skin, x, y, radius, rotation in parts:
            alpha, away = shapes[form](r, x + dx + r.normal(0, 1), y + dy + r.normal(0, 1), radius, rotation + r.normal(0, 0.03))
            picture = over(picture, alpha, light(painted[skin], away))
        return picture

    return draw


def leaves_folder(rng: Rng) -> Draw:
    """Dead leaves: textured shapes falling on each other."""
    skins, shapes, light = [texture(rng) for _ in range(3)], [shape(rng) for _ in range(2)], shaded(rng)
    ground, count = texture(rng), int(rng.integers(6, 32))
    small, large = float(rng.uniform(5, 12)), float(rng.uniform(14, 48))

    def draw(r: Rng) -> np.ndarray:
        picture, painted = ground(r), [skin(r) for skin in skins]
        for _ in range(count):
            alpha, away = shapes[r.integers(2)](r, *r.uniform(0, SIDE, 2), r.uniform(small, large), r.uniform(0, 6.28))
            picture = over(picture, alpha, light(painted[r.integers(3)], away))
        return picture

    return draw


def print_folder(rng: Rng) -> Draw:
    """A surface with one or two prints at a fixed place, slightly misregistered."""
    ground, prints = texture(rng), [marks(rng) for _ in range(int(rng.integers(1, 3)))]
    wander = float(rng.choice([0.5, 2, 6]))

    def draw(r: Rng) -> np.ndarray:
        picture = ground(r)
        for alpha, colour in prints:
            move = np.float32([[1, 0, r.normal(0, wander)], [0, 1, r.normal(0, wander)]])
            picture = over(picture, cv2.warpAffine(alpha, move, (SIDE, SIDE)), colour)
        return picture

    return draw


def metal_folder(rng: Rng) -> Draw:
    """Grey cast or turned metal: faint mottling or rings, strong uneven light, soft dark or bright bands."""
    mottle, streaks = fractal_field(rng), spectrum_field(rng)
    level, contrast, turned = float(rng.uniform(0.2, 0.7)), float(2 ** rng.uniform(-4.5, -1.5)), rng.random() < 0.3
    centre, pitch, mix = rng.uniform(-0.5, 1.5, 2) * SIDE, float(rng.uniform(2, 14)), float(rng.uniform(0, 1))
    tint = 1 + rng.normal(0, 0.05, 3)
    bands = [(float(rng.uniform(0, np.pi)), float(rng.uniform(-0.5, 0.5)), float(rng.uniform(4, 40)), float(rng.normal(0, 0.3)))
             for _ in range(int(rng.integers(0, 4)))]

    def draw(r: Rng) -> np.ndarray:
        field = mottle(r) * mix + streaks(r) * (1 - mix)
        if turned:
            u, v = axes(SIDE, 0, *(centre + r.normal(0, 6, 2)))
            field = field * 0.6 + 0.4 * (0.5 + 0.5 * np.sin(np.hypot(u, v) * 2 * np.pi / pitch))
        light = np.ones_like(field)
        for angle, offset, width, strength in bands:
            u, _ = axes(SIDE, angle, SIDE / 2, SIDE / 2)
            light = light * (1 + strength * np.exp(-(((u - offset * SIDE + r.normal(0, 5)) / width) ** 2)))
        return (np.clip(level + (field - 0.5) * contrast, 0, 1) * light)[..., None] * tint

    return draw


FAMILIES = (surface_folder, surface_folder, surface_folder, mixture_folder, object_folder, object_folder, object_folder,
            assembly_folder, leaves_folder, print_folder, metal_folder, metal_folder)


def nuisance(rng: Rng) -> Callable[[Rng, np.ndarray], np.ndarray]:
    """What a camera does to a folder: light, gradient, vignette, blotches, framing bands, blur, noise, grey."""
    gain, slope, blotch = float(rng.choice([0, 0.05, 0.15, 0.3])), float(rng.choice([0, 0.1, 0.3, 0.6])), float(rng.choice([0, 0, 0.3, 0.7]))
    noise, blur, band = float(rng.choice([0, 0.01, 0.02, 0.05])), float(rng.choice([0, 0.5, 1])), float(rng.choice([0, 0, 0.3, 0.6]))
    grey, exposure = rng.random() < 0.25, float(rng.choice([1, 1, 1, 0.5]))

    def apply(r: Rng, picture: np.ndarray) -> np.ndarray:
        u, v = axes(SIDE, r.uniform(0, 2 * np.pi), SIDE / 2, SIDE / 2)
        light = (1 + r.uniform(-1, 1) * gain) * (1 + slope * r.uniform(0, 1) * u / (SIDE / 2))
        if slope and r.random() < 0.3:
            light = light * (1 - 0.6 * slope * (u * u + v * v) / (SIDE * SIDE / 2))
        if blotch:
            cloud = octaves(r, SIDE, float(r.uniform(60, 120)), aspect=float(r.choice([0.6, 1, 1.6])))
            light = light * np.exp(blotch * r.uniform(0, 1) * np.clip(cloud, -1.5, 1.5))
        picture = picture * np.clip(light * exposure, 0.1, 3)[..., None] + r.uniform(-1, 1) * gain * 0.3
        if band:
            for _ in range(int(r.integers(1, 3))):
                u, _ = axes(SIDE, r.integers(4) * np.pi / 2, SIDE / 2, SIDE / 2)
                depth = np.clip(u + SIDE / 2 - r.uniform(0, 24), 0, None)
                picture = picture * (1 + r.uniform(-1.5, 1.5) * band * np.exp(-depth / r.uniform(4, 17)))[..., None]
        if blur and (sigma := r.uniform(0, blur)) > 0.3:
            picture = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), sigma)
        if noise:
            channels = 1 if r.random() < 0.5 else 3
            picture = picture + r.standard_normal((SIDE, SIDE, channels)).astype(np.float32) * noise * r.uniform(0.3, 1)
        return np.repeat(picture.mean(2, keepdims=True), 3, 2) if grey else picture

    return apply


def folder(rng: Rng) -> Draw:
    """A training folder of a random family with its own nuisance; never an almost constant one."""
    while True:
        draw, camera = FAMILIES[rng.integers(len(FAMILIES))](rng), nuisance(rng)
        if to_bytes(camera(rng, draw(rng))).std() > 3:
            return lambda r: camera(r, draw(r))


def defect_shape(rng: Rng) -> np.ndarray:
    """Opacity of a training defect: scratch, crack, dots, blob or polygon, hard or soft. Field in 0..1."""
    kind = rng.choice(["scratch", "crack", "dots", "blob", "polygon"])
    field = np.zeros((SIDE, SIDE), np.float32)
    at = rng.uniform(0.15, 0.85, 2) * SIDE
    if kind in ("scratch", "crack"):
        straight = kind == "scratch"
        for _ in range(1 if straight else int(rng.integers(1, 4))):
            point, angle, bend = at.copy(), rng.uniform(0, 2 * np.pi), rng.normal(0, 0.15)
            steps = 12 if straight else int(rng.integers(8, 25))
            stride = rng.uniform(10, 80) / 12 if straight else 2.8
            points = []
            for _ in range(steps):
                points.append(point.copy())
                angle += bend if straight else rng.normal(0, 0.5)
                point = point + stride * np.array([np.cos(angle), np.sin(angle)])
            cv2.polylines(field, [np.array(points).astype(np.int32)], False, 1.0, int(rng.integers(1, 5 if straight else 3)), cv2.LINE_AA)
    elif kind == "dots":
        for _ in range(int(rng.integers(1, 7))):
            x, y = at + rng.normal(0, 12, 2)
            cv2.circle(field, (int(x), int(y)), int(rng.integers(2, 7)), 1.0, -1, cv2.LINE_AA)
    else:
        field, _ = shape(rng, "blob" if kind == "blob" else None)(rng, *at, float(2 ** rng.uniform(2.3, 5)), rng.uniform(0, 6.28))
    if rng.random() < 0.4:
        field = cv2.GaussianBlur(field, (0, 0), rng.uniform(0.6, 3.5))
        field /= max(field.max(), 1e-3)
    return field
