import * as l10n from '@vscode/l10n';
import { doubtOf } from './doubt';
import type { Facts } from './filter';
import * as format from './format';
import { DEFECT, GOOD, UNSURE } from './table';

type Names = Readonly<Record<number, (() => string) | undefined>>;
const MARKS: Names = {
  [GOOD]: () => l10n.t('Good'),
  [DEFECT]: () => l10n.t('Defect'),
  [UNSURE]: () => l10n.t('Unsure'),
};
const LABELLED: Names = {
  [GOOD]: () => l10n.t('labelled good'),
  [DEFECT]: () => l10n.t('labelled defect'),
  [UNSURE]: () => l10n.t('labelled unsure'),
};
const TRUTHS: Names = {
  [GOOD]: () => l10n.t('ground truth good'),
  [DEFECT]: () => l10n.t('ground truth defect'),
};

/** What the mark of a label says. */
export const labelMark = (label: number): string | undefined => MARKS[label]?.();

/**
 * What a screen reader says of an image: first what is to be seen, as WCAG 2.5.3 asks, then what colours and marks say.
 * `problem`: why its picture can't be shown; `heatProblem`: why its heat can't.
 */
export function cellName(image: number, facts: Facts, problem: string | undefined, heatProblem?: string): string {
  const { table, labels, threshold } = facts;
  const label = labels[image];
  const seen = [
    problem,
    labelMark(label),
    String(table.rank[image] + 1),
    format.shortPath(table.path[image]),
    format.score(table.score[image]),
  ];
  const marks = [
    table.score[image] >= threshold ? l10n.t('above threshold') : l10n.t('below threshold'),
    LABELLED[label]?.(),
    TRUTHS[table.truth[image]]?.(),
    doubtOf(image, facts) ? l10n.t('to check') : undefined,
    heatProblem === undefined ? undefined : l10n.t('no heatmap: {0}', heatProblem),
  ];
  return `${seen.filter(Boolean).join(' ')}, ${marks.filter(Boolean).join(', ')}`;
}
