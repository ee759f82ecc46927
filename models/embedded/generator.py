"""Procedural pictures: folders to train on, and held-out folders to choose between trained networks.

    python3 generator.py pool SEED FOLDERS PICTURES OUT.npy      training folders, uint8 [F, P, SIDE, SIDE, 3]
    python3 generator.py masks SEED COUNT OUT.npy                defect shapes, uint8 [M, SIDE, SIDE]
    python3 generator.py sheet SEED OUT.png                      a contact sheet of both halves, to look at

A *folder* is what the product gets: pictures of one product. It is a fixed random program (which textures, shapes,
places and colours) that draws every picture with fresh noise and a little jitter. Everything is seeded.

Nothing is shared between the training half and the held-out half but the noise and drawing primitives of the first
section: the held-out families (labyrinth, wood, twill, granules, board, capsule, cap, terrazzo, slab, cable) and defect
kinds (hair, chip, smear, dent, hole, rust, turned patch, droplet) never occur in training.

Coordinates are pixels, x to the right and y down; pictures are float32 RGB in 0..1 [S, S, 3] until the last step;
a *field* is a float32 array [S, S].
"""
from __future__ import annotations

import sys
from collections.abc import Callable

import cv2
import numpy as np

cv2.setNumThreads(1)
Rng = np.random.Generator
Draw = Callable[[Rng], np.ndarray]
"""A folder's program: draws its next picture."""

SIDE = 192
"""Side of a training picture in pixels."""

# ------------------------------------------------------------------------------------------------ primitives


def stretch(field: np.ndarray) -> np.ndarray:
    """Map the 2nd..98th percentile of a field to 0..1 and clip."""
    low, high = np.percentile(field[::4, ::4], (2, 98))
    return np.clip((field - low) / (high - low + 1e-6), 0, 1).astype(np.float32)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))


def octaves(rng: Rng, side: int, scale: float, count: int = 1, persistence: float = 0.5, aspect: float = 1.0) -> np.ndarray:
    """Value noise. scale: size of the coarsest blobs in pixels; aspect > 1 stretches them along x."""
    field = np.zeros((side, side), np.float32)
    amplitude = 1.0
    for _ in range(count):
        rows, cols = (max(2, int(side / scale * a) + 2) for a in (aspect, 1 / aspect))
        if rows > side or cols > side:
            return field + amplitude * rng.standard_normal((side, side)).astype(np.float32)
        coarse = rng.standard_normal((rows, cols)).astype(np.float32)
        field += amplitude * cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
        amplitude *= persistence
        scale /= 2
        if scale < 1:
            break
    return field


