import os from 'node:os';
import { cells, type Grid } from '../../../extension/core/array/grid';
import type { FeatureSource } from '../../../extension/core/scoring/feature-source';
import { layerNormPatches, poolPatches, unitLength } from '../../../extension/core/scoring/lnamd';
import type { MutualScoringOptions } from '../../../extension/core/scoring/mutual-scoring';
import { scoreMutuallyPlain } from '../../../extension/core/scoring/mutual-scoring-plain';
import { randomFloats } from './random';

/** Features of a made-up product: a common picture, a little of an own one, for each image. */
export function madeUpImages(images: number, grid: Grid, channels: number, seed: number): Float32Array[] {
  const size = cells(grid) * channels;
  const common = randomFloats(size, seed);
  return Array.from({ length: images }, (_, i) => {
    const own = randomFloats(size, seed * 1000 + i + 1);
    return layerNormPatches(common.map((v, k) => v + 0.5 * own[k]));
  });
}

export const sourceOf = (images: readonly Float32Array[], grid: Grid, channels: number): FeatureSource => ({
  images: images.length,
  grid,
  channels,
  load: (i) => Promise.resolve(images[i]),
});

/** Options of a run in the calling thread. */
export const options = (more: Partial<MutualScoringOptions> = {}): MutualScoringOptions => ({
  degrees: [1, 3, 5],
  keep: [0, 0.3],
  threads: 1,
  memoryBytes: 1e9,
  scratchFolder: os.tmpdir(),
  workerFile: null,
  ...more,
});

/** N x P scores as the paper reads, in float64. */
export function plainScores(
  taps: readonly { images: readonly Float32Array[]; channels: number }[],
  grid: Grid,
  degrees: readonly number[],
  keep: readonly [number, number],
): Float64Array {
  const patches = cells(grid);
  const out = new Float64Array(taps[0].images.length * patches);
  for (const degree of degrees)
    for (const { images, channels } of taps) {
      const z = images.map((x) => unitLength(poolPatches(x, grid, channels, degree), channels));
      scoreMutuallyPlain(z, channels, keep).forEach((scores, i) =>
        scores.forEach((s, p) => (out[i * patches + p] += s / degrees.length / taps.length)),
      );
    }
  return out;
}

/** Largest relative difference. */
export function worstRelative(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++)
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / Math.abs(expected[i]));
  return actual.length === expected.length ? worst : Infinity;
}
