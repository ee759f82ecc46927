import type { Metric } from '../../../extension/core/metrics/metric';
import { edgeOrCornerRegions } from './flood-fill';

/** The definitions of SPEC 8, word for word and as slow as they are: what the fast code is held against. */
export interface Labelled {
  readonly scores: readonly number[];
  readonly positive: readonly boolean[];
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => b - a);

/** Probability that a positive scores above a negative, half for a tie. */
export function auroc({ scores, positive }: Labelled): number {
  let sum = 0;
  let pairs = 0;
  for (const [i, p] of positive.entries())
    for (const [j, q] of positive.entries())
      if (p && !q) {
        pairs++;
        sum += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
  return sum / pairs;
}

/** True and false positives of "score >= t". */
function at({ scores, positive }: Labelled, t: number): { tp: number; fp: number; total: number } {
  const flagged = scores.map((s) => s >= t);
  return {
    tp: positive.filter((p, i) => p && flagged[i]).length,
    fp: positive.filter((p, i) => !p && flagged[i]).length,
    total: positive.filter(Boolean).length,
  };
}

export function averagePrecision(data: Labelled): number {
  let recall = 0;
  let sum = 0;
  for (const t of distinct(data.scores)) {
    const { tp, fp, total } = at(data, t);
    sum += (tp / total - recall) * (tp / (tp + fp));
    recall = tp / total;
  }
  return sum;
}

export function f1max(data: Labelled): number {
  const all = distinct(data.scores).map((t) => {
    const { tp, fp, total } = at(data, t);
    const [precision, recall] = [tp / (tp + fp), tp / total];
    return (2 * precision * recall) / (precision + recall);
  });
  return Math.max(...all.filter(Number.isFinite));
}

export interface Pixels {
  readonly maps: readonly (readonly number[])[];
  readonly masks: readonly (readonly number[])[];
  readonly width: number;
}

export const pooled = ({ maps, masks }: Pixels): Labelled => ({
  scores: maps.flat(),
  positive: masks.flat().map((m) => m !== 0),
});

/** False-positive rate and mean region coverage of "value > t" or "value >= t". */
function proPoint(pixels: Pixels, flagged: (value: number) => boolean): [fpr: number, pro: number] {
  const coverage: number[] = [];
  let falsePositives = 0;
  let negatives = 0;
  for (const [i, map] of pixels.maps.entries()) {
    for (const region of edgeOrCornerRegions(pixels.masks[i], pixels.width))
      coverage.push(region.filter((p) => flagged(map[p])).length / region.length);
    for (const [p, v] of map.entries())
      if (pixels.masks[i][p] === 0) {
        negatives++;
        if (flagged(v)) falsePositives++;
      }
  }
  return [falsePositives / negatives, coverage.reduce((a, b) => a + b, 0) / coverage.length];
}

/** Every distinct threshold, interpolated at 0.3, divided by 0.3. */
export function exactAupro(pixels: Pixels): number {
  const points: [number, number][] = [[0, 0]];
  for (const t of distinct(pixels.maps.flat())) points.push(proPoint(pixels, (v) => v >= t));
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
    if (x0 >= 0.3 || x1 === x0) continue;
    const end = Math.min(x1, 0.3);
    area += ((end - x0) * (y0 + y0 + ((y1 - y0) * (end - x0)) / (x1 - x0))) / 2;
  }
  return area / 0.3;
}

/** The authors' loop over about 200 thresholds; absent where theirs throws or gives NaN. */
export function referenceAupro(pixels: Pixels): Metric {
  const values = pixels.maps.flat();
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const delta = (max - min) / 200;
  const kept: [number, number][] = [];
  for (let i = 0; i < Math.ceil((max - min) / delta); i++) {
    const threshold = min + i * (min + delta - min);
    const point = proPoint(pixels, (v) => v > threshold);
    if (point[0] < 0.3) kept.push(point);
  }
  if (kept.length === 0) return { absent: 'no point' };
  const rates = kept.map(([f]) => f);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  if (low === high) return { absent: 'one rate' };
  const scaled = kept.map(([f, p]) => [(f - low) / (high - low), p]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let area = 0;
  for (let i = 1; i < scaled.length; i++)
    area += ((scaled[i][0] - scaled[i - 1][0]) * (scaled[i][1] + scaled[i - 1][1])) / 2;
  return { value: area };
}
