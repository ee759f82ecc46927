import { fromLowest, merged } from './by-score';
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
  const known = knownBy(truth, label);
  if (known !== truth && known !== NONE && truth !== NONE) return seen === known ? 'truth' : 'label';
  return known !== NONE && known !== seen ? 'score' : null;
}

/** What is known, good, defect or nothing: by the label, else by the ground truth; nothing where a reviewer has looked and is unsure. */
function knownBy(truth: number, label: number): number {
  if (label === UNSURE) return NONE;
  return label === NONE ? truth : label;
}

/** As `knownBy`, of an image. */
export const knownClass = (image: number, { table, labels }: Pick<Facts, 'table' | 'labels'>): number =>
  knownBy(table.truth[image], labels[image]);

/** How far the score is on the wrong side of the threshold for what is known; negative on the right side, -Infinity when nothing is known. */
export function disagreement(image: number, facts: Facts): number {
  const known = knownClass(image, facts);
  if (known === NONE) return -Infinity;
  const over = facts.table.score[image] - facts.threshold;
  return known === DEFECT ? -over : over;
}

const ORDER: Readonly<Record<Doubt, number>> = { truth: 1, label: 2, score: 3 };

/**
 * Images with a label to check: likely label noise of the data set first, then by how clearly the score decides. A threshold is
 * dragged through it: nothing is sorted, as the distance from the threshold falls from both ends of the ranking.
 */
export function labelsToCheck(facts: Facts): Int32Array {
  const { table, threshold } = facts;
  const doubts = new Uint8Array(table.size); // 0: none
  for (let image = 0; image < table.size; image++) {
    const doubt = doubtOf(image, facts);
    if (doubt !== null) doubts[image] = ORDER[doubt];
  }
  const above = table.ranking.filter((image) => doubts[image] > 0 && table.score[image] >= threshold);
  const below = fromLowest(table).filter((image) => doubts[image] > 0 && !(table.score[image] >= threshold));
  const margin = (image: number) => Math.abs(table.score[image] - threshold);
  const clearest = merged(above, below, (a, b) => (margin(a) === margin(b) ? a < b : margin(a) > margin(b)));
  const all = new Int32Array(clearest.length);
  let at = 0;
  for (const doubt of Object.values(ORDER))
    for (const image of clearest) if (doubts[image] === doubt) all[at++] = image;
  return all;
}
