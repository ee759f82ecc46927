import type { BenchMetric } from '../../extension/protocol/bench-metrics';
import type { BenchRow } from '../../extension/protocol/bench-table';

/** One category: ours and the published figure as fractions, null where there is none. */
export interface DotRow {
  readonly name: string;
  readonly ours: number | null;
  readonly published: number | null;
}

export interface DotPlot {
  readonly rows: readonly DotRow[];
  /** Fractions at the ends of the axis. */
  readonly low: number;
  readonly high: number;
  /** Fractions with a line, the ends among them. */
  readonly ticks: readonly number[];
}

/** Steps between ticks, fractions: the first that needs at most `MOST_TICKS` is taken. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.25];
const MOST_TICKS = 6;

/** Rows and axis of one metric. The axis begins at a round figure below all dots and ends at 1. */
export function dotPlot(rows: readonly BenchRow[], metric: BenchMetric): DotPlot {
  const dots = rows.map((row) => ({
    name: row.name,
    ours: row.figures?.[metric] ?? null,
    published: row.published?.[metric] ?? null,
  }));
  const least = Math.min(1, ...dots.flatMap(({ ours, published }) => [ours ?? 1, published ?? 1]));
  const step = STEPS.find((s) => stepsFrom(least, s) < MOST_TICKS) ?? 0.25;
  const count = Math.max(1, stepsFrom(least, step));
  const ticks = Array.from({ length: count + 1 }, (_, i) => 1 - (count - i) * step);
  return { rows: dots, low: ticks[0], high: 1, ticks };
}

/** Steps from 1 down to at or below a figure, a hair of room included; never below 0. */
const stepsFrom = (least: number, step: number): number =>
  Math.min(Math.round(1 / step), Math.ceil((1 - least) / step + 0.1));

/** Where a figure lies on the axis, 0..1. */
export const dotPlace = (value: number, { low, high }: Pick<DotPlot, 'low' | 'high'>): number =>
  (value - low) / (high - low);
