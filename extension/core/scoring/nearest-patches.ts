import { setImmediate } from 'node:timers/promises';
import { cells, type Grid } from '../array/grid';
import { throwIfAborted } from '../errors';
import type { FeatureSource } from './feature-source';
import { WindowLengths } from './kernel/window-lengths';

export interface NearestOptions {
  readonly image: number;
  readonly patch: number;
  /** Odd window sizes r of LNAMD. */
  readonly degrees: readonly number[];
  /** Patches wanted at most. */
  readonly k: number;
  /** Images to look in, a shortlist of the run; all others where it is left out. */
  readonly candidates?: Iterable<number>;
  readonly signal?: AbortSignal;
}

export interface NearestPatch {
  readonly image: number;
  readonly patch: number;
  /** Mean over taps and degrees of the distances of the unit-length features. */
  readonly distance: number;
}

/**
 * Why a patch is normal or not: the nearest patch of each of the k nearest other images, nearest first, as mutual scoring sees them
 * (paper 3.2), with distances averaged over taps and degrees. `sources`: one per tap, layer-normed. Throws CANCELLED.
 */
export async function nearestPatches(
  sources: readonly FeatureSource[],
  { image, patch, degrees, k, candidates, signal }: NearestOptions,
): Promise<NearestPatch[]> {
  const { grid, images } = sources[0];
  const lengths = sources.map((s) => new WindowLengths(grid, s.channels));
  const queries: Float32Array[][] = [];
  for (const source of sources) {
    const features = await source.load(image);
    queries.push(degrees.map((degree) => unitWindow(features, grid, source.channels, patch, degree >> 1)));
  }
  const found: NearestPatch[] = [];
  for (const other of new Set(candidates ?? Array(images).keys())) {
    if (other === image || other < 0 || other >= images) continue;
    throwIfAborted(signal);
    const distances = new Float64Array(cells(grid));
    for (const [tap, source] of sources.entries()) {
      lengths[tap].features.set(await source.load(other));
      addDistances(queries[tap], lengths[tap], grid, source.channels, degrees, distances);
    }
    const nearest = distances.reduce((best, d, q) => (d < distances[best] ? q : best), 0);
    found.push({
      image: other,
      patch: nearest,
      distance: distances[nearest] / sources.length / degrees.length,
    });
    await setImmediate();
  }
  return found.sort((a, b) => a.distance - b.distance || a.image - b.image).slice(0, k);
}

/** Sum of the features over a patch's window, at unit length; zero where it is zero. */
function unitWindow(features: Float32Array, grid: Grid, channels: number, patch: number, radius: number): Float32Array {
  const sum = new Float64Array(channels);
  const [py, px] = [Math.floor(patch / grid.width), patch % grid.width];
  for (let y = Math.max(0, py - radius); y <= Math.min(grid.height - 1, py + radius); y++)
    for (let x = Math.max(0, px - radius); x <= Math.min(grid.width - 1, px + radius); x++)
      for (let c = 0; c < channels; c++) sum[c] += features[(y * grid.width + x) * channels + c];
  const length = Math.sqrt(sum.reduce((squares, v) => squares + v * v, 0));
  return Float32Array.from(sum, (v) => (length > 0 ? v / length : 0));
}

/** Adds one tap's distances of the queries, one per degree, to all patches of the image in `lengths`. */
function addDistances(
  queries: readonly Float32Array[],
  lengths: WindowLengths,
  grid: Grid,
  channels: number,
  degrees: readonly number[],
  distances: Float64Array,
): void {
  const { features } = lengths;
  const patches = cells(grid);
  const inverse = lengths.inverse(degrees);
  for (const [d, query] of queries.entries()) {
    const dots = new Float64Array(patches);
    for (let q = 0; q < patches; q++) dots[q] = dot(query, features, q * channels);
    const sums = windowSums(dots, grid, degrees[d] >> 1); // pooling is linear: the product of the sum is the sum of the products
    const blank = query.every((v) => v === 0);
    for (let q = 0; q < patches; q++) {
      const scale = inverse[d * patches + q];
      if (blank || scale === 0) distances[q] += blank && scale === 0 ? 0 : 1;
      else distances[q] += Math.sqrt(Math.max(0, 2 - 2 * sums[q] * scale));
    }
  }
}

/** Product of `query` and the vector at `start`; four sums, so that one addition need not wait for the other. */
function dot(query: Float32Array, vectors: Float32Array, start: number): number {
  const whole = query.length & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0, at = start; k < whole; k += 4, at += 4) {
    a += query[k] * vectors[at];
    b += query[k + 1] * vectors[at + 1];
    c += query[k + 2] * vectors[at + 2];
    d += query[k + 3] * vectors[at + 3];
  }
  for (let k = whole; k < query.length; k++) a += query[k] * vectors[start + k];
  return a + b + c + d;
}

function windowSums(values: Float64Array, { height, width }: Grid, radius: number): Float64Array {
  return values.map((_, q) => {
    const [qy, qx] = [Math.floor(q / width), q % width];
    let sum = 0;
    for (let y = Math.max(0, qy - radius); y <= Math.min(height - 1, qy + radius); y++)
      for (let x = Math.max(0, qx - radius); x <= Math.min(width - 1, qx + radius); x++) sum += values[y * width + x];
    return sum;
  });
}
