import { doubtOf } from './doubt';
import type { Facts } from './filter';
import * as format from './format';
import { DEFECT, GOOD, NONE, UNSURE } from './table';

/** What the mark of a label says. */
export const LABEL_MARKS: Readonly<Record<number, string>> = { [GOOD]: 'Good', [DEFECT]: 'Defect', [UNSURE]: 'Unsure' };

/**
 * What a screen reader says of an image: first what is to be seen, as WCAG 2.5.3 asks, then what colours and marks say.
 * `problem`: why its picture can't be shown.
 */
export function cellName(image: number, facts: Facts, problem: string | undefined): string {
  const { table, labels, threshold } = facts;
  const label = labels[image];
  const seen = [
    problem,
    LABEL_MARKS[label],
    String(table.rank[image] + 1),
    format.shortPath(table.path[image]),
    format.score(table.score[image]),
  ];
  const marks = [table.score[image] >= threshold ? 'above threshold' : 'below threshold'];
  if (label !== NONE) marks.push(`labelled ${LABEL_MARKS[label].toLowerCase()}`);
  if (table.truth[image] === DEFECT) marks.push('ground truth defect');
  if (table.truth[image] === GOOD) marks.push('ground truth good');
  if (doubtOf(image, facts)) marks.push('to check');
  return `${seen.filter(Boolean).join(' ')}, ${marks.join(', ')}`;
}
