import * as l10n from '@vscode/l10n';
import { doubtOf } from './doubt';
import type { Facts } from './filter';
import { DEFECT, GOOD, NONE, UNSURE } from './table';

/** How `reviewOrder` finds the most informative image, for people. */
export const reviewOrderText = (): string =>
  l10n.t(
    'First images without a label whose score contradicts their ground truth, the clearest first. Then the other images without a label, nearest to the threshold first: counted in places of the ranking, so that both sides take turns.',
  );

/**
 * All images, the most informative first: without a label and against their ground truth (one decision tells a wrong ground
 * truth from a failure of the method), without a label and near the threshold (a decision there moves it most), with a label.
 */
export function reviewOrder(facts: Facts): Int32Array {
  const doubted: number[] = [];
  const open: number[] = [];
  const decided: number[] = [];
  for (const image of fromThreshold(facts)) {
    if (facts.labels[image] !== NONE) decided.push(image);
    else if (doubtOf(image, facts) !== null) doubted.push(image);
    else open.push(image);
  }
  return Int32Array.from([...doubted.reverse(), ...open, ...decided]);
}

/** Images from the threshold outwards, by places in the ranking: in turn the next above it and the next below it. */
function fromThreshold({ table, threshold }: Facts): number[] {
  const { ranking, score, size } = table;
  let below = 0;
  while (below < size && score[ranking[below]] >= threshold) below++;
  const all: number[] = [];
  for (let above = below - 1; above >= 0 || below < size; above--, below++) {
    if (above >= 0) all.push(ranking[above]);
    if (below < size) all.push(ranking[below]);
  }
  return all;
}

/**
 * The next image without a label in that order: after `current` where it is one of them (skipping one goes on, and does not come
 * back to it at once), else the first. Null when every image that can be seen has a label.
 */
export function nextToReview(facts: Facts, current: number | null): number | null {
  const order = reviewOrder(facts);
  const waiting = order.filter((image) => facts.labels[image] === NONE && !facts.missing.has(image));
  const at = current === null ? -1 : waiting.indexOf(current);
  const next = waiting[(at + 1) % Math.max(1, waiting.length)];
  return next === undefined || next === current ? null : next;
}

/** Why there is no next image, for people. */
export function nothingToReview({ labels, missing }: Facts): string {
  const hidden = [...missing].filter((image) => labels[image] === NONE).length;
  if (hidden > 0) return l10n.t('No other image that can be shown is without a label; {0} cannot be shown.', hidden);
  return l10n.t('No other image is without a label.');
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
