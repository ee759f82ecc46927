import { Noise } from './noise';
import type { Random } from './random';
import { SCALE, SIDE, type Scene } from './scene';
import { boxBlur, clamp, smoothstep } from './shapes';

const BELT = [0.235, 0.24, 0.228] as const;
/** Height of the part's top above the belt, mm: how far the shadow falls. */
const TOP = 8;

interface Light {
  /** Pixels; z is up. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly strength: number;
  /** White balance of red and blue. */
  readonly warm: number;
}

const takeLight = (random: Random): Light => ({
  x: SIDE * (0.16 + 0.03 * random.normal()),
  y: SIDE * (-0.3 + 0.04 * random.normal()),
  z: SIDE * 1.25,
  strength: 1 + 0.03 * random.normal(),
  warm: 0.012 * random.normal(),
});

/** The belt's cloth under the part: weave, wear and dust, moved on by a random way. */
function layBelt(scene: Scene, random: Random): Float32Array {
  const height = new Float32Array(SIDE * SIDE);
  const wear = new Noise(random, 32, 5);
  const dust = new Noise(random, 2, 2);
  const [ox, oy] = [random.between(0, 256), random.between(0, 256)];
  const [cos, sin] = [Math.cos(0.02 * random.normal()), 0.02 * random.normal()];
  const pitch = (2 * Math.PI) / 7.4; // pixels per thread
  for (let y = 0, i = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, i++) {
      const seen = 1 - scene.cover[i];
      if (seen === 0) continue;
      const p = cos * x + sin * y + ox;
      const q = cos * y - sin * x + oy;
      const over = Math.sin(p * pitch * 0.5) * Math.sin(q * pitch * 0.5) > 0;
      const thread = over ? Math.abs(Math.sin(p * pitch * 0.5)) : Math.abs(Math.sin(q * pitch * 0.5));
      height[i] = 0.11 * thread + 0.02 * dust.at(p, q);
      const worn = 1 + 0.09 * wear.at(p * 0.5, q * 0.5) + 0.06 * dust.at(p * 0.9, q * 0.9) + 0.1 * (thread - 0.6);
      for (let c = 0; c < 3; c++) scene.colour[c][i] = scene.colour[c][i] * scene.cover[i] + BELT[c] * worn * seen;
      scene.gloss[i] *= scene.cover[i];
    }
  return height;
}

/** Light that reaches the belt: a soft cast shadow on the far side of the light, and less near the part all around. */
function shadows({ cover }: Scene, light: Light): Float32Array {
  const away = (from: number) => Math.round(((SIDE / 2 - from) / light.z) * TOP * SCALE);
  const [sx, sy] = [away(light.x), away(light.y)];
  const cast = new Float32Array(cover.length);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const from = clamp(y - sy, 0, SIDE - 1) * SIDE + clamp(x - sx, 0, SIDE - 1);
      cast[y * SIDE + x] = cover[from];
    }
  const soft = boxBlur(boxBlur(cast, SIDE, 7), SIDE, 5);
  const near = boxBlur(boxBlur(cover, SIDE, 9), SIDE, 7);
  return soft.map((s, i) => (1 - 0.5 * s) * (1 - 0.38 * near[i]));
}

/** One plane through the lens: a 3 x 3 binomial. */
function lens(plane: Float32Array): Float32Array {
  const out = new Float32Array(plane.length);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const l = Math.max(0, x - 1);
      const r = Math.min(SIDE - 1, x + 1);
      let sum = 0;
      for (let k = -1; k <= 1; k++) {
        const row = clamp(y + k, 0, SIDE - 1) * SIDE;
        sum += (k === 0 ? 2 : 1) * (plane[row + l] + 2 * plane[row + x] + plane[row + r]);
      }
      out[y * SIDE + x] = sum / 16;
    }
  return out;
}

/** Linear light in 4096 steps to 8 bits. */
const gamma = Uint8Array.from({ length: 4096 }, (_, i) => Math.round(255 * (i / 4095) ** (1 / 2.2)));

/** Mirror reflection of the lamp: a wide sheen and a narrow glint, cosine to the powers 14 and 90. */
function sheen(cosine: number): number {
  if (cosine <= 0) return 0;
  const c2 = cosine * cosine;
  const c8 = c2 * c2 * c2 * c2;
  const c16 = c8 * c8;
  return 0.063 * (c8 * c2 * c2 * c2) + 0.45 * (c16 * c16 * c16 * c16 * c16 * c8 * c2);
}

/** Takes the picture: SIDE x SIDE RGB, 8 bits. */
export function photograph(scene: Scene, random: Random): Uint8Array {
  const light = takeLight(random);
  const belt = layBelt(scene, random);
  const open = shadows(scene, light);
  const { cover, colour, gloss } = scene;
  const height = scene.height.map((h, i) => h * cover[i] + belt[i] * (1 - cover[i]));
  const around = boxBlur(boxBlur(height, SIDE, 4), SIDE, 4);
  const [red, green, blue] = [0, 1, 2].map(() => new Float32Array(height.length));
  for (let y = 0, i = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, i++) {
      const right = height[i + (x < SIDE - 1 ? 1 : 0)];
      const left = height[i - (x > 0 ? 1 : 0)];
      const down = height[i + (y < SIDE - 1 ? SIDE : 0)];
      const up = height[i - (y > 0 ? SIDE : 0)];
      const nx = clamp(((left - right) * SCALE) / 2, -2, 2);
      const ny = clamp(((up - down) * SCALE) / 2, -2, 2);
      const n = 1 / Math.sqrt(nx * nx + ny * ny + 1);
      const lx = light.x - x;
      const ly = light.y - y;
      const l = 1 / Math.sqrt(lx * lx + ly * ly + light.z * light.z);
      const towards = (nx * lx + ny * ly + light.z) * n * l;
      const hidden = clamp(1 - 0.3 * Math.max(0, around[i] - height[i]), 0.25, 1) * light.strength;
      const shade = cover[i] + (1 - cover[i]) * open[i];
      const lit = (0.9 * Math.max(0, towards) + 0.42 * (0.5 + 0.5 * n)) * hidden * shade * 1.25;
      // The angle to halfway between the light and the camera straight above.
      const glint = gloss[i] === 0 ? 0 : gloss[i] * hidden * sheen((towards + n) / Math.sqrt(2 + 2 * light.z * l));
      const cx = x / SIDE - 0.5;
      const cy = y / SIDE - 0.5;
      const vignette = 1 - 0.44 * (cx * cx + cy * cy);
      red[i] = (colour[0][i] * lit + glint) * vignette * (1 + light.warm);
      green[i] = (colour[1][i] * lit + glint) * vignette;
      blue[i] = (colour[2][i] * lit + glint) * vignette * (1 - light.warm);
    }
  return expose([red, green, blue].map(lens), random);
}

/** Photon and read noise, a soft shoulder for highlights, gamma, 8 bits. */
function expose(planes: readonly Float32Array[], random: Random): Uint8Array {
  const out = new Uint8Array(planes[0].length * 3);
  planes.forEach((plane, c) => {
    for (let i = 0, o = c; i < plane.length; i++, o += 3) {
      const light = plane[i];
      const noisy = light + (random.next() + random.next() - 1) * (0.003 + 0.014 * Math.sqrt(light > 0 ? light : 0));
      const bright = noisy > 0.8 ? 0.8 + 0.2 * smoothstep(0, 1, (noisy - 0.8) / 1.2) : noisy;
      out[o] = gamma[(clamp(bright) * 4095 + 0.5) | 0];
    }
  });
  return out;
}
