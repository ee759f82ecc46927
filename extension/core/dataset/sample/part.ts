import type { Random } from './random';
import { clamp, roundedBox, smoothstep } from './shapes';
import { inkDistance, PRINT, type PrintPiece } from './print';
import { eachIn, SCALE, type Scene } from './scene';

/** The product: an injection-moulded cover of 74 x 66 mm with vent slots, four brass inserts and a printed mark. */
export const HALF = { width: 37, height: 33 } as const;
const CORNER = 8;
const THICK = 8;
/** Vent slots, mm apart, and how many on each side of the middle one. */
const SLOT_PITCH = 7;
const SLOTS = 3;
/** Brass inserts lie at (+-x, +-y), mm. */
const INSERT = { x: 30, y: 26 } as const;

/** How the moulding is incomplete: material is missing where `missing` is above 0 (mm into the gap). */
export type Shortness = (u: number, v: number) => number;

const PLASTIC = [0.055, 0.155, 0.205] as const;
const BRASS = [0.62, 0.42, 0.15] as const;
const INK = [0.78, 0.79, 0.76] as const;

/** Height of the moulded surface, mm, and its signed distance to the outline. */
function surface(u: number, v: number): { height: number; outline: number } {
  const outline = roundedBox(u, v, HALF.width, HALF.height, CORNER);
  const t = clamp(-outline / 2.2);
  let height = THICK - 2.2 + 2.2 * Math.sqrt(1 - (1 - t) * (1 - t));
  if (outline > -6 && outline < -2.5) height -= 0.45 * Math.exp(-(((outline + 4.2) / 0.38) ** 2)); // a fine groove along the edge
  height -= 0.9 * smoothstep(0.5, -0.5, roundedBox(u, v + 7.8, 29, 9.6, 2.5)); // the recess for the mark
  if (v > 7 && v < 27) {
    const slot = SLOT_PITCH * clamp(Math.round(u / SLOT_PITCH), -SLOTS, SLOTS);
    height -= 3.2 * smoothstep(0.35, -0.55, roundedBox(u - slot, v - 16.5, 1.25, 7, 1.25));
  }
  height += 0.35 * smoothstep(1.6, 1.1, Math.sqrt(u * u + (v - 28) * (v - 28))); // where the plastic was let in
  return { height, outline };
}

function insert(scene: Scene, i: number, u: number, v: number): void {
  const du = Math.abs(u) - INSERT.x;
  const dv = Math.abs(v) - INSERT.y;
  const d = Math.sqrt(du * du + dv * dv);
  if (d > 4.4) return;
  const { height, colour, gloss } = scene;
  height[i] -= 0.5 * smoothstep(4.2, 3.6, d);
  const brass = smoothstep(3.6, 3.35, d);
  const hole = smoothstep(2.15, 1.85, d);
  height[i] += 0.35 * brass - 5 * hole;
  for (let c = 0; c < 3; c++)
    colour[c][i] += (BRASS[c] - colour[c][i]) * brass * (1 - hole) - colour[c][i] * 0.85 * hole;
  gloss[i] += (0.9 - gloss[i]) * brass * (1 - hole);
}

/** Moulds the part: height, cover, colour and gloss of every pixel. A batch differs a little in colour and grain. */
export function mould(scene: Scene, random: Random, missing: Shortness | null = null): void {
  const { u, v, height, cover, colour, gloss, grain, cloud, mask } = scene;
  const batch = PLASTIC.map((c) => c * (1 + 0.016 * random.normal()));
  const rough = 0.012 * (1 + 0.1 * random.normal()); // mm, spark-eroded mould
  const [ox, oy] = [random.between(0, 256), random.between(0, 256)];
  for (let i = 0; i < u.length; i++) {
    const s = surface(u[i], v[i]);
    if (s.outline > 1) continue;
    const gap = missing === null ? -1 : missing(u[i], v[i]);
    const outline = Math.max(s.outline, gap);
    cover[i] = smoothstep(0.5 / SCALE, -0.5 / SCALE, outline);
    if (gap > -1.2 && s.outline < 0) {
      // Plastic that froze before it filled the mould has a rounded, shiny front.
      const t = clamp(-gap / 1.2);
      s.height -= 2.5 * (1 - Math.sqrt(1 - (1 - t) * (1 - t)));
    }
    if (gap > -0.5 && s.outline < 0) mask[i] = 1;
    if (cover[i] === 0) continue;
    const flow = cloud.at(u[i] * 1.4 + ox, v[i] * 1.4 + oy);
    height[i] = s.height + rough * grain.at(u[i] * 4.6 + ox, v[i] * 4.6 + oy);
    for (let c = 0; c < 3; c++) colour[c][i] = batch[c] * (1 + 0.035 * flow);
    gloss[i] = 0.34 + 0.03 * flow;
    insert(scene, i, u[i], v[i]);
  }
}

/** What happened to a piece of the print: 1 is ink as it should be, 0 none. */
export type InkLeft = (u: number, v: number, piece: number) => number;

/** Prints the mark, never quite at the same place nor quite as dense. Marks the mask where ink should be and is not. */
export function print(scene: Scene, random: Random, left: InkLeft = () => 1): void {
  const [dx, dy] = [random.normal() * 0.22, random.normal() * 0.22];
  const density = 0.93 + 0.03 * random.normal();
  const { colour, gloss, mask, grain } = scene;
  PRINT.forEach((piece: PrintPiece, k) => {
    const [l, t, r, b] = piece.box;
    eachIn(scene, [l + dx, t + dy, r + dx, b + dy], (i, u, v) => {
      const ink = smoothstep(0.12, -0.12, inkDistance(u - dx, v - dy, piece));
      if (ink === 0) return;
      const kept = clamp(left(u - dx, v - dy, k));
      if (kept < 0.75 && ink > 0.2) mask[i] = 1;
      const amount = ink * kept * clamp(density + 0.06 * grain.at(u * 5, v * 5));
      for (let c = 0; c < 3; c++) colour[c][i] += (INK[c] - colour[c][i]) * amount;
      gloss[i] += (0.22 - gloss[i]) * amount;
    });
  });
}
