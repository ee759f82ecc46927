"""Surfaces of the training half: one coloured field each."""
from __future__ import annotations

import cv2
import numpy as np

from primitives import Draw, Rng, axes, moved, octaves, palette, ramp, relief, sigmoid, stretch

SIDE = 192
"""Side of a training picture in pixels."""


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


def motif_field(rng: Rng) -> Draw:
    """A random motif repeated on a lattice, as on printed cloth or embossed sheet, drawn a little out of true."""
    pitch = int(2 ** rng.uniform(3.2, 5.8))
    motif = np.pad(stretch(octaves(rng, pitch, pitch / float(rng.uniform(1, 5)), 2)), 1, mode="wrap")
    motif = np.clip((motif - float(rng.uniform(0.3, 0.7))) * float(2 ** rng.uniform(0, 4)) + 0.5, 0, 1)[1:-1, 1:-1]
    angle, warp, fade = float(rng.uniform(0, 2 * np.pi)), float(rng.choice([0, 1, 3])), float(rng.choice([0, 0.3, 0.7]))

    def draw(r: Rng) -> np.ndarray:
        u, v = axes(SIDE, angle + r.normal(0, 0.02), *r.uniform(0, SIDE, 2))
        wave = warp * octaves(r, SIDE, 48)
        field = moved(np.tile(motif, (2, 2)), np.mod(u + wave, pitch), np.mod(v + wave[::-1], pitch))
        return field * (1 - fade * stretch(octaves(r, SIDE, 6, 2))) if fade else field

    return draw


def fibres_field(rng: Rng) -> Draw:
    """Felt or fleece: bent fibres lying across each other, along one direction or any."""
    count, length, weight = int(2 ** rng.uniform(5, 8.5)), float(rng.uniform(8, 60)), int(rng.integers(1, 4))
    along, spread, bend = float(rng.uniform(0, np.pi)), float(rng.choice([0.1, 0.4, np.pi])), float(rng.uniform(0, 0.5))

    def draw(r: Rng) -> np.ndarray:
        field = np.full((SIDE, SIDE), 0.4, np.float32)
        t = np.linspace(-1, 1, 7)
        for _ in range(count):
            angle = along + r.uniform(-1, 1) * spread + bend * r.normal() * t
            points = r.uniform(0, SIDE, 2) + length * t[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
            cv2.polylines(field, [(points * 8).astype(np.int32)], False, float(r.uniform(0, 1)), weight, cv2.LINE_AA, 3)
        return cv2.GaussianBlur(field, (3, 3), 0)

    return draw


def folded_field(rng: Rng) -> Draw:
    """Noise seen through noise: veined and folded surfaces."""
    scale, count, fold = float(2 ** rng.uniform(3, 6)), int(rng.integers(2, 5)), float(2 ** rng.uniform(3, 5.5))

    def draw(r: Rng) -> np.ndarray:
        inner = octaves(r, SIDE, scale, count)
        u, v = axes(SIDE)
        return stretch(moved(inner, u + fold * octaves(r, SIDE, 2 * scale, 2), v + fold * octaves(r, SIDE, 2 * scale, 2)))

    return draw


FIELDS = (fractal_field, fractal_field, fractal_field, spectrum_field, spectrum_field, spectrum_field, cells_field,
          periodic_field, periodic_field, specks_field, motif_field, motif_field, fibres_field, folded_field)


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
