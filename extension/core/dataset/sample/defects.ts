import { HALF, type InkLeft, type Shortness } from './part';
import { PRINT } from './print';
import type { Random } from './random';
import { eachIn, type Scene } from './scene';
import { clamp, smoothstep, toPolyline, type Polyline } from './shapes';

/** What goes wrong at which step of the making. */
export interface DefectPlan {
  /** While it is moulded. */
  readonly missing?: Shortness;
  /** While it is printed. */
  readonly ink?: InkLeft;
  /** Afterwards. */
  readonly mar?: (scene: Scene) => void;
}

export const DEFECT_KINDS = ['crack', 'dent', 'fibre', 'missing_print', 'scratch', 'short_shot', 'stain'] as const;
export type DefectKind = (typeof DEFECT_KINDS)[number];

/** Bounding box of a polyline, `pad` mm wider. */
function boxOf(line: Polyline, pad: number): [number, number, number, number] {
  const xs = line.filter((_, i) => i % 2 === 0);
  const ys = line.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs) - pad, Math.min(...ys) - pad, Math.max(...xs) + pad, Math.max(...ys) + pad];
}

/** A path that turns a little at every step of `step` mm; `jag` radians of turn, `bend` of it lasting. */
function wander(
  random: Random,
  x: number,
  y: number,
  angle: number,
  steps: number,
  step: number,
  jag: number,
  bend: number,
): Polyline {
  const line = [x, y];
  let heading = angle;
  for (let i = 0; i < steps; i++) {
    heading += bend;
    const turn = heading + jag * random.normal();
    x += Math.cos(turn) * step;
    y += Math.sin(turn) * step;
    line.push(x, y);
  }
  return line;
}

const tint = ({ colour }: Scene, i: number, to: readonly number[], amount: number) => {
  for (let c = 0; c < 3; c++) colour[c][i] += (to[c] - colour[c][i]) * amount;
};

/** A tool slipped: a fine groove with a raised, whitened rim. */
function scratch(random: Random, hard: boolean): DefectPlan {
  const angle = random.between(0, Math.PI);
  const length = hard ? 11 : random.between(16, 34);
  const [x, y] = [
    random.between(-14, 14) - (Math.cos(angle) * length) / 2,
    random.between(-8, 22) - (Math.sin(angle) * length) / 2,
  ];
  const line = wander(random, x, y, angle, 12, length / 12, 0.05, random.normal() * 0.025);
  const width = hard ? 0.15 : random.between(0.28, 0.4);
  const white = hard ? 0.16 : random.between(0.6, 0.9);
  return {
    mar: (scene) =>
      eachIn(scene, boxOf(line, 2), (i, u, v) => {
        if (scene.cover[i] < 0.5) return;
        const { distance, along } = toPolyline(u, v, line);
        const press = Math.sqrt(Math.sin(Math.PI * clamp(along, 0.03, 0.97)));
        const groove = smoothstep(width * 1.7, width * 0.4, distance) * press;
        if (distance < width * 1.5) scene.mask[i] = 1;
        scene.height[i] += 0.05 * Math.exp(-(((distance - width * 1.8) / 0.15) ** 2)) * press - 0.12 * groove;
        tint(scene, i, [0.5, 0.55, 0.56], white * groove);
      }),
  };
}

/** The part was hit: a shallow hollow with a slight rim, no change of colour. */
function dent(random: Random, hard: boolean): DefectPlan {
  const [x, y] = [random.sign() * random.between(hard ? 5 : 0, 24), random.between(-22, 24)];
  const radius = hard ? 1.3 : random.between(2.2, 3.8);
  const depth = hard ? 0.4 : random.between(0.6, 1);
  const [stretch, turn] = [random.between(0.75, 1.3), random.between(0, Math.PI)];
  return {
    mar: (scene) =>
      eachIn(scene, [x - radius * 3, y - radius * 3, x + radius * 3, y + radius * 3], (i, u, v) => {
        if (scene.cover[i] < 0.5) return;
        const [du, dv] = [u - x, v - y];
        const p = (du * Math.cos(turn) + dv * Math.sin(turn)) * stretch;
        const q = (dv * Math.cos(turn) - du * Math.sin(turn)) / stretch;
        const d = Math.hypot(p, q) / radius;
        scene.height[i] += depth * (0.18 * Math.exp(-(((d - 1.15) / 0.25) ** 2)) - Math.exp(-((d / 0.6) ** 2)));
        if (d < 1.25) scene.mask[i] = 1;
      }),
  };
}

/** Oil or dirt: an irregular darker, shinier patch with a drying edge. */
function stain(random: Random, hard: boolean): DefectPlan {
  const [x, y] = [random.between(-20, 20), random.between(-16, 22)];
  const radius = hard ? 2 : random.between(3.4, 6.5);
  const brown = random.next() < 0.5;
  const to = brown ? [0.1, 0.06, 0.025] : [0.012, 0.016, 0.02];
  const strength = hard ? 0.4 : random.between(0.6, 0.85);
  const [ox, oy] = [random.between(0, 256), random.between(0, 256)];
  return {
    mar: (scene) =>
      eachIn(scene, [x - radius * 2, y - radius * 2, x + radius * 2, y + radius * 2], (i, u, v) => {
        if (scene.cover[i] < 0.5) return;
        const ragged = 0.62 * scene.cloud.at(u * 7 + ox, v * 7 + oy);
        const d = Math.hypot(u - x, (v - y) * 1.2) / radius + ragged;
        const inside = smoothstep(1.04, 0.92, d);
        if (inside > 0.1) scene.mask[i] = 1;
        const edge = Math.exp(-(((d - 0.93) / 0.07) ** 2));
        const soaked = strength * (0.78 + 0.3 * scene.cloud.at(u * 16 + oy, v * 16 + ox));
        tint(scene, i, to, clamp(soaked * (0.85 * inside + 0.3 * edge)));
        scene.gloss[i] += (brown ? -0.1 : 0.35) * inside;
      }),
  };
}

