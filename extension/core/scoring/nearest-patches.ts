import { setImmediate } from 'node:timers/promises';
import { cells } from '../array/grid';
import { throwIfAborted } from '../errors';
import type { FeatureSource } from './feature-source';
import { poolPatches, unitLength } from './lnamd';

/** A patch of another image and its distance, mean over taps and degrees, 0..2. */
export interface NearPatch {
  readonly image: number;
  readonly patch: number;
  readonly distance: number;
}

export interface NearestPatchesOptions {
  readonly image: number;
  readonly patch: number;
  readonly degrees: readonly number[];
  readonly k: number;
  /** Images to look at; default all others. */
  readonly candidates?: readonly number[];
  readonly signal?: AbortSignal;
}

/**
 * The k nearest patches of one patch, at most one per image, nearest first: the place in each image with the smallest
 * distance, averaged over taps and degrees (SPEC 3, 4). `sources`: one per tap, layer-normed. Throws CANCELLED.
 */
export async function nearestPatches(
  sources: readonly FeatureSource[],
  options: NearestPatchesOptions,
): Promise<NearPatch[]> {
  const { image, patch, degrees, k, signal } = options;
  const { grid, images } = sources[0];
  const others = options.candidates ?? Array.from({ length: images }, (_, i) => i);
  const queries = await Promise.all(
    sources.map(async (s) =>
      pooled(await s.load(image), s, degrees).map((z) => z.slice(patch * s.channels, (patch + 1) * s.channels)),
    ),
  );
  const found: NearPatch[] = [];
  for (const other of others) {
    if (other === image) continue;
    const sums = new Float64Array(cells(grid));
    for (const [t, source] of sources.entries())
      for (const [d, z] of pooled(await source.load(other), source, degrees).entries())
        addDistances(sums, queries[t][d], z);
    const nearest = sums.reduce((best, v, i) => (v < sums[best] ? i : best), 0);
    found.push({ image: other, patch: nearest, distance: sums[nearest] / sources.length / degrees.length });
    await setImmediate();
    throwIfAborted(signal);
  }
  return found.sort((a, b) => a.distance - b.distance || a.image - b.image).slice(0, k);
}

const pooled = (
  features: Float32Array,
  { grid, channels }: FeatureSource,
  degrees: readonly number[],
): Float32Array[] => degrees.map((r) => unitLength(poolPatches(features, grid, channels, r), channels));

function addDistances(sums: Float64Array, query: Float32Array, z: Float32Array): void {
  for (let q = 0, at = 0; q < sums.length; q++) {
    let dot = 0;
    for (let c = 0; c < query.length; c++) dot += query[c] * z[at++];
    sums[q] += Math.sqrt(Math.max(0, 2 - 2 * dot));
  }
}
