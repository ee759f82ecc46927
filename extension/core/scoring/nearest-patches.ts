import { setImmediate } from 'node:timers/promises';
import { cells, type Grid } from '../array/grid';
import { MuscError, throwIfAborted, toMuscError } from '../errors';
import type { FeatureSource } from './feature-source';
import { PatchWindows } from './kernel/patch-windows';

/** Images that are read ahead of the one that is looked at: a shortlist of the run. */
const AHEAD = 16;

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
 * (paper 3.2), with distances averaged over taps and degrees. `sources`: one per tap, layer-normed. Images that can't be read are passed
 * by, unless all are. Throws CANCELLED, FILE_IO, PICTURE_UNREADABLE.
 */
export async function nearestPatches(
  sources: readonly FeatureSource[],
  { image, patch, degrees, k, candidates, signal }: NearestOptions,
): Promise<NearestPatch[]> {
  const { grid, images } = sources[0];
  const windows = sources.map((s) => new PatchWindows(grid, s.channels, degrees.length));
  const others = [...new Set(candidates ?? Array(images).keys())].filter((i) => i !== image && i >= 0 && i < images);
  const load = (i: number): Promise<Float32Array[]> => {
    const loaded = Promise.all(sources.map((source) => source.load(i)));
    loaded.catch(() => undefined); // told where it is awaited
    return loaded;
  };
  const [own, ...ahead] = [image, ...others.slice(0, AHEAD)].map(load);
  const queries = (await own).map((features, tap) =>
    degrees.map((degree) => unitWindow(features, grid, sources[tap].channels, patch, degree >> 1)),
  );
  const found: NearestPatch[] = [];
  let failed: MuscError | undefined;
  for (const [n, other] of others.entries()) {
    throwIfAborted(signal);
    const features = await ahead.shift()?.catch(unreadable);
    if (n + AHEAD < others.length) ahead.push(load(others[n + AHEAD]));
    if (features === undefined || features instanceof MuscError) {
      failed ??= features;
      continue;
    }
    const distances = new Float64Array(cells(grid));
    for (const [tap, window] of windows.entries()) {
      window.features.set(features[tap]);
      addDistances(queries[tap], window, degrees, distances);
    }
    const nearest = distances.reduce((best, d, q) => (d < distances[best] ? q : best), 0);
    found.push({
      image: other,
      patch: nearest,
      distance: distances[nearest] / sources.length / degrees.length,
    });
    await setImmediate();
  }
  if (found.length === 0 && failed) throw failed;
  return found.sort((a, b) => a.distance - b.distance || a.image - b.image).slice(0, k);
}

/** The error of a picture that is gone or can't be read: the others are compared all the same. Throws any other. */
function unreadable(thrown: unknown): MuscError {
  const error = toMuscError(thrown);
  if (error.code !== 'FILE_IO' && error.code !== 'PICTURE_UNREADABLE') throw error;
  return error;
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

/** Adds one tap's distances of the queries, one per degree, to all patches of the image in `windows`. */
function addDistances(
  queries: readonly Float32Array[],
  windows: PatchWindows,
  degrees: readonly number[],
  distances: Float64Array,
): void {
  const patches = distances.length;
  const inverse = windows.inverse(degrees);
  const products = windows.products(queries, degrees);
  for (const [d, query] of queries.entries()) {
    const blank = query.every((v) => v === 0);
    for (let q = 0, at = d * patches; q < patches; q++, at++) {
      const scale = inverse[at];
      if (blank || scale === 0) distances[q] += blank && scale === 0 ? 0 : 1;
      else distances[q] += Math.sqrt(Math.max(0, 2 - 2 * products[at] * scale));
    }
  }
}
