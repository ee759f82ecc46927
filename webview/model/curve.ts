import * as l10n from '@vscode/l10n';
import { DEFECT, GOOD } from './table';

/** Counts at one threshold: images at or above it. */
export interface CurvePoint {
  readonly threshold: number;
  /** Defects at or above. */
  readonly hits: number;
  /** Good images at or above. */
  readonly alarms: number;
}

/** The ranking against known classes. Images without a class are left out. */
export interface Ranked {
  /** One per distinct score, from the highest; starts with an infinite threshold and zero counts. */
  readonly points: readonly CurvePoint[];
  readonly defects: number;
  readonly good: number;
}

/** Counts at every distinct score; `ranking` is from the highest score to the lowest. */
export function rankedCounts(score: Float64Array, ranking: Int32Array, classes: Int8Array): Ranked {
  const points: CurvePoint[] = [{ threshold: Infinity, hits: 0, alarms: 0 }];
  let hits = 0;
  let alarms = 0;
  for (let i = 0; i < ranking.length; i++) {
    const image = ranking[i];
    if (classes[image] === DEFECT) hits++;
    else if (classes[image] === GOOD) alarms++;
    else continue;
    const last = points[points.length - 1];
    const point = { threshold: score[image], hits, alarms };
    if (last.threshold === point.threshold) points[points.length - 1] = point;
    else points.push(point);
  }
  return { points, defects: hits, good: alarms };
}

export type Figure = { readonly value: number } | { readonly absent: string };

/** Why image metrics are undefined for these classes, or null. */
function undefinedBecause({ defects, good }: Ranked): string | null {
  if (defects === 0 && good === 0) return l10n.t('no image has a known class');
  if (defects === 0) return l10n.t('no defect among the images with a known class');
  if (good === 0) return l10n.t('no good image among the images with a known class');
  return null;
}

export interface ImageFigures {
  readonly auroc: Figure;
  readonly f1max: Figure;
  readonly ap: Figure;
}

/** AUROC (ties count half), F1-max and average precision (step-wise, as scikit-learn) of image scores, fractions. */
export function imageFigures(ranked: Ranked): ImageFigures {
  const absent = undefinedBecause(ranked);
  if (absent !== null) return { auroc: { absent }, f1max: { absent }, ap: { absent } };
  const { points, defects, good } = ranked;
  let area = 0;
  let ap = 0;
  let f1 = 0;
  for (let i = 1; i < points.length; i++) {
    const [before, now] = [points[i - 1], points[i]];
    area += ((now.alarms - before.alarms) * (now.hits + before.hits)) / 2;
    ap += ((now.hits - before.hits) / defects) * (now.hits / (now.hits + now.alarms));
    f1 = Math.max(f1, f1At(now, defects));
  }
  return { auroc: { value: area / (defects * good) }, f1max: { value: f1 }, ap: { value: ap } };
}

/** F1 = 2 TP / (2 TP + FP + FN). */
export function f1At(point: CurvePoint, defects: number): number {
  const { hits, alarms } = point;
  return hits === 0 ? 0 : (2 * hits) / (hits + alarms + defects);
}

/** (false-positive rate, true-positive rate, threshold), from (0, 0) to (1, 1). Empty when a class is missing. */
export function rocPoints({ points, defects, good }: Ranked): [number, number, number][] {
  if (defects === 0 || good === 0) return [];
  return points.map((p) => [p.alarms / good, p.hits / defects, p.threshold]);
}

/** (recall, precision, threshold), from recall 0. Empty when there is no defect. */
export function prPoints({ points, defects }: Ranked): [number, number, number][] {
  if (defects === 0) return [];
  return points
    .slice(1)
    .map((p): [number, number, number] => [p.hits / defects, p.hits / (p.hits + p.alarms), p.threshold]);
}

/** Points of a curve in 0..1 x 0..1 that are `grain` apart or more, with the ends and the corners before jumps: for drawing. */
export function thinned<P extends readonly [number, number, ...unknown[]]>(
  points: readonly P[],
  grain: number,
): readonly P[] {
  const kept: P[] = [];
  let last = -1;
  for (const [i, [x, y]] of points.entries()) {
    const from = points[last];
    if (last >= 0 && i < points.length - 1 && Math.abs(x - from[0]) + Math.abs(y - from[1]) < grain) continue;
    if (i - 1 > last) kept.push(points[i - 1]);
    kept.push(points[i]);
    last = i;
  }
  return kept;
}

/** A curve of growing x up to `limit`: it ends there, on the line to its first point beyond. */
export function clippedAt(points: readonly (readonly [number, number])[], limit: number): [number, number][] {
  const beyond = points.findIndex(([x]) => x > limit);
  if (beyond < 0) return points.map(([x, y]) => [x, y]);
  const kept = points.slice(0, beyond).map(([x, y]): [number, number] => [x, y]);
  const before = kept.at(-1);
  if (!before || before[0] === limit) return kept;
  const [x, y] = points[beyond];
  const part = (limit - before[0]) / (x - before[0]);
  return [...kept, [limit, before[1] + part * (y - before[1])]];
}
