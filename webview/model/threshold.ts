import * as l10n from '@vscode/l10n';
import { countFrom } from '../../extension/protocol/map-threshold';
import { suggestedThreshold } from '../../extension/protocol/suggested-threshold';
import { f1At, type Ranked } from './curve';
import { HALF_SCORE_UNIT, shownScore } from './format';

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
  /** The rule that could be followed: rules that need classes fall back to 'suggested' where those are unknown. */
  readonly rule: ThresholdRule['kind'];
}

/** Whether the known classes are enough for a rule. F1 needs both: with one it is largest at the only image that is known. */
export function canFollow(kind: ThresholdRule['kind'], { defects, good }: Ranked): boolean {
  switch (kind) {
    case 'f1max':
      return defects > 0 && good > 0;
    case 'zeroMissed':
      return defects > 0;
    case 'falseAlarms':
      return good > 0;
    case 'suggested':
    case 'manual':
      return true;
  }
}

/** The threshold that a rule gives. `sorted`: scores ascending. */
export function thresholdFor(rule: ThresholdRule, ranked: Ranked, sorted: Float64Array): Threshold {
  if (!canFollow(rule.kind, ranked)) return { ...suggestedThreshold(sorted), rule: 'suggested' };
  switch (rule.kind) {
    case 'manual':
      return { value: rule.value, how: l10n.t('set by hand'), rule: 'manual' };
    case 'suggested':
      return { ...suggestedThreshold(sorted), rule: 'suggested' };
    case 'f1max':
      return { value: atF1Max(ranked), how: l10n.t('where F1 is largest'), rule: 'f1max' };
    case 'zeroMissed':
      return {
        value: atZeroMissed(ranked),
        how: l10n.t('the highest that misses no known defect'),
        rule: 'zeroMissed',
      };
    case 'falseAlarms':
      return {
        value: atFalseAlarms(ranked, rule.rate),
        how: l10n.t('the lowest with at most {0} % of the good images flagged', percentText(rule.rate)),
        rule: 'falseAlarms',
      };
  }
}

/** A share in percent, as short as it can be written with at most two decimals: 0.0025 -> "0.25". */
export const percentText = (share: number): string => String(Number((share * 100).toFixed(2)));

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
  // 29 % of 100 are 29, though not in binary fractions.
  const allowed = rate * ranked.good + 1e-9;
  let last = 0;
  for (let i = 1; i < ranked.points.length && ranked.points[i].alarms <= allowed; i++) last = i;
  return last === 0 ? ranked.points[1].threshold + 1e-6 : below(ranked, last);
}

/** A threshold that keeps point `at` flagged and the next lower score not. */
function below({ points }: Ranked, at: number): number {
  const here = points[at].threshold;
  return at + 1 < points.length ? (here + points[at + 1].threshold) / 2 : here;
}

/**
 * The threshold that a typed number means: an image whose score is shown as that number is at or above it. A number with more
 * decimals than are shown means itself. `sorted`: scores ascending.
 */
export function typedThreshold(typed: number, sorted: Float64Array): number {
  if (shownScore(typed) !== typed) return typed;
  const lowest = sorted[sorted.length - countFrom(sorted, typed - HALF_SCORE_UNIT)];
  return lowest < typed ? lowest : typed;
}
