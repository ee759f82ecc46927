import { breathe } from '../breathe';
import { PixelBins, binBytes } from './pixel-bins';
import type { PixelSource } from './pixel-source';
import { COARSE, mapBits, RegionCache, surveyPixels, type PixelOptions, type PixelTotals } from './pixel-survey';
import type { SweepVisitor } from './rank-sweep';

const COUNT_BYTES = 768 * 2 ** 20;
const REGION_BYTES = 256 * 2 ** 20;

/**
 * Shows every distinct pixel value of all pictures, from the highest to the lowest, with its counts: exact, and in memory
 * that does not grow with the number of pictures. Order by radix: one look counts the pixels by the upper 16 bits of
 * their float32 patterns, the next count (or list) them by the lower 16, as many bins at once as the memory allows.
 * `visitors` gets the totals and says who wants to see the values; an empty list saves the second look.
 * Throws INTERNAL for a value that is no finite number, MASK_INVALID, CANCELLED.
 */
export async function sweepPixels(
  source: PixelSource,
  options: PixelOptions,
  visitors: (totals: PixelTotals) => readonly SweepVisitor[],
): Promise<PixelTotals> {
  const regions = new RegionCache(source, REGION_BYTES);
  const { all, marked, totals } = await surveyPixels(source, regions, options);
  const shown = visitors(totals);
  if (shown.length === 0) return totals;
  const good = all.map((n, bin) => n - marked[bin]);
  const passes = plan(good, marked, options.memoryBytes ?? COUNT_BYTES);
  for (const [pass, bins] of passes.entries()) {
    const counted = new PixelBins(good, marked, bins);
    for (let i = 0; i < source.count; i++) {
      await breathe(options.signal);
      await count(source, regions, i, counted);
      options.progress?.(source.count * (pass + 1) + i + 1, source.count * (passes.length + 1));
    }
    for (const batch of counted.batches()) {
      for (const visitor of shown) visitor.visit(batch);
      await breathe(options.signal);
    }
  }
  return totals;
}

/** Coarse bins of each pass, descending: as many as fit, at least one. */
function plan(good: Float64Array, marked: Float64Array, budget: number): number[][] {
  const passes: number[][] = [];
  let bytes = Infinity;
  for (let bin = COARSE - 1; bin >= 0; bin--) {
    if (good[bin] + marked[bin] === 0) continue;
    const more = binBytes(good[bin], marked[bin]);
    if (bytes + more > budget) {
      passes.push([]);
      bytes = 0;
    }
    passes[passes.length - 1].push(bin);
    bytes += more;
  }
  return passes;
}

async function count(source: PixelSource, regions: RegionCache, i: number, into: PixelBins): Promise<void> {
  const found = await regions.get(i);
  const bits = mapBits(source, i);
  let next = 0;
  if (found)
    for (let r = 0; r < found.runs.length; r += 3) {
      into.addGood(bits, next, found.runs[r]);
      next = found.runs[r + 1];
      into.addMarked(bits, found.runs[r], next, 1 / found.areas[found.runs[r + 2]]);
    }
  into.addGood(bits, next, bits.length);
}
