import { doubtBetween, doubtOf } from './doubt';
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
  | Verdict;

export interface Filter {
  readonly show: Show;
  /** Empty: every type. */
  readonly types: readonly string[];
  /** Words that must all be in the path; case does not matter. */
  readonly text: string;
  /** Inclusive bounds of the score, or null. */
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
    case 'hit':
    case 'missed':
    case 'falseAlarm':
    case 'passed':
      return verdictOf(table.score[image], facts.classes[image], threshold) === show;
  }
}

/** Whether an image passes everything in the filter but its chip. */
function passes(filter: Filter, words: readonly string[], types: ReadonlySet<string>, image: number, table: Table) {
  if (types.size > 0 && !types.has(table.type[image])) return false;
  if (filter.range && !(table.score[image] >= filter.range[0] && table.score[image] <= filter.range[1])) return false;
  return words.every((w) => table.search[image].includes(w));
}

/** Whether a filter lets everything through but for its chip. */
const isOpen = (filter: Filter, words: readonly string[]) =>
  words.length === 0 && filter.types.length === 0 && filter.range === null;

const wordsOf = (filter: Filter) => searchable(filter.text).split(/\s+/).filter(Boolean);

/** The images of `order` that pass the filter, in that order. */
export function filtered(order: Int32Array, filter: Filter, facts: Facts): Int32Array {
  const words = wordsOf(filter);
  const types = new Set(filter.types);
  // The usual case while the threshold is dragged: nothing to test, and the grid sees that nothing has changed.
  if (isOpen(filter, words) && filter.show === 'all') return order;
  return order.filter((image) => passes(filter, words, types, image, facts.table) && shows(filter.show, image, facts));
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
  const { table, labels, classes, threshold, missing } = facts;
  const words = wordsOf(filter);
  const types = new Set(filter.types);
  const open = isOpen(filter, words);
  const byLabel = new Int32Array(32); // at label + 1, truth + 1, above the threshold
  const byClass = new Int32Array(8); // at class + 1, above the threshold
  for (let image = 0; image < table.size; image++) {
    if (!open && !passes(filter, words, types, image, table)) continue;
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
  for (const image of missing) if (open || passes(filter, words, types, image, table)) counts.missing++;
  return counts;
}

/** Whether a chip's images depend on the threshold. */
export const showFollowsThreshold = (show: Show): boolean =>
  show === 'flagged' || show === 'clear' || show === 'toCheck' || VERDICTS.some((verdict) => verdict === show);

/** Per type: how many images it would show with the rest of the filter as it is. */
export function typeCounts(filter: Filter, facts: Facts): Map<string, number> {
  const words = wordsOf(filter);
  const counts = new Map<string, number>(facts.table.types.map((t) => [t, 0]));
  for (let image = 0; image < facts.table.size; image++) {
    const type = facts.table.type[image];
    if (type === '' || !shows(filter.show, image, facts)) continue;
    if (passes(filter, words, new Set(), image, facts.table)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
