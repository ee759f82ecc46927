import * as l10n from '@vscode/l10n';
import type { Metric } from './metric';

/**
 * Distinct scores in descending order, some at a time: entry k of each array belongs to one score. Arrays, not calls per score:
 * there are millions of scores.
 */
export interface SweepBatch {
  /** Entries in use; the arrays may be longer. */
  readonly count: number;
  readonly values: Float32Array | Float64Array;
  /** How many positives and negatives have exactly this score. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Sum over the positives of 1 / area of their region; 0 where regions play no part. */
  readonly weights: Float64Array;
}

/** Something that is shown every distinct score from the highest to the lowest. It may not keep the batch. */
export interface SweepVisitor {
  visit(batch: SweepBatch): void;
}

/** Why a metric or curve is absent. */
export const noPositive = (): string => l10n.t('nothing is marked as defect');
export const noNegative = (): string => l10n.t('nothing is marked as good');

/**
 * AUROC, AP and F1-max from distinct scores in descending order, exactly (counts are integers below 2^53).
 * AUROC: ties share one threshold, trapezoid (Mann-Whitney, half for ties). AP: sum of recall step x precision, no
 * interpolation. F1-max: largest 2TP / (2TP + FP + FN) over the distinct thresholds "score >= value".
 */
export class RankSweep implements SweepVisitor {
  private truePositives = 0;
  private falsePositives = 0;
  private area = 0;
  private precisionSum = 0;
  private bestF1 = 0;
  private bestThreshold = Number.POSITIVE_INFINITY;

  constructor(
    private readonly positives: number,
    private readonly negatives: number,
  ) {}

  visit({ count, values, positives, negatives }: SweepBatch): void {
    for (let k = 0; k < count; k++) {
      const [more, wrong] = [positives[k], negatives[k]];
      this.area += wrong * (this.truePositives + more / 2);
      this.truePositives += more;
      this.falsePositives += wrong;
      if (more === 0) continue; // precision falls, recall stays: neither AP nor the best F1 changes
      this.precisionSum += more * (this.truePositives / (this.truePositives + this.falsePositives));
      const f1 = (2 * this.truePositives) / (this.truePositives + this.falsePositives + this.positives);
      if (f1 > this.bestF1) {
        this.bestF1 = f1;
        this.bestThreshold = values[k];
      }
    }
  }

  private defined(value: () => number): Metric {
    if (this.positives === 0) return { absent: noPositive() };
    if (this.negatives === 0) return { absent: noNegative() };
    return { value: value() };
  }

  auroc(): Metric {
    return this.defined(() => this.area / this.positives / this.negatives);
  }

  ap(): Metric {
    return this.defined(() => this.precisionSum / this.positives);
  }

  f1max(): Metric {
    return this.defined(() => this.bestF1);
  }

  /** The highest threshold at which F1 is largest. */
  f1Threshold(): number {
    return this.bestThreshold;
  }
}
