import { countFrom } from '../../extension/protocol/map-threshold';
import { DEFECT, GOOD } from './table';

/** What a threshold makes of an image whose class is known; `flagged` and `clear` where it is not. */
export const VERDICTS = ['hit', 'missed', 'falseAlarm', 'passed'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The verdict on one image, or null when its class is unknown. */
export function verdictOf(score: number, cls: number, threshold: number): Verdict | null {
  const flagged = score >= threshold;
  if (cls === DEFECT) return flagged ? 'hit' : 'missed';
  if (cls === GOOD) return flagged ? 'falseAlarm' : 'passed';
  return null;
}

export type Confusion = Readonly<Record<Verdict, number>>;

/** Scores of the defects and of the good images, ascending: counts at any threshold then take two binary searches. */
export interface ClassScores {
  readonly defect: Float64Array;
  readonly good: Float64Array;
}

export function classScores(score: Float64Array, classes: Int8Array): ClassScores {
  return {
    defect: score.filter((_, i) => classes[i] === DEFECT).sort(),
    good: score.filter((_, i) => classes[i] === GOOD).sort(),
  };
}

/** The confusion matrix at a threshold. */
export function confusionAt({ defect, good }: ClassScores, threshold: number): Confusion {
  const hit = countFrom(defect, threshold);
  const falseAlarm = countFrom(good, threshold);
  return { hit, missed: defect.length - hit, falseAlarm, passed: good.length - falseAlarm };
}

/**
 * Precision, recall and F1 of a confusion matrix; null where a denominator is 0. Precision and F1 need
 * both classes, as all metrics of the ranking do: where no good image is known, no alarm can be known for a false one.
 */
export function rates({ hit, missed, falseAlarm, passed }: Confusion) {
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  const [defects, good] = [hit + missed, falseAlarm + passed];
  const both = defects > 0 && good > 0;
  return {
    precision: both ? share(hit, hit + falseAlarm) : null,
    recall: share(hit, defects),
    f1: both ? share(2 * hit, 2 * hit + falseAlarm + missed) : null,
  };
}
