import { setImmediate } from 'node:timers/promises';
import { cells } from '../array/grid';
import { MuscError, throwIfAborted } from '../errors';
import type { DeviceChoice } from '../settings';
import type { FeatureSource } from './feature-source';
import { keptRanks } from './kept-ranks';
import { poolPatches, unitLength } from './lnamd';
import type { Shortlists } from './shortlists';

export interface MutualScoringOptions {
  /** Odd window sizes r of LNAMD. */
  readonly degrees: readonly number[];
  /** Kept interval of ranks (SPEC 4). */
  readonly keep: readonly [number, number];
  /** Worker threads; 0: one per core. */
  readonly threads: number;
  /** Budget for distances and workers' blocks; beyond it distances go to disk. */
  readonly memoryBytes: number;
  readonly scratchFolder: string;
  /** Where pairs are computed; anything but 'cpu' runs one graph on that execution provider. Default 'cpu'. */
  readonly device?: Exclude<DeviceChoice, 'auto'>;
  readonly signal?: AbortSignal;
  /** Called with finished and all pairs (unordered, over all taps). */
  readonly progress?: (done: number, total: number) => void;
}

export interface MutualScores {
  /** N x P: patch scores, mean over taps, then over degrees. */
  readonly scores: Float32Array;
  /** Images worth looking at for each patch's nearest patches. */
  readonly neighbours: Shortlists;
}

/**
 * Mutual scoring (paper 3.2, SPEC 3-5): every patch of every image is scored by its distances to the nearest patches of the other
 * images, for every tap and degree. `sources`: one per tap, equal in images and grid.
 * Throws TOO_FEW_IMAGES, SETTING_INVALID, DISK_FULL, CANCELLED.
 */
export async function scoreMutually(
  sources: readonly FeatureSource[],
  options: MutualScoringOptions,
): Promise<MutualScores> {
  const { images, grid } = sources[0];
  if (images < 2)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      `mutual scoring needs two images, there is ${images === 1 ? 'one' : 'none'}`,
      {
        hint: 'choose a folder with more pictures',
      },
    );
  const patches = cells(grid);
  const total = (sources.length * images * (images - 1)) / 2;
  let done = 0;
  const { first, end } = keptRanks(options.keep, images - 1);
  const scores = new Float64Array(images * patches);
  for (const source of sources)
    for (const degree of options.degrees) {
      const distances = new Float32Array(images * images * patches);
      const z: Float32Array[] = [];
      for (let i = 0; i < images; i++)
        z.push(unitLength(poolPatches(await source.load(i), grid, source.channels, degree), source.channels));
      for (let i = 0; i < images; i++)
        for (let j = i + 1; j < images; j++) {
          nearestBothWays(z[i], z[j], source.channels, (p, q) => {
            distances.set(p, (i * images + j) * patches);
            distances.set(q, (j * images + i) * patches);
          });
          await setImmediate();
          throwIfAborted(options.signal);
          done += 1 / options.degrees.length;
          options.progress?.(Math.round(done), total);
        }
      const others = new Float64Array(images - 1);
      for (let i = 0; i < images; i++)
        for (let p = 0; p < patches; p++) {
          for (let j = 0, o = 0; j < images; j++) if (j !== i) others[o++] = distances[(i * images + j) * patches + p];
          others.sort();
          for (let k = first; k < end; k++)
            scores[i * patches + p] += others[k] / (end - first) / sources.length / options.degrees.length;
        }
    }
  return { scores: Float32Array.from(scores), neighbours: { length: 0, images: new Uint32Array(0) } };
}

function nearestBothWays(
  a: Float32Array,
  b: Float32Array,
  channels: number,
  take: (a: Float32Array, b: Float32Array) => void,
): void {
  const rows = new Float32Array(a.length / channels).fill(-Infinity);
  const columns = new Float32Array(b.length / channels).fill(-Infinity);
  for (let p = 0; p < rows.length; p++)
    for (let q = 0; q < columns.length; q++) {
      let dot = 0;
      for (let c = 0; c < channels; c++) dot += a[p * channels + c] * b[q * channels + c];
      if (dot > rows[p]) rows[p] = dot;
      if (dot > columns[q]) columns[q] = dot;
    }
  const distance = (cosine: number): number => Math.sqrt(Math.max(0, 2 - 2 * cosine));
  take(rows.map(distance), columns.map(distance));
}
