import { doubtOf } from './doubt';
import { DEFECT, GOOD, NONE, UNSURE, type Table } from './table';
import { verdictOf, type Verdict } from './verdict';

/** One of the chips above the grid. */
export type Show =
  | 'all'
  | 'flagged'
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

const wordsOf = (filter: Filter) => filter.text.toLowerCase().split(/\s+/).filter(Boolean);

/** The images of `order` that pass the filter, in that order. */
export function filtered(order: Int32Array, filter: Filter, facts: Facts): Int32Array {
  const words = wordsOf(filter);
  const types = new Set(filter.types);
  const open = words.length === 0 && types.size === 0 && filter.range === null;
  // The usual case while the threshold is dragged: nothing to test, and the grid sees that nothing has changed.
  if (open && filter.show === 'all') return order;
  return order.filter((image) => passes(filter, words, types, image, facts.table) && shows(filter.show, image, facts));
}

/** Per chip: how many images it would show with the rest of the filter as it is. */
export function chipCounts(chips: readonly Show[], filter: Filter, facts: Facts): Map<Show, number> {
  const words = wordsOf(filter);
  const types = new Set(filter.types);
  const counts = new Map<Show, number>(chips.map((c) => [c, 0]));
  for (let image = 0; image < facts.table.size; image++) {
    if (!passes(filter, words, types, image, facts.table)) continue;
    for (const chip of chips) if (shows(chip, image, facts)) counts.set(chip, (counts.get(chip) ?? 0) + 1);
  }
  return counts;
}

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
