import { Noise } from './noise';
import type { Random } from './random';

/** Pixels of a picture's side. */
export const SIDE = 480;
/** Pixels per millimetre. */
export const SCALE = 5.1;

/** Where the part lies and how the picture is taken. */
export interface Pose {
  /** Pixels from the middle. */
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
}

/** A picture in the making: one value per pixel in each plane, millimetres and linear light. */
export interface Scene {
  readonly pose: Pose;
  /** Position in the part's own coordinates, mm. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** Height above the belt, mm. */
  readonly height: Float32Array;
  /** How much of the pixel the part covers, 0..1. */
  readonly cover: Float32Array;
  /** Albedo, three planes. */
  readonly colour: readonly [Float32Array, Float32Array, Float32Array];
  /** Strength of the mirror reflection, 0..1. */
  readonly gloss: Float32Array;
  /** Ground truth: 1 where the defect is. */
  readonly mask: Uint8Array;
  readonly grain: Noise;
  readonly cloud: Noise;
}

export function emptyScene(random: Random): Scene {
  const pose = { x: random.normal() * 5, y: random.normal() * 5, angle: random.normal() * 0.035 };
  const pixels = SIDE * SIDE;
  const plane = () => new Float32Array(pixels);
  const [u, v] = [plane(), plane()];
  const [cos, sin] = [Math.cos(pose.angle) / SCALE, Math.sin(pose.angle) / SCALE];
  for (let y = 0, i = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, i++) {
      const dx = x - SIDE / 2 - pose.x;
      const dy = y - SIDE / 2 - pose.y;
      u[i] = cos * dx + sin * dy;
      v[i] = -sin * dx + cos * dy;
    }
  return {
    pose,
    u,
    v,
    height: plane(),
    cover: plane(),
    colour: [plane(), plane(), plane()],
    gloss: plane(),
    mask: new Uint8Array(pixels),
    grain: new Noise(random, 4, 3),
    cloud: new Noise(random, 64, 4),
  };
}

/** Calls `visit` for every pixel whose part position lies in the box (mm). */
export function eachIn(
  { u, v }: Scene,
  box: readonly [number, number, number, number],
  visit: (pixel: number, u: number, v: number) => void,
): void {
  for (let i = 0; i < u.length; i++)
    if (u[i] >= box[0] && u[i] <= box[2] && v[i] >= box[1] && v[i] <= box[3]) visit(i, u[i], v[i]);
}
