import { fromLowest, merged } from './by-score';
import { disagreement, knownClass } from './doubt';
import type { Facts } from './filter';
import { reviewOrder } from './review';
import { DEFECT, GOOD, NONE } from './table';

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

/** All images in the given order; ties keep the order of the run. Images of unknown class disagree with nothing: by that key they are last in both directions. */
export function ordered({ key, reversed }: Sort, facts: Facts): Int32Array {
  const order = naturalOrder(key, facts);
  if (!reversed) return order;
  const told = key === 'disagreement' ? order.findIndex((image) => knownClass(image, facts) === NONE) : -1;
  if (told < 0) return order.reverse();
  order.subarray(0, told).reverse();
  order.subarray(told).reverse();
  return order;
}

function naturalOrder(key: SortKey, facts: Facts): Int32Array {
  const { path, rank, ranking, rawScore, size, type } = facts.table;
  const sorted = (compare: (a: number, b: number) => number) =>
    Int32Array.from({ length: size }, (_, i) => i).sort(compare);
  switch (key) {
    case 'score':
      return ranking.slice();
    case 'rawScore':
      return sorted((a, b) => rawScore[b] - rawScore[a] || a - b);
    case 'name':
      return sorted((a, b) => names.compare(path[a], path[b]) || a - b);
    case 'type':
      return sorted((a, b) => names.compare(type[a], type[b]) || rank[a] - rank[b]);
    case 'disagreement':
      return disagreementOrder(facts);
    case 'review':
      return reviewOrder(facts);
  }
}

/**
 * Those most clearly on the wrong side of the threshold first. A threshold is dragged through it: nothing is sorted, as defects
 * are in this order from the lowest score, and good images from the highest.
 */
function disagreementOrder(facts: Facts): Int32Array {
  const { rank, ranking } = facts.table;
  const are = (cls: number) => (image: number) => knownClass(image, facts) === cls;
  const defects = fromLowest(facts.table).filter(are(DEFECT));
  const known = merged(defects, ranking.filter(are(GOOD)), (defect, good) => {
    const difference = disagreement(defect, facts) - disagreement(good, facts);
    return difference === 0 ? rank[defect] < rank[good] : difference > 0;
  });
  return merged(known, ranking.filter(are(NONE)), () => true);
}
