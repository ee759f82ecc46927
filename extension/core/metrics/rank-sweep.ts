import type { Metric } from './metric';

/** One distinct score, met in descending order: how many positives and negatives have exactly it. */
export interface SweepStep {
  readonly value: number;
  readonly positives: number;
  readonly negatives: number;
  /** Sum over the positives of 1 / area of their region; 0 where regions play no part. */
  readonly weight: number;
}

/** Something that is shown every distinct score from the highest to the lowest. */
export interface SweepVisitor {
  step(value: number, positives: number, negatives: number, weight: number): void;
}

export const NO_POSITIVE = 'nothing is marked as defect';
export const NO_NEGATIVE = 'nothing is marked as good';

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
  private bestF1 = -1;
  private bestThreshold = Number.POSITIVE_INFINITY;

  constructor(
    private readonly positives: number,
    private readonly negatives: number,
  ) {}

  step(value: number, positives: number, negatives: number): void {
    this.area += negatives * (this.truePositives + positives / 2);
    this.truePositives += positives;
    this.falsePositives += negatives;
    this.precisionSum += positives * (this.truePositives / (this.truePositives + this.falsePositives));
    const f1 = (2 * this.truePositives) / (this.truePositives + this.falsePositives + this.positives);
    if (f1 > this.bestF1) {
      this.bestF1 = f1;
      this.bestThreshold = value;
    }
  }

  private defined(value: () => number): Metric {
    if (this.positives === 0) return { absent: NO_POSITIVE };
    if (this.negatives === 0) return { absent: NO_NEGATIVE };
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
