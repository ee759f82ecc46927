import { cells, type Grid } from '../array/grid';
import { breathe } from '../breathe';

/**
 * Resizes patch scores to pixels: bilinear with the corners aligned (SPEC 5), so the corner pixels equal the corner patches.
 * `patchScores`: P values on `grid`; returns `size.height` x `size.width` values, in `out` where it is given. No smoothing.
 */
export function upsampleMap(
  patchScores: ArrayLike<number>,
  grid: Grid,
  size: Grid,
  out = new Float32Array(cells(size)),
): Float32Array {
  const rows = positions(size.height, grid.height);
  const columns = positions(size.width, grid.width);
  // Along x first: a row of patches serves many rows of pixels.
  const wide = Array.from({ length: grid.height }, (_, gridRow) => widen(patchScores, gridRow * grid.width, columns));
  for (let y = 0, o = 0; y < size.height; y++) {
    const [above, below] = [wide[rows.low[y]], wide[rows.high[y]]];
    const v = rows.fraction[y];
    for (let x = 0; x < size.width; x++) out[o++] = above[x] * (1 - v) + below[x] * v;
  }
  return out;
}

/** A row of patches, from `start` on, as a row of pixels. */
function widen(patchScores: ArrayLike<number>, start: number, { low, high, fraction }: Positions): Float64Array {
  const out = new Float64Array(low.length);
  for (let x = 0; x < out.length; x++) {
    const u = fraction[x];
    out[x] = patchScores[start + low[x]] * (1 - u) + patchScores[start + high[x]] * u;
  }
  return out;
}

/** An image's raw score (SPEC 5): the largest value of its map at `size` pixels. */
export function imageScore(patchScores: ArrayLike<number>, grid: Grid, size: Grid): number {
  let best = -Infinity;
  for (const value of upsampleMap(patchScores, grid, size)) best = Math.max(best, value);
  return best;
}

/** Raw scores of N images from their N x P patch scores. The event loop has a turn after each. Throws CANCELLED. */
export async function imageScores(maps: Float32Array, grid: Grid, size: Grid, signal?: AbortSignal): Promise<number[]> {
  const patches = cells(grid);
  const scores: number[] = [];
  for (let start = 0; start < maps.length; start += patches) {
    scores.push(imageScore(maps.subarray(start, start + patches), grid, size));
    await breathe(signal);
  }
  return scores;
}

interface Positions {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly fraction: Float64Array;
}

/** For every output index the two source indices around it and the weight of the higher one. */
function positions(output: number, input: number): Positions {
  const scale = output > 1 ? (input - 1) / (output - 1) : 0;
  const low = new Int32Array(output);
  const high = new Int32Array(output);
  const fraction = new Float64Array(output);
  for (let i = 0; i < output; i++) {
    const source = i * scale;
    low[i] = Math.min(Math.floor(source), input - 1);
    high[i] = Math.min(low[i] + 1, input - 1);
    fraction[i] = source - low[i];
  }
  return { low, high, fraction };
}
