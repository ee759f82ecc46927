import { scaleLinear } from 'd3-scale';
import { svg } from 'lit';
import type { Histogram } from '../model/histogram';

/** One class's share of a bar, in the chart's pixels. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: Kind;
}

const KINDS = ['good', 'defect', 'unknown'] as const;
type Kind = (typeof KINDS)[number];
/** Smallest visible bar, px: a single image among thousands must still be seen. */
const SMALLEST = 2;
/** Share of the tallest bar below which a class counts as hardly visible. */
const LOW = 0.08;

/** The classes that have a bar. */
export const kindsIn = ({ bins }: Pick<Histogram, 'bins'>): readonly Kind[] =>
  KINDS.filter((kind) => bins.some((bin) => bin[kind] > 0));

/** Whether heights follow the square root: where one class would otherwise be too low to be seen beside the other. */
export function isSqueezed({ bins, tallest }: Pick<Histogram, 'bins' | 'tallest'>): boolean {
  return KINDS.some((kind) => {
    const highest = Math.max(0, ...bins.map((b) => b[kind]));
    return highest > 0 && highest < LOW * tallest;
  });
}

/** Stacked bars of a histogram in a box of width x height. */
export function histogramBars(
  { bins, tallest }: Pick<Histogram, 'bins' | 'tallest'>,
  width: number,
  height: number,
): Bar[] {
  const bar = width / bins.length;
  const squeeze = isSqueezed({ bins, tallest }) ? Math.sqrt : (n: number) => n;
  const y = scaleLinear([0, squeeze(tallest)], [0, height]);
  return bins.flatMap((bin, i) => {
    const total = bin.good + bin.defect + bin.unknown;
    if (total === 0) return [];
    const whole = Math.max(SMALLEST, y(squeeze(total)));
    let base = height;
    return KINDS.filter((kind) => bin[kind] > 0).map((kind) => {
      const part = (whole * bin[kind]) / total;
      base -= part;
      return { kind, x: i * bar + 0.5, y: base, width: Math.max(1, bar - 1), height: part };
    });
  });
}

/** The bars as SVG, coloured by class: `.good`, `.defect`, `.unknown`. */
export function histogramMark(histogram: Histogram, width: number, height: number) {
  return histogramBars(histogram, width, height).map(
    (b) =>
      svg`<rect class=${b.kind} x=${round(b.x)} y=${round(b.y)} width=${round(b.width)} height=${round(b.height)}></rect>`,
  );
}

/** Two decimals: enough for any screen, and the same on every machine. */
export const round = (value: number) => Math.round(value * 100) / 100;
