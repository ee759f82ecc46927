import type { Raster } from './raster';

/** Filters of the two preprocessings: Keys' cubic with a = -0.5 (CLIP), triangle (DINO and DINOv2). */
export type ResizeFilter = 'bicubic' | 'bilinear';

interface Kernel {
  /** Half width at scale 1, in source pixels. */
  readonly support: number;
  weight(x: number): number;
}

const KERNELS: Readonly<Record<ResizeFilter, Kernel>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: keys },
};

function keys(signed: number): number {
  const a = -0.5;
  const x = Math.abs(signed);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** Fraction bits of the 8-bit path's weights: 32 - 8 bits of pixel - 2 bits of headroom for the cubic's overshoot. */
const PRECISION = 22;

/** For every target position: its first source position, how many follow, and their weights, `stride` apart. */
export interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly stride: number;
  /** Sum to 1 over each target position. */
  readonly weights: Float64Array;
}

/** Pillow's weights along one axis: the filter widens with the shrink factor, and is cut and renormalised at borders. */
export function pillowTaps(from: number, to: number, filter: ResizeFilter): Taps {
  const { support: base, weight } = KERNELS[filter];
  const scale = from / to;
  const widen = Math.max(scale, 1);
  const support = base * widen;
  const stride = Math.ceil(support) * 2 + 1;
  const taps = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    stride,
    weights: new Float64Array(to * stride),
  };
  for (let x = 0; x < to; x++) {
    const centre = (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++)
      sum += taps.weights[x * stride + k] = weight((k + first - centre + 0.5) * (1 / widen));
    if (sum !== 0) for (let k = 0; k < count; k++) taps.weights[x * stride + k] /= sum;
    taps.first[x] = first;
    taps.count[x] = count;
  }
  return taps;
}

/** Weights as Pillow's 8-bit path has them: 22 fraction bits, halves rounded away from zero. */
function fixedPoint(weights: Float64Array): Int32Array {
  const fixed = new Int32Array(weights.length);
  for (let i = 0; i < fixed.length; i++)
    fixed[i] = Math.trunc(weights[i] * (1 << PRECISION) + (weights[i] < 0 ? -0.5 : 0.5));
  return fixed;
}

/** Rows are independent: (height, width, channels) -> (height, to, channels). |accumulator| < 1.4e9, so int32 is enough. */
function horizontal({ width, height, channels, data }: Raster, to: number, filter: ResizeFilter): Raster {
  const { first, count, stride, weights } = pillowTaps(width, to, filter);
  const fixed = fixedPoint(weights);
  const out = new Uint8ClampedArray(to * height * channels);
  const half = 1 << (PRECISION - 1);
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * width * channels;
    for (let x = 0; x < to; x++) {
      let k = x * stride;
      const end = k + count[x];
      let i = row + first[x] * channels;
      if (channels === 1) {
        let sum = half;
        for (; k < end; k++) sum = (sum + Math.imul(data[i++], fixed[k])) | 0;
        out[o++] = sum >> PRECISION;
      } else {
        let r = half;
        let g = half;
        let b = half;
        for (; k < end; k++, i += 3) {
          const w = fixed[k];
          r = (r + Math.imul(data[i], w)) | 0;
          g = (g + Math.imul(data[i + 1], w)) | 0;
          b = (b + Math.imul(data[i + 2], w)) | 0;
        }
        out[o++] = r >> PRECISION;
        out[o++] = g >> PRECISION;
        out[o++] = b >> PRECISION;
      }
    }
  }
  return { width: to, height, channels, data: new Uint8Array(out.buffer) };
}

/** One target row is a weighted sum of whole source rows, which memory likes better than columns. */
function vertical({ width, height, channels, data }: Raster, to: number, filter: ResizeFilter): Raster {
  const { first, count, stride, weights } = pillowTaps(height, to, filter);
  const fixed = fixedPoint(weights);
  const length = width * channels;
  const out = new Uint8ClampedArray(to * length);
  const sums = new Int32Array(length);
  for (let y = 0; y < to; y++) {
    sums.fill(1 << (PRECISION - 1));
    for (let k = 0; k < count[y]; k++) {
      const w = fixed[y * stride + k];
      let i = (first[y] + k) * length;
      for (let x = 0; x < length; x++) sums[x] += Math.imul(data[i++], w);
    }
    for (let x = 0, o = y * length; x < length; x++) out[o++] = sums[x] >> PRECISION;
  }
  return { width, height: to, channels, data: new Uint8Array(out.buffer) };
}

/**
 * Pillow's antialiasing resize, bit for bit (SPEC 1): horizontal pass first, rounded to 8 bits between the passes, a pass
 * skipped where that side stays. Aspect ratio is not kept. `width` and `height` are at least 1. Returns `raster` itself
 * when nothing changes.
 */
export function resizePillow(raster: Raster, width: number, height: number, filter: ResizeFilter): Raster {
  const wide = raster.width === width ? raster : horizontal(raster, width, filter);
  return wide.height === height ? wide : vertical(wide, height, filter);
}