/** A stress crack from the edge inwards, jagged, with a branch, bleached beside. */
function crack(random: Random): DefectPlan {
  const side = random.sign();
  const y = random.between(-16, 18);
  const inwards = side > 0 ? Math.PI : 0;
  const main = wander(
    random,
    side * (HALF.width - 0.4),
    y,
    inwards + 0.35 * random.normal(),
    18,
    random.between(0.7, 1.15),
    0.5,
    0,
  );
  const from = 2 * Math.floor(random.between(5, 9));
  const branch = wander(random, main[from], main[from + 1], inwards + random.sign() * 0.9, 7, 0.7, 0.5, 0);
  return {
    mar: (scene) => {
      for (const [line, width] of [
        [main, 0.27],
        [branch, 0.17],
      ] as const)
        eachIn(scene, boxOf(line, 2), (i, u, v) => {
          if (scene.cover[i] < 0.3) return;
          const { distance, along } = toPolyline(u, v, line);
          const open = width * (1 - 0.75 * along);
          const gap = smoothstep(open + 0.12, open - 0.08, distance);
          if (distance < open + 0.12) scene.mask[i] = 1;
          scene.height[i] -= 0.9 * gap;
          tint(scene, i, [0.2, 0.3, 0.34], 0.45 * smoothstep(0.9, 0.1, distance) * (1 - along));
          tint(scene, i, [0.004, 0.008, 0.01], 0.9 * gap);
          scene.gloss[i] *= 1 - gap;
        });
    },
  };
}

/** A fibre of cloth or a hair that lies on the part, with the shadow it casts. */
function fibre(random: Random): DefectPlan {
  const colour = random.pick([
    [0.62, 0.58, 0.5],
    [0.45, 0.07, 0.05],
    [0.02, 0.02, 0.02],
  ] as const);
  const line = wander(
    random,
    random.between(-18, 12),
    random.between(-16, 16),
    random.between(0, 6.3),
    26,
    random.between(0.55, 0.85),
    0.16,
    random.sign() * random.between(0.04, 0.16),
  );
  const width = random.between(0.2, 0.3);
  return {
    mar: (scene) =>
      eachIn(scene, boxOf(line, 2), (i, u, v) => {
        if (scene.cover[i] < 0.5) return;
        const shade = toPolyline(u - 0.35, v - 0.5, line).distance;
        tint(scene, i, [0.01, 0.015, 0.02], 0.5 * smoothstep(0.75, 0.15, shade));
        const { distance } = toPolyline(u, v, line);
        const hair = smoothstep(width + 0.08, width - 0.08, distance);
        if (distance < width + 0.06) scene.mask[i] = 1;
        scene.height[i] += 0.3 * Math.sqrt(clamp(1 - (distance / (width + 0.1)) ** 2)) * hair;
        tint(scene, i, colour, hair);
        scene.gloss[i] *= 1 - 0.6 * hair;
      }),
  };
}

/** The pad did not take: one piece of the mark is missing, or a wedge of it is worn away. */
function missingPrint(random: Random): DefectPlan {
  const lost = Math.floor(random.between(0, PRINT.length));
  if (random.next() < 0.6) return { ink: (_u, _v, piece) => (piece === lost ? 0 : 1) };
  const [l, t, r, b] = PRINT[lost].box;
  const [x, y] = [random.between(l, r), (t + b) / 2];
  const angle = random.between(0, 6.3);
  const reach = random.between(4.5, 7);
  return {
    ink: (u, v) => {
      const across = (u - x) * Math.cos(angle) + (v - y) * Math.sin(angle);
      const near = smoothstep(reach, reach - 1.2, Math.hypot(u - x, v - y));
      return 1 - near * smoothstep(-1.5, 0.2, across);
    },
  };
}

/** The plastic froze too early: a corner or a piece of the edge is missing. */
function shortShot(random: Random): DefectPlan {
  const corner = random.next() < 0.5;
  const [sx, sy] = [random.sign(), random.sign()];
  const [x, y] = corner
    ? [sx * (HALF.width - 0.5), sy * (HALF.height - 0.5)]
    : [random.between(-15, 15), sy * (HALF.height + 0.8)];
  const radius = corner ? random.between(6.5, 8.5) : random.between(3.2, 5);
  const [wave, phase] = [random.between(0.25, 0.6), random.between(0, 6.3)];
  return {
    missing: (u, v) => radius + wave * Math.sin(Math.atan2(v - y, u - x) * 5 + phase) - Math.hypot(u - x, v - y),
  };
}

/** A defect of a kind. A hard one is small and of low contrast, where the kind has such. */
export function planDefect(kind: DefectKind, random: Random, hard: boolean): DefectPlan {
  switch (kind) {
    case 'crack':
      return crack(random);
    case 'dent':
      return dent(random, hard);
    case 'fibre':
      return fibre(random);
    case 'missing_print':
      return missingPrint(random);
    case 'scratch':
      return scratch(random, hard);
    case 'short_shot':
      return shortShot(random);
    case 'stain':
      return stain(random, hard);
  }
}