def axes(side: int, angle: float = 0.0, cx: float = 0.0, cy: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates in pixels along a frame turned by angle (radians) around (cx, cy)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return (x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s


def over(below: np.ndarray, alpha: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Lay a picture or one colour above another with a field as its opacity."""
    return below + alpha[..., None] * (above - below)


def ramp(field: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Colour a field in 0..1 by interpolating a list of colours [K, 3]."""
    at = np.clip(field, 0, 1) * (len(colours) - 1)
    i = np.minimum(at.astype(np.int32), len(colours) - 2)
    t = (at - i)[..., None].astype(np.float32)
    return colours[i] * (1 - t) + colours[i + 1] * t


def relief(field: np.ndarray, angle: float, sigma: float = 1.2) -> np.ndarray:
    """Slope of a field in the direction of the light: what makes bumps look lit."""
    smooth = cv2.GaussianBlur(field.astype(np.float32), (0, 0), sigma)
    return np.cos(angle) * cv2.Sobel(smooth, cv2.CV_32F, 1, 0) + np.sin(angle) * cv2.Sobel(smooth, cv2.CV_32F, 0, 1)


def palette(rng: Rng, count: int) -> np.ndarray:
    """Colours around one base colour, from nearly grey to vivid. [count, 3]"""
    base = rng.uniform(0, 1, 3)
    saturation = rng.choice([0, 0.15, 0.4, 1.0])
    span = rng.choice([0.08, 0.2, 0.5, 1.0])
    tone = base.mean() * (1 - saturation) + base * saturation
    shades = (rng.uniform(0, 1, (count, 1)) - 0.5) * span
    return np.clip(shades + tone + rng.normal(0, 0.12, (count, 3)) * saturation, 0, 1).astype(np.float32)


def to_bytes(picture: np.ndarray) -> np.ndarray:
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


# ------------------------------------------------------------------------------------------------ training: textures


def fractal_field(rng: Rng) -> Draw:
    """Multi-octave noise, sometimes as ridges, sometimes nearly flat."""
    scale, count, persistence = float(2 ** rng.uniform(1, 6)), int(rng.integers(1, 6)), float(rng.uniform(0.3, 1))
    aspect = float(2 ** rng.uniform(-1.5, 1.5)) if rng.random() < 0.4 else 1.0
    kind = rng.choice(["plain", "plain", "ridge", "flat"])

    def draw(r: Rng) -> np.ndarray:
        if kind == "flat":
            return stretch(octaves(r, SIDE, 70)) * 0.15 + 0.4
        field = octaves(r, SIDE, scale, count, persistence, aspect)
        return stretch(-np.abs(field) if kind == "ridge" else field)

    return draw


def spectrum_field(rng: Rng) -> Draw:
    """Noise with a random spectrum: bands, directions, or brushed streaks."""
    fy, fx = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    if rng.random() < 0.45:  # brushed: long along one direction
        angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
        u, v = fx * np.cos(angle) + fy * np.sin(angle), fy * np.cos(angle) - fx * np.sin(angle)
        a = 2 ** rng.uniform(-4, -1)
        b = a * 2 ** rng.uniform(-6, -2.5)
        gain = np.exp(-u * u / (2 * a * a) - v * v / (2 * b * b)) * (np.hypot(u, v) + 0.01) ** -rng.uniform(0, 1)
    else:
        gain = 0
        for _ in range(rng.integers(1, 4)):
            f0, angle = 2 ** rng.uniform(-6, -1.3), rng.uniform(0, np.pi)
            width = f0 * rng.uniform(0.1, 0.6)
            if rng.random() < 0.5:
                away = (fx - f0 * np.cos(angle)) ** 2 + (fy - f0 * np.sin(angle)) ** 2
                gain = gain + np.exp(-away / (2 * width**2)) / width
            else:
                gain = gain + np.exp(-((np.hypot(fx, fy) - f0) ** 2) / (2 * width**2)) / width / 4
    gain = gain.astype(np.float32)

    def draw(r: Rng) -> np.ndarray:
        noise = np.fft.rfft2(r.standard_normal((SIDE, SIDE)).astype(np.float32))
        return stretch(np.fft.irfft2(noise * gain, (SIDE, SIDE)))

    return draw


def cells_field(rng: Rng) -> Draw:
    """Worley cells, scattered or on a jittered grid: distances, or flat cells with drawn borders."""
    count, regular, jitter = int(2 ** rng.uniform(3, 9.5)), rng.random() < 0.5, float(rng.uniform(0, 0.45))
    flat, contrast, border = rng.random() < 0.5, float(rng.choice([0, 0.3, 1.0])), float(rng.choice([0, 1]))

    def draw(r: Rng) -> np.ndarray:
        seeds = np.ones((SIDE, SIDE), np.uint8)
        if regular:
            k = max(2, int(count**0.5))
            grid = np.stack(np.meshgrid(np.arange(k), np.arange(k)), -1).reshape(-1, 2) + 0.5
            at = np.clip((grid + r.uniform(-jitter, jitter, (k * k, 2))) * SIDE / k, 0, SIDE - 1).astype(int)
            seeds[at[:, 1], at[:, 0]] = 0
        else:
            seeds[r.integers(0, SIDE, count), r.integers(0, SIDE, count)] = 0
        if not flat:
            return stretch(cv2.distanceTransform(seeds, cv2.DIST_L2, 3))
        _, label = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
        value = r.uniform(0, 1, label.max() + 1).astype(np.float32)[label] * contrast + 0.5 * (1 - contrast)
        value[cv2.Laplacian(label.astype(np.float32), cv2.CV_32F) != 0] = border
        return cv2.GaussianBlur(value, (3, 3), 0)

    return draw


def periodic_field(rng: Rng) -> Draw:
    """Stripes, grids, checks, bricks and weaves, straight or warped."""
    angle = float(rng.uniform(0, np.pi)) if rng.random() < 0.6 else 0.0
    turn, warp = float(rng.choice([0, 0.03, 0.3])), float(rng.choice([0, 0.5, 2, 5]))
    period, aspect, sharp = float(2 ** rng.uniform(1.8, 5.3)), float(2 ** rng.uniform(-1, 1)), float(rng.uniform(1, 6))
    kind = rng.choice(["stripes", "bumps", "grid", "checks", "bricks", "weave"])

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(SIDE, angle + r.normal(0, turn))
        wave = octaves(r, SIDE, 48, 2) * warp
        u, v = u + wave, v + wave[::-1]
        pu, pv = r.uniform(0, 2 * np.pi, 2)
        w = 2 * np.pi / period
        su, sv = np.sin(w * u + pu), np.sin(w * v * aspect + pv)
        if kind == "stripes":
            field = su
        elif kind == "bumps":
            field = su * sv
        elif kind == "grid":
            field = np.maximum(su, sv)
        elif kind == "checks":
            field = np.sign(su * sv) * 0.5 + 0.25 * (np.abs(su) + np.abs(sv))
        elif kind == "bricks":
            row = np.floor(v / period)
            a, b = np.mod(u / (2 * period) + 0.5 * np.mod(row, 2), 1), np.mod(v / period, 1)
            field = np.clip(np.minimum(np.minimum(a, 1 - a) * 2, np.minimum(b, 1 - b)) * sharp * 2, 0, 1)
        else:
            up = np.sign(su * sv)
            field = np.where(up > 0, np.abs(su), np.abs(sv)) * (1 + 0.3 * up)
        return stretch(np.tanh(field * sharp) if sharp > 3 else field)

    return draw


def specks_field(rng: Rng) -> Draw:
    """Scattered ellipses, of one direction or any."""
    count, radius, spread = int(2 ** rng.uniform(4, 9)), float(rng.uniform(0.5, 4)), float(rng.uniform(0, 0.6))
    aspect, angle, turn = float(2 ** rng.uniform(0, 2)), float(rng.uniform(0, 180)), float(rng.choice([5, 180]))

    def draw(r: Rng) -> np.ndarray:
        field = np.zeros((SIDE, SIDE), np.float32)
        for _ in range(count):
            size = radius * (1 + r.uniform(-1, 1) * spread)
            at = (int(r.integers(0, SIDE)), int(r.integers(0, SIDE)))
            half = (max(1, int(size * aspect)), max(1, int(size)))
            cv2.ellipse(field, at, half, angle + r.uniform(-1, 1) * turn, 0, 360, float(r.uniform(0.5, 1)), -1, cv2.LINE_AA)
        return cv2.GaussianBlur(field, (3, 3), 0)

    return draw


FIELDS = (fractal_field, fractal_field, fractal_field, spectrum_field, spectrum_field, spectrum_field,
          cells_field, periodic_field, periodic_field, specks_field)


def texture(rng: Rng) -> Draw:
    """A coloured surface made of one field: palette, threshold, uneven strength, relief, grain."""
    field_of = FIELDS[rng.integers(len(FIELDS))](rng)
    colours = palette(rng, int(rng.integers(2, 5)))
    threshold = (float(rng.uniform(0.3, 0.7)), float(rng.uniform(4, 30))) if rng.random() < 0.25 else None
    uneven = float(rng.choice([0, 0.5, 0.9]))
    bump, light = (float(rng.uniform(0.3, 2)) if rng.random() < 0.3 else 0.0), float(rng.uniform(0, 2 * np.pi))
    grain, grain_size = float(rng.choice([0, 0.01, 0.03, 0.08])), float(rng.choice([0, 0.7, 1.2]))

    def draw(r: Rng) -> np.ndarray:
        field = field_of(r)
        if uneven:
            field = 0.5 + (field - 0.5) * (1 - uneven * stretch(octaves(r, SIDE, 96, 2, 0.6)) * r.uniform(0, 1))
        if threshold:
            field = sigmoid((field - threshold[0]) * threshold[1])
        picture = ramp(field, colours)
        if bump:
            picture = picture * (1 + np.clip(relief(field, light) * bump, -0.7, 0.7))[..., None]
        if grain:
            noise = r.standard_normal((SIDE, SIDE)).astype(np.float32)
            if grain_size:
                noise = cv2.GaussianBlur(noise, (0, 0), grain_size) * 2 * grain_size
            picture = picture + grain * noise[..., None]
        return picture

    return draw


# ------------------------------------------------------------------------------------------------ training: shapes

Shape = Callable[[Rng, float, float, float, float], tuple[np.ndarray, np.ndarray]]
"""(rng, cx, cy, radius, rotation) -> (opacity, distance from the centre: 1 at the edge)."""


def shape(rng: Rng, kind: str | None = None) -> Shape:
    """A superellipse, polygon, blob or ring."""
    kind = kind or str(rng.choice(["super", "polygon", "blob", "ring"]))
    exponent, aspect, corners = float(rng.uniform(1.2, 6)), float(2 ** rng.uniform(-1, 1)), int(rng.integers(3, 9))
    waves = rng.normal(0, 1, (6, 2)) * (0.5 / np.arange(1, 7)[:, None]) * rng.uniform(0, 0.5)
    inner = float(rng.uniform(0.3, 0.8))

    def draw(r: Rng, cx: float, cy: float, radius: float, rotation: float) -> tuple[np.ndarray, np.ndarray]:
        u, v = axes(SIDE, rotation, cx, cy)
        u, v = u / radius, v / radius * aspect
        if kind == "super":
            away = (np.abs(u) ** exponent + np.abs(v) ** exponent) ** (1 / exponent)
        else:
            turn, away = np.arctan2(v, u), np.hypot(u, v)
            if kind == "polygon":
                step = np.pi / corners
                away = away * np.cos(np.mod(turn, 2 * step) - step) / np.cos(step)
            else:
                w = waves + r.normal(0, 0.03, (6, 2))
                edge = sum(w[i, 0] * np.cos((i + 1) * turn) + w[i, 1] * np.sin((i + 1) * turn) for i in range(6))
                away = away / (1 + np.clip(edge, -0.7, 0.7))
        alpha = np.clip((1 - away) * radius / 1.5 + 0.5, 0, 1)
        if kind == "ring":
            alpha = alpha * np.clip((away - inner) * radius / 1.5 + 0.5, 0, 1)
        return alpha.astype(np.float32), away

    return draw


def marks(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Something printed: rows of glyph-like strokes, a code of bars, or a ruled frame. Returns (opacity, colour)."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    kind = rng.choice(["glyphs", "bars", "frame", "dots"])
    x0, y0 = rng.uniform(0.1, 0.4, 2) * SIDE
    if kind == "glyphs":
        size, weight = rng.uniform(6, 22), int(rng.integers(1, 4))
        for row in range(int(rng.integers(1, 4))):
            for col in range(int(rng.integers(3, 10))):
                corner = np.array([x0 + col * size, y0 + row * size * 1.6])
                points = corner + rng.uniform(0, 1, (int(rng.integers(3, 6)), 2)) * (size * 0.8, size * 1.2)
                cv2.polylines(alpha, [points.astype(np.int32)], bool(rng.random() < 0.3), 1.0, weight, cv2.LINE_AA)
    elif kind == "bars":
        x, height = x0, rng.uniform(10, 50)
        while x < SIDE * 0.85:
            wide = rng.integers(1, 6)
            cv2.rectangle(alpha, (int(x), int(y0)), (int(x + wide), int(y0 + height)), 1.0, -1)
            x += wide + rng.integers(2, 7)
    elif kind == "frame":
        for inset in rng.uniform(6, 50, int(rng.integers(1, 4))):
            a, b = int(inset), int(SIDE - inset)
            cv2.rectangle(alpha, (a, a), (b, b), 1.0, int(rng.integers(1, 5)), cv2.LINE_AA)
    else:
        pitch, radius = rng.uniform(8, 24), int(rng.integers(1, 5))
        for y in np.arange(pitch, SIDE, pitch):
            for x in np.arange(pitch, SIDE, pitch):
                cv2.circle(alpha, (int(x), int(y)), radius, 1.0, -1, cv2.LINE_AA)
    return alpha * np.float32(rng.uniform(0.4, 1)), palette(rng, 1)[0]


# ------------------------------------------------------------------------------------------------ training: folders


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
    grey, exposure = rng.random() < 0.35, float(rng.choice([1, 1, 0.6, 0.35]))

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


# ------------------------------------------------------------------------------------------------ held out: families

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

# ------------------------------------------------------------------------------------------------ held out: defects

Damage = Callable[[Rng, np.ndarray, float, float], np.ndarray]
"""(rng, picture [H, W, 3], x, y) -> the damaged picture; the mask is where the two differ."""


def local(picture: np.ndarray, x: float, y: float, angle: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Turned pixel coordinates around (x, y), each [H, W]."""
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    c, s = np.cos(angle), np.sin(angle)
    return (cols - x) * c + (rows - y) * s, (rows - y) * c - (cols - x) * s


def ragged(rng: Rng, picture: np.ndarray, x: float, y: float, radius: float, rough: float = 0.3, soft: float = 1.0) -> np.ndarray:
    """An irregular round patch with an edge about soft pixels wide. Field [H, W] in 0..1."""
    u, v = local(picture, x, y, rng.uniform(0, np.pi))
    cloud = octaves(rng, max(picture.shape[:2]), radius * 0.8, 2)[: picture.shape[0], : picture.shape[1]]
    away = np.hypot(u, v * rng.uniform(1, 1.8)) / radius + rough * np.clip(cloud, -1.5, 1.5)
    return np.clip((1 - away) * radius / soft, 0, 1).astype(np.float32) * (np.hypot(u, v) < 2.2 * radius)


def hair(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A fibre lying on the product, with a faint shadow."""
    t = np.linspace(0, 1, 40)[:, None]
    a, b, c = (np.array([x, y]) + rng.normal(0, 28, 2) for _ in range(3))
    points = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c
    line = np.zeros(picture.shape[:2], np.float32)
    cv2.polylines(line, [(points * 8).astype(np.int32)], False, 1.0, int(rng.integers(1, 3)), cv2.LINE_AA, 3)
    shadow = cv2.GaussianBlur(np.roll(line, (2, 2), (0, 1)), (0, 0), 1.5)
    tone = rng.choice([0.05, 0.9]) * np.ones(3)
    return over(picture * (1 - 0.4 * shadow)[..., None], line * rng.uniform(0.6, 1), tone)


def chip(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A piece broken off: rough paler ground with a lit rim."""
    patch = ragged(rng, picture, x, y, rng.uniform(7, 18), 0.35)
    near = picture[max(0, int(y) - 12) : int(y) + 12, max(0, int(x) - 12) : int(x) + 12].mean((0, 1))
    rough = octaves(rng, max(picture.shape[:2]), 4, 2)[: picture.shape[0], : picture.shape[1], None]
    ground = near * rng.uniform(0.6, 1.4) + 0.05 * rough
    rim = relief(patch, rng.uniform(0, 6.28), 0.8) * 0.25
    return over(picture, patch, ground) + rim[..., None]


def smear(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """The surface dragged along one direction."""
    length = int(rng.integers(15, 28))
    kernel = cv2.getRotationMatrix2D((length / 2, length / 2), rng.uniform(0, 180), 1)
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1
    line = cv2.warpAffine(line, kernel, (length, length))
    dragged = cv2.filter2D(picture.astype(np.float32), -1, line / line.sum()) * rng.uniform(0.88, 1.12)
    return over(picture, ragged(rng, picture, x, y, rng.uniform(12, 26), 0.2, 3), dragged)


def dent(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """Pressed in: the surface pinched towards a point and shaded like a bowl."""
    radius, angle = rng.uniform(10, 22), rng.uniform(0, 2 * np.pi)
    u, v = local(picture, x, y)
    away = np.hypot(u, v) / radius
    inside = np.clip(1 - away, 0, 1)
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    pull = (0.5 * inside).astype(np.float32)
    moved = cv2.remap(picture.astype(np.float32), cols + u * pull, rows + v * pull, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    slope = (u * np.cos(angle) + v * np.sin(angle)) / radius * np.sin(np.pi * np.clip(away, 0, 1))
    return moved * (1 + rng.uniform(0.25, 0.6) * slope)[..., None]


def hole(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A dark pit with a bright crescent at one side."""
    radius = rng.uniform(3.5, 10)
    u, v = local(picture, x, y, rng.uniform(0, np.pi))
    away = np.hypot(u, v * rng.uniform(1, 1.6))
    pit = np.clip(radius - away + 0.5, 0, 1)
    crescent = np.clip(2.2 - np.abs(away - radius - 1), 0, 1) * np.clip(u / radius, 0, 1)
    return over(over(picture, pit * rng.uniform(0.6, 1), np.full(3, 0.06)), crescent * 0.6, np.full(3, 0.95))


def rust(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A brownish cloud that multiplies the surface, patchy inside."""
    patch = ragged(rng, picture, x, y, rng.uniform(12, 28), 0.5, 4)
    cloud = sigmoid(3 * octaves(rng, max(picture.shape[:2]), 7, 3)[: picture.shape[0], : picture.shape[1]])
    return over(picture, patch * cloud * rng.uniform(0.5, 1), picture * np.array([0.75, 0.5, 0.35]) + np.array([0.06, 0.02, 0]))


def turned(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A patch of the product put in turned by a quarter or mirrored."""
    half = int(rng.integers(14, 26))
    h, w = picture.shape[:2]
    cx, cy = int(np.clip(x, half, w - half)), int(np.clip(y, half, h - half))
    patch = picture[cy - half : cy + half, cx - half : cx + half]
    patch = np.rot90(patch, int(rng.choice([1, 3]))) if rng.random() < 0.7 else patch[::-1]
    v, u = np.mgrid[-half:half, -half:half] / half
    alpha = np.clip((1 - np.hypot(u, v)) * half / 2, 0, 1)
    out = picture.copy()
    out[cy - half : cy + half, cx - half : cx + half] = over(out[cy - half : cy + half, cx - half : cx + half], alpha, patch)
    return out


def droplet(rng: Rng, picture: np.ndarray, x: float, y: float) -> np.ndarray:
    """A clear drop: a lens with a dark edge and a glint."""
    radius = rng.uniform(8, 18)
    u, v = local(picture, x, y)
    away = np.hypot(u, v) / radius
    inside = np.clip((1 - away) * radius, 0, 1)
    rows, cols = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    zoom = (-0.5 * np.clip(1 - away * away, 0, 1)).astype(np.float32)
    lens = cv2.remap(picture.astype(np.float32), cols + u * zoom, rows + v * zoom, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    lens = lens * (1 - 0.35 * np.clip(away, 0, 1) ** 6)[..., None]
    glint = np.exp(-((u + radius * 0.35) ** 2 + (v + radius * 0.35) ** 2) / (0.03 * radius**2 + 1))
    return over(picture, inside, lens + 0.6 * glint[..., None])


HELD_DEFECTS = {
    "hair": hair, "chip": chip, "smear": smear, "dent": dent, "hole": hole, "rust": rust, "turned": turned, "droplet": droplet,
}


def damage(rng: Rng, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Damage a clean picture. Returns (picture, mask bool [H, W], kind).

    Tries again until the damage can be seen: a change of at least 0.08 in some channel over at least 60 pixels. The mask
    holds every pixel changed by 0.04 and more.
    """
    h, w = picture.shape[:2]
    while True:
        kind = str(rng.choice(list(HELD_DEFECTS)))
        x, y = rng.uniform(0.25, 0.75) * w, rng.uniform(0.25, 0.75) * h
        hurt = HELD_DEFECTS[kind](rng, picture, x, y).astype(np.float32)
        change = np.abs(np.clip(hurt, 0, 1) - np.clip(picture, 0, 1)).max(2)
        if (change > 0.08).sum() >= 60:
            mask = cv2.morphologyEx((change > 0.04).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)) > 0
            return hurt, mask, kind


def held_out_folder(seed: int, family: str, good: int = 20, bad: int = 10) -> tuple[list[np.ndarray], list[np.ndarray | None], list[str]]:
    """A validation folder: (pictures uint8, masks or None where good, kinds of defect or "good").

    The camera: every folder has its own strength of uneven light, exposure, blur and noise; pictures pass through JPEG.
    """
    rng = np.random.default_rng([seed, sorted(HELD_FAMILIES).index(family)])
    draw = HELD_FAMILIES[family](rng)
    slope, gain, noise = rng.choice([0.05, 0.2, 0.4]), rng.choice([0.03, 0.1, 0.2]), rng.choice([0.005, 0.015, 0.03])
    pictures, masks, kinds = [], [], []
    for i in range(good + bad):
        picture, mask, kind = draw(rng).astype(np.float32), None, "good"
        if i >= good:
            picture, mask, kind = damage(rng, picture)
        u, _ = local(picture, picture.shape[1] / 2, picture.shape[0] / 2, rng.uniform(0, 6.28))
        light = (1 + gain * rng.normal()) * (1 + slope * rng.uniform(0, 1) * u / (HELD_SIDE / 2))
        picture = picture * np.clip(light, 0.2, 2)[..., None] + noise * rng.normal(0, 1, picture.shape)
        _, coded = cv2.imencode(".jpg", to_bytes(picture)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 96))])
        pictures.append(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1].copy())
        masks.append(mask)
        kinds.append(kind)
    return pictures, masks, kinds


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
