/** A run's scores, ascending: counts at any threshold are binary searches in them. */
export interface SortedScores {
  readonly score: Float64Array;
  readonly raw: Float64Array;
  /** Whether both are the same numbers: RsCIN is off. */
  readonly same: boolean;
}

export const sortedScores = ({ score, rawScore }: Record<'score' | 'rawScore', Float64Array>): SortedScores => ({
  score: score.slice().sort(),
  raw: rawScore.slice().sort(),
  same: score.every((s, i) => Math.abs(s - rawScore[i]) <= 1e-6 * Math.max(1, Math.abs(s))),
});

/** How many of the ascending values are at or above `value`. */
export function countFrom(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

/**
 * The threshold on maps that flags as many images by their raw score as `threshold` does by the final score. Both are the
 * same when RsCIN is off; with it, final scores have another scale than maps.
 */
export function mapThreshold(
  threshold: number,
  sorted: Float64Array,
  rawSorted: Float64Array,
  sameScale: boolean,
): number {
  if (sameScale) return threshold;
  const n = sorted.length;
  const flagged = countFrom(sorted, threshold);
  if (flagged === 0) return n === 0 ? threshold : rawSorted[n - 1] + 1e-6;
  if (flagged === n) return rawSorted[0];
  return (rawSorted[n - flagged] + rawSorted[n - flagged - 1]) / 2;
}
