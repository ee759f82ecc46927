import * as l10n from '@vscode/l10n';

/** Share of the variance between the two groups from which a split counts as clear (a uniform spread gives 0.75). */
const CLEAR_SPLIT = 0.78;
/** Standard deviations per median absolute deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** Robust standard deviations above the median from which on a score stands out. */
const SIGMAS = 3;

export interface SuggestedThreshold {
  /** A picture is flagged when its score is at or above it. */
  readonly value: number;
  /** How it was found, for people. */
  readonly how: string;
}

/**
 * A threshold without any known class; the panel, exports and comparisons all suggest this one. Two clearly separate groups:
 * Otsu's split. Otherwise most pictures are taken to be good, as the method does, and the line is drawn 3 robust standard
 * deviations (1.4826 x MAD) above the median, but no higher than the highest score. Equal scores: none is flagged.
 * `sorted`: scores ascending; 0 without any.
 */
export function suggestedThreshold(sorted: Float64Array): SuggestedThreshold {
  if (sorted.length === 0) return { value: 0, how: l10n.t('no images') };
  const highest = sorted[sorted.length - 1];
  if (sorted[0] === highest)
    return { value: justAbove(highest), how: l10n.t('above all scores, which are equal: none stands out') };
  const split = otsu(sorted);
  if (split.share >= CLEAR_SPLIT)
    return { value: split.value, how: l10n.t("between the two groups that the scores fall into (Otsu's split)") };
  const middle = median(sorted);
  const deviation = median(sorted.map((s) => Math.abs(s - middle)).sort()) * MAD_TO_SIGMA;
  // Half of the scores equal: whatever lies above them stands out.
  const value = deviation > 0 ? middle + SIGMAS * deviation : justAbove(middle);
  return {
    value: Math.min(value, highest),
    how: l10n.t('median + 3 robust standard deviations, taking most images to be good'),
  };
}

/** A number above a finite one, nearer than any other float32 score: one part in 2^40. */
const justAbove = (x: number): number => x + Math.max(Math.abs(x) * 2 ** -40, 2 ** -60);

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The split with the largest variance between groups, and its share of the whole variance. `sorted`: not all equal. */
function otsu(sorted: Float64Array): { value: number; share: number } {
  const n = sorted.length;
  const total = sorted.reduce((sum, s) => sum + s, 0);
  const mean = total / n;
  const variance = sorted.reduce((sum, s) => sum + (s - mean) ** 2, 0);
  let sum = 0;
  let best = { value: sorted[0], share: -1 };
  for (let i = 1; i < n; i++) {
    sum += sorted[i - 1];
    if (sorted[i] === sorted[i - 1]) continue;
    const gap = sum / i - (total - sum) / (n - i);
    const share = (((i * (n - i)) / n) * gap * gap) / variance;
    if (share > best.share) best = { value: (sorted[i] + sorted[i - 1]) / 2, share };
  }
  return best;
}
