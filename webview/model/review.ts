import type { Facts } from './filter';
import { DEFECT, GOOD, NONE, UNSURE } from './table';

/**
 * The most informative image without a label, other than `current`: the one whose score is nearest to the threshold, where
 * a decision moves the line most. Null when every image has a label.
 */
export function nextToReview(facts: Facts, current: number | null): number | null {
  const { table, labels, threshold } = facts;
  let best: number | null = null;
  let distance = Infinity;
  for (const image of table.ranking) {
    if (labels[image] !== NONE || image === current || facts.missing.has(image)) continue;
    const away = Math.abs(table.score[image] - threshold);
    if (away < distance) [best, distance] = [image, away];
  }
  return best;
}

export interface ReviewProgress {
  readonly reviewed: number;
  readonly good: number;
  readonly defect: number;
  readonly unsure: number;
  readonly total: number;
  /** Labels that contradict the ground truth. */
  readonly conflicts: number;
}

export function reviewProgress(labels: Int8Array, truth: Int8Array): ReviewProgress {
  const counts = [0, 0, 0];
  let conflicts = 0;
  labels.forEach((label, image) => {
    if (label === NONE) return;
    counts[label]++;
    if (label !== UNSURE && truth[image] !== NONE && truth[image] !== label) conflicts++;
  });
  const [good, defect, unsure] = [counts[GOOD], counts[DEFECT], counts[UNSURE]];
  return { reviewed: good + defect + unsure, good, defect, unsure, total: labels.length, conflicts };
}
