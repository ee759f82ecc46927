import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import { breathe } from '../breathe';
import { MuscError } from '../errors';
import { keyValue, notFinite, orderKey } from './float-order';
import type { PixelSource } from './pixel-source';
import { findRegions, type Regions } from './regions';

/** Pixels are first counted by the upper half of their order key. */
export const COARSE = 65536;

/** What one look at all pixels tells. */
export interface PixelTotals {
  readonly positives: number;
  readonly negatives: number;
  /** 8-connected regions of all masks. */
  readonly regions: number;
  /** Smallest and largest map value. */
  readonly min: number;
  readonly max: number;
}

export interface PixelOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
  /** Bytes for counting; more passes are made when it does not suffice. Default 768 MB. */
  readonly memoryBytes?: number;
}

/** Marked runs of a picture, or null where nothing is marked. Kept while `budget` lasts, else found again. */
export class RegionCache {
  private readonly kept = new Map<number, Regions | null>();

  constructor(
    private readonly source: PixelSource,
    private budget: number,
  ) {}

  async get(i: number): Promise<Regions | null> {
    const known = this.kept.get(i);
    if (known !== undefined) return known;
    const mask = await this.source.mask(i);
    if (mask && mask.length !== cells(this.source.size))
      throw new MuscError(
        'MASK_INVALID',
        l10n.t('mask {0} has {1} pixels where {2} belong', i, mask.length, cells(this.source.size)),
      );
    const found = mask ? findRegions(mask, this.source.size) : null;
    const regions = found && found.count > 0 ? found : null;
    const bytes = regions ? regions.runs.byteLength + regions.areas.byteLength : 64;
    if (bytes <= this.budget) {
      this.budget -= bytes;
      this.kept.set(i, regions);
    }
    return regions;
  }
}

/** The bit patterns of map `i`. Throws where the size is wrong. */
export function mapBits(source: PixelSource, i: number): Int32Array {
  const map = source.map(i);
  if (map.length !== cells(source.size))
    throw new MuscError('INTERNAL', `map ${i} has ${map.length} values where ${cells(source.size)} belong`);
  return new Int32Array(map.buffer, map.byteOffset, map.length);
}

/** First look: counts by coarse bin, totals, and the masks' regions. Throws INTERNAL for a value that is no finite number, CANCELLED. */
export async function surveyPixels(
  source: PixelSource,
  regions: RegionCache,
  options: PixelOptions,
): Promise<{ all: Float64Array; marked: Float64Array; totals: PixelTotals }> {
  const all = new Float64Array(COARSE);
  const marked = new Float64Array(COARSE);
  let positives = 0;
  let regionCount = 0;
  let min = 0x7fffffff; // keys with the top bit flipped: signed comparison
  let max = -0x80000000;
  for (let i = 0; i < source.count; i++) {
    await breathe(options.signal);
    const found = await regions.get(i);
    const bits = mapBits(source, i);
    for (let p = 0; p < bits.length; p++) {
      const b = bits[p];
      if (notFinite(b))
        throw new MuscError('INTERNAL', `the anomaly map of picture ${i} holds a value that is not a finite number`);
      const key = orderKey(b);
      const order = key ^ -0x80000000;
      if (order < min) min = order;
      if (order > max) max = order;
      all[key >>> 16]++;
    }
    if (found) {
      regionCount += found.count;
      for (let r = 0; r < found.runs.length; r += 3) {
        positives += found.runs[r + 1] - found.runs[r];
        for (let p = found.runs[r]; p < found.runs[r + 1]; p++) marked[orderKey(bits[p]) >>> 16]++;
      }
    }
    options.progress?.(i + 1, source.count * 2);
  }
  const pixels = source.count * cells(source.size);
  return {
    all,
    marked,
    totals: {
      positives,
      negatives: pixels - positives,
      regions: regionCount,
      min: pixels > 0 ? keyValue(min ^ -0x80000000) : 0,
      max: pixels > 0 ? keyValue(max ^ -0x80000000) : 0,
    },
  };
}
