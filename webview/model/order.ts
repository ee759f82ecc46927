import { disagreement } from './doubt';
import type { Facts } from './filter';
import { reviewOrder } from './review';

export const SORT_KEYS = ['score', 'rawScore', 'name', 'type', 'disagreement', 'review'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  /** False: the natural direction of the key (highest score first, names from A). */
  readonly reversed: boolean;
}

/** Whether an order changes with the threshold. */
export const followsThreshold = (key: SortKey) => key === 'disagreement' || key === 'review';
/** Whether an order changes with labels. */
export const followsLabels = followsThreshold;

/** Names as people count: "img2" before "img10". */
const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** All images in the given order; ties keep the order of the run. */
export function ordered({ key, reversed }: Sort, facts: Facts): Int32Array {
  const all = Int32Array.from({ length: facts.table.size }, (_, i) => i);
  const order =
    key === 'score'
      ? facts.table.ranking.slice()
      : key === 'review'
        ? reviewOrder(facts)
        : all.sort(comparison(key, facts));
  return reversed ? order.reverse() : order;
}

function comparison(key: Exclude<SortKey, 'score' | 'review'>, facts: Facts): (a: number, b: number) => number {
  const { table } = facts;
  switch (key) {
    case 'rawScore':
      return (a, b) => table.rawScore[b] - table.rawScore[a] || a - b;
    case 'name':
      return (a, b) => names.compare(table.path[a], table.path[b]) || a - b;
    case 'type':
      return (a, b) => names.compare(table.type[a], table.type[b]) || table.rank[a] - table.rank[b];
    case 'disagreement': {
      const value = Float64Array.from({ length: table.size }, (_, i) => disagreement(i, facts));
      return (a, b) => (value[a] === value[b] ? table.rank[a] - table.rank[b] : value[b] - value[a]);
    }
  }
}
