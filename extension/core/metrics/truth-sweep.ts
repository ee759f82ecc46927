import type { Truth } from '../dataset/dataset';
import { MuscError } from '../errors';
import type { SweepVisitor } from './rank-sweep';

/** Pictures of each kind; those without truth are not counted. */
export interface TruthCounts {
  readonly positives: number;
  readonly negatives: number;
}

export function countTruth(labels: readonly Truth[]): TruthCounts {
  let positives = 0;
  let negatives = 0;
  for (const label of labels) {
    if (label === 'defect') positives++;
    else if (label === 'good') negatives++;
  }
  return { positives, negatives };
}

/** Shows the visitors every distinct score of the labelled pictures, descending. Throws INTERNAL for a score that is no finite number. */
export function sweepTruth(
  scores: ArrayLike<number>,
  labels: readonly Truth[],
  visitors: readonly SweepVisitor[],
): void {
  if (scores.length !== labels.length)
    throw new MuscError('INTERNAL', `${scores.length} scores for ${labels.length} labels`);
  const order: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (!Number.isFinite(scores[i]))
      throw new MuscError('INTERNAL', `the score of picture ${i} is not a finite number`);
    if (labels[i] !== null) order.push(i);
  }
  order.sort((a, b) => scores[b] - scores[a]);
  const values = new Float64Array(order.length);
  const positives = new Float64Array(order.length);
  const negatives = new Float64Array(order.length);
  let count = 0;
  for (const [k, i] of order.entries()) {
    if (k === 0 || scores[i] !== values[count - 1]) values[count++] = scores[i];
    (labels[i] === 'defect' ? positives : negatives)[count - 1]++;
  }
  const batch = { count, values, positives, negatives, weights: new Float64Array(count) };
  for (const visitor of visitors) visitor.visit(batch);
}
