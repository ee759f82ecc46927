import type { Protocol } from '../settings';
import { CurveSweep } from './curve';
import type { PixelSource } from './pixel-source';
import type { PixelOptions } from './pixel-survey';
import { sweepPixels } from './pixel-sweep';
import { noNegative, noPositive } from './rank-sweep';

/** Points of the three curves, at most 200 each. */
export interface PixelCurves {
  readonly roc: [number, number][];
  readonly pr: [number, number][];
  readonly pro: [number, number][];
}

/**
 * ROC, PR and PRO of all pixels, thinned for display; or why there are none. Both protocols draw the curves of every distinct
 * threshold (the 200 of `reference` would miss what AUROC and AP see). Throws as `pixelMetrics`.
 */
export async function pixelCurves(
  source: PixelSource,
  options: PixelOptions & { readonly protocol?: Protocol },
): Promise<PixelCurves | { readonly absent: string }> {
  let curves: CurveSweep | undefined;
  const totals = await sweepPixels(source, options, (t) => {
    if (t.positives === 0 || t.negatives === 0) return [];
    curves = new CurveSweep(t.positives, t.negatives, t.regions);
    return [curves];
  });
  if (!curves) return { absent: totals.positives === 0 ? noPositive() : noNegative() };
  const { roc, pr, pro } = curves.result();
  const copy = (points: readonly (readonly [number, number])[]) => points.map(([x, y]): [number, number] => [x, y]);
  return { roc: copy(roc), pr: copy(pr), pro: copy(pro) };
}
