import { cells, type Grid } from '../array/grid';

/**
 * Resizes patch scores to pixels: bilinear with the corners aligned (SPEC 5), so the corner pixels equal the corner patches.
 * `patchScores`: P values on `grid`; returns `size.height` x `size.width` values. No smoothing.
 */
export function upsampleMap(patchScores: ArrayLike<number>, grid: Grid, size: Grid): Float32Array {
  const rows = positions(size.height, grid.height);
  const columns = positions(size.width, grid.width);
  const out = new Float32Array(cells(size));
  for (let y = 0; y < size.height; y++) {
    const top = rows.low[y] * grid.width;
    const bottom = rows.high[y] * grid.width;
    const v = rows.fraction[y];
    for (let x = 0; x < size.width; x++) {
      const [left, right, u] = [columns.low[x], columns.high[x], columns.fraction[x]];
      const above = patchScores[top + left] * (1 - u) + patchScores[top + right] * u;
      const below = patchScores[bottom + left] * (1 - u) + patchScores[bottom + right] * u;
      out[y * size.width + x] = above * (1 - v) + below * v;
    }
  }
  return out;
}

/** An image's raw score (SPEC 5): the largest value of its map at `size` pixels. */
export function imageScore(patchScores: ArrayLike<number>, grid: Grid, size: Grid): number {
  return upsampleMap(patchScores, grid, size).reduce((best, value) => Math.max(best, value), -Infinity);
}

/** For every output index the two source indices around it and the weight of the higher one. */
function positions(output: number, input: number) {
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
