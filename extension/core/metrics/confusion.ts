import type { Truth } from '../dataset/dataset';

/** Outcomes at a threshold. A picture is flagged when its score is at or above it. */
export interface Confusion {
  /** Defect, flagged. */
  readonly hits: number;
  /** Defect, not flagged. */
  readonly missed: number;
  /** Good, flagged. */
  readonly falseAlarms: number;
  /** Good, not flagged. */
  readonly passed: number;
}

/** Counts pictures by truth and by score against `threshold`; those without truth are left out. */
export function confusionAt(scores: ArrayLike<number>, labels: readonly Truth[], threshold: number): Confusion {
  const counts = { hits: 0, missed: 0, falseAlarms: 0, passed: 0 };
  for (const [i, label] of labels.entries()) {
    const flagged = scores[i] >= threshold;
    if (label === 'defect') counts[flagged ? 'hits' : 'missed']++;
    else if (label === 'good') counts[flagged ? 'falseAlarms' : 'passed']++;
  }
  return counts;
}
