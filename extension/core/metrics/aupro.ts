import * as l10n from '@vscode/l10n';
import type { Metric } from './metric';
import type { PixelTotals } from './pixel-survey';
import { noNegative, noPositive, type SweepBatch, type SweepVisitor } from './rank-sweep';

/** False-positive rate up to which the per-region overlap is integrated. */
export const FPR_LIMIT = 0.3;
/** Steps between the smallest and the largest value in the authors' code. */
const REFERENCE_STEPS = 200;

/** Why AUPRO has no meaning here, or null. */
function undefinedBecause(totals: PixelTotals): string | null {
  if (totals.positives === 0) return noPositive();
  if (totals.negatives === 0) return noNegative();
  if (totals.min === totals.max) return l10n.t('all maps have one and the same value everywhere');
  return null;
}

/**
 * AUPRO of every distinct threshold: mean covered fraction of the regions over the false-positive rate, trapezoid from
 * (0, 0), interpolated at 0.3, divided by 0.3.
 */
export class ExactAupro implements SweepVisitor {
  private falsePositives = 0;
  private covered = 0;
  private area = 0;

  constructor(private readonly totals: PixelTotals) {}

  visit({ count, negatives, weights }: SweepBatch): void {
    const limit = FPR_LIMIT * this.totals.negatives;
    for (let k = 0; k < count && this.falsePositives < limit; k++) {
      const [x, y] = [this.falsePositives, this.covered];
      this.falsePositives += negatives[k];
      this.covered += weights[k];
      if (negatives[k] === 0) continue;
      const end = Math.min(this.falsePositives, limit);
      const yEnd = y + (weights[k] * (end - x)) / negatives[k];
      this.area += ((end - x) * (y + yEnd)) / 2;
    }
  }

  result(): Metric {
    const absent = undefinedBecause(this.totals);
    if (absent !== null) return { absent };
    return { value: Math.min(1, this.area / this.totals.regions / (FPR_LIMIT * this.totals.negatives)) };
  }
}

/** Thresholds of the authors' code, ascending: numpy.arange(min, max, (max - min) / 200) in its own arithmetic. */
export function referenceThresholds(min: number, max: number): Float64Array {
  const delta = (max - min) / REFERENCE_STEPS;
  const step = min + delta - min;
  return Float64Array.from({ length: Math.ceil((max - min) / delta) }, (_, i) => min + i * step);
}

/**
 * AUPRO as the authors compute it: about 200 thresholds, a pixel is positive above (not at) one, points with a
 * false-positive rate below 0.3 kept, their rates stretched to 0..1, trapezoid.
 */
export class ReferenceAupro implements SweepVisitor {
  private readonly thresholds: Float64Array;
  private next: number;
  private falsePositives = 0;
  private covered = 0;
  private readonly rates: number[] = [];
  private readonly overlaps: number[] = [];

  constructor(private readonly totals: PixelTotals) {
    this.thresholds =
      undefinedBecause(totals) === null ? referenceThresholds(totals.min, totals.max) : new Float64Array();
    this.next = this.thresholds.length - 1;
  }

  visit({ count, values, negatives, weights }: SweepBatch): void {
    for (let k = 0; k < count; k++) {
      while (this.next >= 0 && this.thresholds[this.next] >= values[k]) this.record();
      this.falsePositives += negatives[k];
      this.covered += weights[k];
    }
  }

  private record(): void {
    this.next--;
    const rate = this.falsePositives / this.totals.negatives;
    if (rate >= FPR_LIMIT) return;
    this.rates.push(rate);
    this.overlaps.push(this.covered / this.totals.regions);
  }

  /** Call after the last step. */
  result(): Metric {
    const absent = undefinedBecause(this.totals);
    if (absent !== null) return { absent };
    const low = this.rates[0];
    const high = this.rates[this.rates.length - 1];
    if (low === undefined)
      return {
        absent: l10n.t('no threshold of the reference protocol has a false-positive rate below {0}', FPR_LIMIT),
      };
    if (low === high)
      return { absent: l10n.t('the reference protocol finds only one false-positive rate below {0}', FPR_LIMIT) };
    let area = 0;
    for (let i = 1; i < this.rates.length; i++)
      area += ((this.rates[i] - this.rates[i - 1]) * (this.overlaps[i] + this.overlaps[i - 1])) / 2;
    return { value: Math.min(1, area / (high - low)) };
  }
}
