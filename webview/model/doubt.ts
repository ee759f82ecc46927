import type { Facts } from './filter';
import { DEFECT, GOOD, NONE, UNSURE } from './table';

/**
 * Why an image's label deserves a second look.
 * - `truth`: reviewer and score agree against the ground truth: likely label noise of the data set.
 * - `label`: reviewer and ground truth differ, and the score sides with the truth.
 * - `score`: the score alone contradicts what is known.
 */
export type Doubt = 'truth' | 'label' | 'score';

/** The doubt about an image, or null. */
export function doubtOf(image: number, { table, labels, threshold }: Facts): Doubt | null {
  return doubtBetween(table.truth[image], labels[image], table.score[image] >= threshold);
}

/** The doubt between ground truth, label and score, or null. An unsure label doubts nothing. */
export function doubtBetween(truth: number, label: number, flagged: boolean): Doubt | null {
  const seen = flagged ? DEFECT : GOOD;
  const decided = label === GOOD || label === DEFECT;
  if (decided && truth !== NONE && label !== truth) return seen === label ? 'truth' : 'label';
  const known = decided ? label : label === UNSURE ? NONE : truth;
  return known !== NONE && known !== seen ? 'score' : null;
}

/** How far the score is on the wrong side of the threshold for what is known; negative on the right side, -Infinity when nothing is known. */
export function disagreement(image: number, { table, labels, threshold }: Facts): number {
  const known = labels[image] === GOOD || labels[image] === DEFECT ? labels[image] : table.truth[image];
  if (known === NONE) return -Infinity;
  const over = table.score[image] - threshold;
  return known === DEFECT ? -over : over;
}

export interface DoubtfulImage {
  readonly image: number;
  readonly doubt: Doubt;
  /** Distance of the score from the threshold. */
  readonly margin: number;
}

const ORDER: Readonly<Record<Doubt, number>> = { truth: 0, label: 1, score: 2 };

/** Labels to check: likely label noise of the data set first, then by how clearly the score decides. */
export function labelsToCheck(facts: Facts): DoubtfulImage[] {
  const found: DoubtfulImage[] = [];
  for (let image = 0; image < facts.table.size; image++) {
    const doubt = doubtOf(image, facts);
    if (doubt) found.push({ image, doubt, margin: Math.abs(facts.table.score[image] - facts.threshold) });
  }
  return found.sort((a, b) => ORDER[a.doubt] - ORDER[b.doubt] || b.margin - a.margin || a.image - b.image);
}
