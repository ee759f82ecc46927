import { doubtBetween, doubtOf } from './doubt';
import * as format from './format';
import { DEFECT, GOOD, NONE, searchable, UNSURE, type Table } from './table';
import { verdictOf, VERDICTS, type Verdict } from './verdict';

/** One of the chips above the grid. */
export type Show =
  | 'all'
  | 'flagged'
  /** Below the threshold. */
  | 'clear'
  | 'unlabelled'
  | 'toCheck'
  | 'good'
  | 'defect'
  | 'unsure'
  | 'truthGood'
  | 'truthDefect'
  | 'missing'
  | 'changed'
  | Verdict;

export interface Filter {
  readonly show: Show;
  /** Empty: every type. */
  readonly types: readonly string[];
  /** Words that must all be in the path; case does not matter. */
  readonly text: string;
  /** Inclusive bounds of the score as it is shown, or null. */
  readonly range: readonly [number, number] | null;
}

export const NO_FILTER: Filter = { show: 'all', types: [], text: '', range: null };

/** What filters and orders look at. */
export interface Facts {
  readonly table: Table;
  readonly labels: Int8Array;
  /** NONE, GOOD or DEFECT, by truth or by labels. */
  readonly classes: Int8Array;
  readonly threshold: number;
  readonly missing: ReadonlySet<number>;
  readonly changed: ReadonlySet<number>;
}

/** Whether an image belongs to a chip. */
export function shows(show: Show, image: number, facts: Facts): boolean {
  const { table, labels, threshold } = facts;
  switch (show) {
    case 'all':
      return true;
    case 'flagged':
      return table.score[image] >= threshold;
    case 'clear':
      return !(table.score[image] >= threshold);
    case 'unlabelled':
      return labels[image] === NONE;
    case 'toCheck':
      return doubtOf(image, facts) !== null;
    case 'good':
      return labels[image] === GOOD;
    case 'defect':
      return labels[image] === DEFECT;
    case 'unsure':
      return labels[image] === UNSURE;
    case 'truthGood':
      return table.truth[image] === GOOD;
    case 'truthDefect':
      return table.truth[image] === DEFECT;
    case 'missing':
      return facts.missing.has(image);
    case 'changed':
      return facts.changed.has(image);
    case 'hit':
    case 'missed':
    case 'falseAlarm':
    case 'passed':
      return verdictOf(table.score[image], facts.classes[image], threshold) === show;
  }
}

/** Everything in a filter but its chip, as images are tested for it. */
interface Sieve {
  readonly words: readonly string[];
  /** Empty: every type. */
  readonly types: ReadonlySet<string>;
  /** The lowest score, and the next one above all that pass. */
  readonly scores: readonly [from: number, below: number] | null;
}

const sieveOf = ({ text, types, range }: Filter): Sieve => ({
  words: searchable(text).split(/\s+/).filter(Boolean),
  types: new Set(types),
  scores: range && scoresShownIn(range),
});

/** The scores that are shown as within bounds: who types the highest one that he sees means the image that has it. */
const scoresShownIn = ([low, high]: readonly [number, number]): readonly [from: number, below: number] => [
  format.shownScore(low) - format.HALF_SCORE_UNIT,
  format.shownScore(high) + format.HALF_SCORE_UNIT,
];

/** Whether an image passes everything in the filter but its chip. */
function passes({ words, types, scores }: Sieve, image: number, table: Table) {
  if (types.size > 0 && !types.has(table.type[image])) return false;
  if (scores && !(table.score[image] >= scores[0] && table.score[image] < scores[1])) return false;
  return words.every((w) => table.search[image].includes(w));
}

/** Whether a filter lets everything through but for its chip. */
const isOpen = ({ words, types, scores }: Sieve) => words.length === 0 && types.size === 0 && scores === null;

/** The images of `order` that pass the filter, in that order. */
export function filtered(order: Int32Array, filter: Filter, facts: Facts): Int32Array {
  const sieve = sieveOf(filter);
  // The usual case while the threshold is dragged: nothing to test, and the grid sees that nothing has changed.
  if (isOpen(sieve) && filter.show === 'all') return order;
  return order.filter((image) => passes(sieve, image, facts.table) && shows(filter.show, image, facts));
}

/** What a label, a ground truth or a class can be. */
const KINDS = [NONE, GOOD, DEFECT, UNSURE];
/** The chip of each label, at label + 1. */
const LABEL_CHIPS = ['unlabelled', 'good', 'defect', 'unsure'] as const;
const NO_IMAGES: Readonly<Record<Show, number>> = {
  all: 0,
  flagged: 0,
  clear: 0,
  unlabelled: 0,
  toCheck: 0,
  good: 0,
  defect: 0,
  unsure: 0,
  truthGood: 0,
  truthDefect: 0,
  missing: 0,
  changed: 0,
  hit: 0,
  missed: 0,
  falseAlarm: 0,
  passed: 0,
};

/**
 * Per chip: how many images it would show with the rest of the filter as it is. A threshold is dragged through it: images are only
 * counted by label, truth, class and side of the threshold, and the chips made of those counts.
 */
export function chipCounts(filter: Filter, facts: Facts): Readonly<Record<Show, number>> {
  const { table, labels, classes, threshold, missing, changed } = facts;
  const sieve = sieveOf(filter);
  const open = isOpen(sieve);
  const byLabel = new Int32Array(32); // at label + 1, truth + 1, above the threshold
  const byClass = new Int32Array(8); // at class + 1, above the threshold
  for (let image = 0; image < table.size; image++) {
    if (!open && !passes(sieve, image, table)) continue;
    const over = table.score[image] >= threshold ? 1 : 0;
    byLabel[((labels[image] + 1) << 3) + ((table.truth[image] + 1) << 1) + over]++;
    byClass[((classes[image] + 1) << 1) + over]++;
  }
  const counts = { ...NO_IMAGES };
  for (const label of KINDS)
    for (const truth of KINDS)
      for (const over of [0, 1]) {
        const images = byLabel[((label + 1) << 3) + ((truth + 1) << 1) + over];
        counts.all += images;
        counts[LABEL_CHIPS[label + 1]] += images;
        if (truth === GOOD) counts.truthGood += images;
        if (truth === DEFECT) counts.truthDefect += images;
        counts[over ? 'flagged' : 'clear'] += images;
        if (doubtBetween(truth, label, over === 1) !== null) counts.toCheck += images;
      }
  counts.passed = byClass[(GOOD + 1) << 1];
  counts.falseAlarm = byClass[((GOOD + 1) << 1) + 1];
  counts.missed = byClass[(DEFECT + 1) << 1];
  counts.hit = byClass[((DEFECT + 1) << 1) + 1];
  for (const image of missing) if (open || passes(sieve, image, table)) counts.missing++;
  for (const image of changed) if (open || passes(sieve, image, table)) counts.changed++;
  return counts;
}

/** Whether a chip's images depend on the threshold. */
export const showFollowsThreshold = (show: Show): boolean =>
  show === 'flagged' || show === 'clear' || show === 'toCheck' || VERDICTS.some((verdict) => verdict === show);

/** Per type: how many images it would show with the rest of the filter as it is. */
export function typeCounts(filter: Filter, facts: Facts): Map<string, number> {
  const sieve = sieveOf({ ...filter, types: [] });
  const counts = new Map<string, number>(facts.table.types.map((t) => [t, 0]));
  for (let image = 0; image < facts.table.size; image++) {
    const type = facts.table.type[image];
    if (type === '' || !shows(filter.show, image, facts)) continue;
    if (passes(sieve, image, facts.table)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
