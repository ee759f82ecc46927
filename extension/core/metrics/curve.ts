import type { SweepBatch, SweepVisitor } from './rank-sweep';

export type Point = readonly [x: number, y: number];

/** Most points of a curve for display. */
export const CURVE_POINTS = 200;
/** Points closer than this to the one before (sum of both distances, axes 0..1) are not collected. */
const GRAIN = 1 / 2000;
const COLLECTED = 16_384;

/** Vertical distance of `p` from the line a-b, and its distance along x where the line is upright: what thinning would lose. */
function deviation(p: Point, a: Point, b: Point): number {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (length === 0) return Math.hypot(p[0] - a[0], p[1] - a[1]);
  return Math.abs((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / length;
}

/**
 * At most `limit` of the points, in order: the ends, those named in `keep`, then whichever lies farthest off the line drawn so far
 * (so knees stay exactly where they are).
 */
export function thinCurve(points: readonly Point[], limit = CURVE_POINTS, keep: readonly number[] = []): Point[] {
  if (points.length <= limit) return [...points];
  const chosen = new Set([0, points.length - 1, ...keep].filter((i) => i >= 0 && i < points.length));
  interface Span {
    readonly from: number;
    readonly to: number;
    readonly worst: number;
    readonly off: number;
  }
  const measure = (from: number, to: number): Span => {
    let [worst, off] = [-1, 0];
    for (let i = from + 1; i < to; i++) {
      const d = deviation(points[i], points[from], points[to]);
      if (d > off) [worst, off] = [i, d];
    }
    return { from, to, worst, off };
  };
  const ends = [...chosen].sort((a, b) => a - b);
  const spans = ends.slice(1).map((to, i) => measure(ends[i], to));
  while (chosen.size < limit) {
    const next = spans.reduce((best, s, i) => (s.off > spans[best].off ? i : best), 0);
    const { from, to, worst } = spans[next];
    if (worst < 0) break;
    chosen.add(worst);
    spans.splice(next, 1, measure(from, worst), measure(worst, to));
  }
  return [...chosen].sort((a, b) => a - b).map((i) => points[i]);
}

/** Collects points of a curve while they come by, at a grain far below a screen's pixel. */
class Collector {
  readonly points: Point[] = [];
  private keptX = -1;
  private keptY = -1;
  private lastX = -1;
  private lastY = -1;
  private grain = GRAIN;

  add(x: number, y: number): void {
    if (Math.abs(x - this.keptX) + Math.abs(y - this.keptY) >= this.grain) {
      this.keepLast(); // the corner before a jump belongs to the curve too
      this.points.push([x, y]);
      [this.keptX, this.keptY] = [x, y];
      if (this.points.length > COLLECTED) this.coarsen();
    }
    this.lastX = x;
    this.lastY = y;
  }

  private keepLast(): void {
    if (this.lastX >= 0 && (this.lastX !== this.keptX || this.lastY !== this.keptY))
      this.points.push([this.lastX, this.lastY]);
  }

  /** The thinned curve; it passes exactly through `mark`, a point that was added. */
  finish(mark: Point | null): Point[] {
    this.keepLast();
    if (!mark) return thinCurve(this.points);
    // points come with growing x: the mark goes in where it came by
    const at = this.points.findIndex((p) => p[0] > mark[0] || (p[0] === mark[0] && p[1] <= mark[1]));
    const there = this.points[at] && this.points[at][0] === mark[0] && this.points[at][1] === mark[1];
    const place = at < 0 ? this.points.length : at;
    if (!there) this.points.splice(place, 0, mark);
    return thinCurve(this.points, CURVE_POINTS, [place]);
  }

  private coarsen(): void {
    this.grain *= 2;
    const thin = thinCurve(this.points, COLLECTED / 8);
    this.points.splice(0, this.points.length, ...thin);
  }
}

/** The three curves of a sweep, thinned. */
export interface Curves {
  /** False-positive rate, true-positive rate: from (0, 0) to (1, 1). */
  readonly roc: Point[];
  /** Recall, precision: from (0, 1) to (1, share of positives); passes through the point of F1-max. */
  readonly pr: Point[];
  /** False-positive rate, mean overlap of the regions: from (0, 0) to (1, 1); empty without regions. */
  readonly pro: Point[];
}

/** Collects ROC, PR and PRO points of a sweep. */
export class CurveSweep implements SweepVisitor {
  private readonly roc = new Collector();
  private readonly pr = new Collector();
  private readonly pro = new Collector();
  private tp = 0;
  private fp = 0;
  private covered = 0;
  private bestF1 = -1;
  private best: Point | null = null;

  constructor(
    private readonly positives: number,
    private readonly negatives: number,
    private readonly regions: number,
  ) {
    this.roc.add(0, 0);
    this.pro.add(0, 0);
    this.pr.add(0, 1);
  }

  visit({ count, positives, negatives, weights }: SweepBatch): void {
    for (let k = 0; k < count; k++) {
      this.tp += positives[k];
      this.fp += negatives[k];
      this.covered += weights[k];
      const recall = this.tp / this.positives;
      const precision = this.tp / (this.tp + this.fp);
      const rate = this.fp / this.negatives;
      this.roc.add(rate, recall);
      this.pr.add(recall, precision);
      if (this.regions > 0) this.pro.add(rate, Math.min(1, this.covered / this.regions));
      if (positives[k] === 0) continue;
      const f1 = (2 * this.tp) / (this.tp + this.fp + this.positives);
      if (f1 > this.bestF1) {
        this.bestF1 = f1;
        this.best = [recall, precision];
      }
    }
  }

  result(): Curves {
    return {
      roc: this.roc.finish(null),
      pr: this.pr.finish(this.best),
      pro: this.regions > 0 ? this.pro.finish(null) : [],
    };
  }
}
