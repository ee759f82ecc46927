import type { Protocol } from '../settings';
import { ExactAupro, ReferenceAupro } from './aupro';
import type { PixelMetrics } from './metric';
import type { PixelSource } from './pixel-source';
import type { PixelOptions } from './pixel-survey';
import { sweepPixels } from './pixel-sweep';
import { noNegative, noPositive, RankSweep } from './rank-sweep';

/**
 * AUROC, F1-max and AP pooled over all pixels, and AUPRO up to a false-positive rate of 0.3 (fractions), exact and in
 * bounded memory. The protocols differ in AUPRO only. Undefined metrics are absent with the reason.
 * Throws INTERNAL for a map value that is no finite number, MASK_INVALID for a mask of another size, CANCELLED.
 */
export async function pixelMetrics(
  source: PixelSource,
  options: PixelOptions & { readonly protocol: Protocol },
): Promise<PixelMetrics> {
  let rank: RankSweep | undefined;
  let aupro: ExactAupro | ReferenceAupro | undefined;
  const totals = await sweepPixels(source, options, (t) => {
    if (t.positives === 0 || t.negatives === 0) return [];
    rank = new RankSweep(t.positives, t.negatives);
    aupro = options.protocol === 'reference' ? new ReferenceAupro(t) : new ExactAupro(t);
    return [rank, aupro];
  });
  if (!rank || !aupro) {
    const absent = { absent: totals.positives === 0 ? noPositive() : noNegative() };
    return { auroc: absent, f1max: absent, ap: absent, aupro: absent };
  }
  return { auroc: rank.auroc(), f1max: rank.f1max(), ap: rank.ap(), aupro: aupro.result() };
}
