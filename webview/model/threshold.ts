import { f1At, type Ranked } from './curve';

/** How the threshold is chosen. An image is flagged when its score is at or above it. */
export type ThresholdRule =
  | { readonly kind: 'f1max' }
  | { readonly kind: 'zeroMissed' }
  | { readonly kind: 'falseAlarms'; readonly rate: number }
  | { readonly kind: 'suggested' }
  | { readonly kind: 'manual'; readonly value: number };

export interface Threshold {
  readonly value: number;
  /** How it was found, for people. */
  readonly how: string;
  /** The rule that could be followed: rules that need classes fall back to 'suggested' without them. */
  readonly rule: ThresholdRule['kind'];
}

/** The threshold that a rule gives. `sorted`: scores ascending. */
export function thresholdFor(rule: ThresholdRule, ranked: Ranked, sorted: Float64Array): Threshold {
  switch (rule.kind) {
    case 'manual':
      return { value: rule.value, how: 'set by hand', rule: 'manual' };
    case 'suggested':
      return { ...suggestedThreshold(sorted), rule: 'suggested' };
    case 'f1max':
      if (ranked.defects === 0) break;
      return { value: atF1Max(ranked), how: 'where F1 is largest', rule: 'f1max' };
    case 'zeroMissed':
      if (ranked.defects === 0) break;
      return { value: atZeroMissed(ranked), how: 'the highest that misses no known defect', rule: 'zeroMissed' };
    case 'falseAlarms': {
      if (ranked.good === 0) break;
      const percent = Number((rule.rate * 100).toFixed(1));
      return {
        value: atFalseAlarms(ranked, rule.rate),
        how: `the lowest with at most ${percent} % of the good images flagged`,
        rule: 'falseAlarms',
      };
    }
  }
  return { ...suggestedThreshold(sorted), rule: 'suggested' };
}

/** Half way between the score where F1 is largest and the next lower one, so that rounding flips nothing. */
function atF1Max(ranked: Ranked): number {
  let best = 1;
  for (let i = 2; i < ranked.points.length; i++)
    if (f1At(ranked.points[i], ranked.defects) > f1At(ranked.points[best], ranked.defects)) best = i;
  return below(ranked, best);
}

function atZeroMissed(ranked: Ranked): number {
  return below(
    ranked,
    ranked.points.findIndex((p) => p.hits === ranked.defects),
  );
}

function atFalseAlarms(ranked: Ranked, rate: number): number {
  let last = 0;
  for (let i = 1; i < ranked.points.length && ranked.points[i].alarms <= rate * ranked.good; i++) last = i;
  return last === 0 ? ranked.points[1].threshold + 1e-6 : below(ranked, last);
}

/** A threshold that keeps point `at` flagged and the next lower score not. */
function below({ points }: Ranked, at: number): number {
  const here = points[at].threshold;
  return at + 1 < points.length ? (here + points[at + 1].threshold) / 2 : here;
}

/** Share of the variance between the two groups from which a split counts as clear (a uniform spread gives 0.75). */
const CLEAR_SPLIT = 0.78;

/**
 * A threshold without any known class. Two clearly separate groups: Otsu's split. Otherwise most images are taken to be
 * good and the line is drawn 3 robust standard deviations (1.4826 x MAD) above the median. `sorted`: scores ascending.
 */
export function suggestedThreshold(sorted: Float64Array): { value: number; how: string } {
  if (sorted.length === 0) return { value: 0, how: 'no images' };
  const split = otsu(sorted);
  if (split !== null && split.share >= CLEAR_SPLIT)
    return { value: split.value, how: "between the two groups that the scores fall into (Otsu's split)" };
  const middle = quantile(sorted, 0.5);
  const deviation = quantile(sorted.map((s) => Math.abs(s - middle)).sort(), 0.5) * 1.4826;
  const highest = sorted[sorted.length - 1];
  const value = Math.min(middle + 3 * deviation, highest);
  return { value, how: 'median + 3 robust standard deviations, taking most images to be good' };
}

/** The split with the largest variance between groups, and its share of the whole variance; null when all are equal. */
function otsu(sorted: Float64Array): { value: number; share: number } | null {
  const n = sorted.length;
  const total = sorted.reduce((sum, s) => sum + s, 0);
  const mean = total / n;
  const variance = sorted.reduce((sum, s) => sum + (s - mean) ** 2, 0);
  if (!(variance > 0)) return null;
  let sum = 0;
  let best = { value: sorted[0], share: -1 };
  for (let i = 1; i < n; i++) {
    sum += sorted[i - 1];
    if (sorted[i] === sorted[i - 1]) continue;
    const gap = sum / i - (total - sum) / (n - i);
    const share = ((i * (n - i)) / n) * gap * gap;
    if (share / variance > best.share) best = { value: (sorted[i] + sorted[i - 1]) / 2, share: share / variance };
  }
  return best;
}

/** Linear-interpolated quantile of ascending values, q in 0..1. NaN when empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

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
