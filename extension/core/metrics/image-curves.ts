import type { Truth } from '../dataset/dataset';
import { CurveSweep, type Curves } from './curve';
import { noNegative, noPositive } from './rank-sweep';
import { countTruth, sweepTruth } from './truth-sweep';

/** ROC and PR of image scores, at most 200 points each; or why there are none. Pictures without truth are left out. */
export function imageCurves(
  scores: ArrayLike<number>,
  labels: readonly Truth[],
): Pick<Curves, 'roc' | 'pr'> | { readonly absent: string } {
  const { positives, negatives } = countTruth(labels);
  if (positives === 0) return { absent: noPositive() };
  if (negatives === 0) return { absent: noNegative() };
  const curves = new CurveSweep(positives, negatives, 0);
  sweepTruth(scores, labels, [curves]);
  const { roc, pr } = curves.result();
  return { roc, pr };
}
