import type { Truth } from '../dataset/dataset';
import { RankSweep } from './rank-sweep';
import { countTruth, sweepTruth } from './truth-sweep';

/** Standard deviations per median absolute deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** Robust standard deviations above the median from which on a score stands out. */
const SUGGESTED_SIGMAS = 3;

/** The smallest float64 above a finite number; good enough at float32 scores: one part in 2^40 above. */
const justAbove = (x: number): number => x + Math.max(Math.abs(x) * 2 ** -40, 2 ** -60);

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

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * A threshold without any truth: median + 3 x 1.4826 x median absolute deviation of the scores. It assumes what the method
 * does, that most pictures are good: then the defects move neither figure much. Null without scores.
 */
export function suggestThreshold(scores: ArrayLike<number>): number | null {
  if (scores.length === 0) return null;
  const sorted = Float64Array.from(scores).sort();
  const centre = median(sorted);
  const spread = median(Float64Array.from(sorted, (s) => Math.abs(s - centre)).sort());
  // half of the scores equal: whatever lies above them stands out
  return spread > 0 ? centre + SUGGESTED_SIGMAS * MAD_TO_SIGMA * spread : justAbove(centre);
}
