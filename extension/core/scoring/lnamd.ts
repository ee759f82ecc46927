import { cells, type Grid } from '../array/grid';
import { layerNorm } from './kernel/layer-norm';

/** Added to the variance before the square root, as `torch.nn.LayerNorm` does by default. */
const EPSILON = 1e-5;

/**
 * Layer-normalises one image's patch tokens jointly over channels and grid (paper 3.1, SPEC 3): one mean and one biased
 * variance per image and tap, no affine. `tokens`: P x C without class token; returns a new P x C array.
 * A constant image gives zeros.
 */
export function layerNormPatches(tokens: Float32Array): Float32Array {
  return layerNorm(tokens, EPSILON);
}

/**
 * Mean of every patch's `degree` x `degree` neighbourhood (paper 3.1, SPEC 3): stride 1, zeros outside the grid, which
 * count, so the sum is always divided by degree². `features`: P x C on `grid`; `degree` odd. Returns a new P x C array
 * (a copy for degree 1).
 */
export function poolPatches(features: Float32Array, grid: Grid, channels: number, degree: number): Float32Array {
  if (degree === 1) return features.slice();
  const radius = degree >> 1;
  const { height, width } = grid;
  const rows = boxAlong(features, 1, height, width * channels, radius);
  const sums = boxAlong(rows, height, width, channels, radius);
  const scale = 1 / (degree * degree);
  return Float32Array.from(sums, (s) => s * scale);
}

/** Sums of 2 * radius + 1 neighbours along the middle axis of an outer x length x inner array; outside counts as zero. */
function boxAlong(
  source: ArrayLike<number>,
  outer: number,
  length: number,
  inner: number,
  radius: number,
): Float64Array {
  const out = new Float64Array(outer * length * inner);
  for (let o = 0; o < outer; o++)
    for (let y = 0; y < length; y++) {
      const target = (o * length + y) * inner;
      for (let n = Math.max(0, y - radius); n <= Math.min(length - 1, y + radius); n++) {
        const from = (o * length + n) * inner;
        for (let i = 0; i < inner; i++) out[target + i] += source[from + i];
      }
    }
  return out;
}

/** Scales every patch's vector to unit length (paper 3.1). A zero vector stays zero: the reference would give NaN. */
export function unitLength(features: Float32Array, channels: number): Float32Array {
  const out = new Float32Array(features.length);
  for (let start = 0; start < features.length; start += channels) {
    const inverse = inverseLength(features, start, channels);
    for (let c = start; c < start + channels; c++) out[c] = features[c] * inverse;
  }
  return out;
}

/**
 * One over the length of every patch's mean over the `degree` x `degree` neighbourhood; 0 for a zero vector. Returns P values.
 */
export function inverseLengths(features: Float32Array, grid: Grid, channels: number, degree: number): Float32Array {
  const pooled = degree === 1 ? features : poolPatches(features, grid, channels, degree);
  return Float32Array.from({ length: cells(grid) }, (_, p) => inverseLength(pooled, p * channels, channels));
}

function inverseLength(vectors: Float32Array, start: number, channels: number): number {
  let squares = 0;
  for (let c = start; c < start + channels; c++) squares += vectors[c] * vectors[c];
  return squares > 0 ? 1 / Math.sqrt(squares) : 0;
}
