import { suggestedThreshold } from '../../protocol/suggested-threshold';
import type { Truth } from '../dataset/dataset';
import { RankSweep } from './rank-sweep';
import { countTruth, sweepTruth } from './truth-sweep';

/** Highest threshold at which F1 is largest ("score >= threshold" is flagged), or null where one class is missing. */
export function thresholdAtF1Max(scores: ArrayLike<number>, labels: readonly Truth[]): number | null {
  const { positives, negatives } = countTruth(labels);
  if (positives === 0 || negatives === 0) return null;
  const sweep = new RankSweep(positives, negatives);
  sweepTruth(scores, labels, [sweep]);
  return sweep.f1Threshold();
}

/** Highest threshold that misses no defect, or null without defects. */
export function thresholdAtZeroMissed(scores: ArrayLike<number>, labels: readonly Truth[]): number | null {
  let lowest = Infinity;
  for (const [i, label] of labels.entries()) if (label === 'defect') lowest = Math.min(lowest, scores[i]);
  return lowest === Infinity ? null : lowest;
}

/** The threshold that scores are judged at unless somebody chooses one, and its rule: at F1-max with truth, else suggested. */
export function ownThreshold(
  scores: ArrayLike<number>,
  labels: readonly Truth[],
): { readonly value: number | null; readonly from: 'f1max' | 'suggested' } {
  const best = thresholdAtF1Max(scores, labels);
  return best === null ? { value: suggestThreshold(scores), from: 'suggested' } : { value: best, from: 'f1max' };
}

/** A threshold without any truth, the panel's own. Null without scores. */
export function suggestThreshold(scores: ArrayLike<number>): number | null {
  return scores.length === 0 ? null : suggestedThreshold(Float64Array.from(scores).sort()).value;
}
