import { DEFECT, GOOD } from './table';

/** Counts per class in equal bins; unknown: no class known. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly good: number;
  readonly defect: number;
  readonly unknown: number;
}

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly bins: readonly Bin[];
  /** Largest total of a bin. */
  readonly tallest: number;
}

/** Where a score lies between the smallest and the largest, 0..1 within them. */
export const shareOf = ({ min, max }: Histogram, score: number): number => (score - min) / (max - min);

/** Scores in `count` equal bins from the smallest to the largest; the last bin is closed. Equal scores give one bin's worth around them. */
export function histogramOf(score: Float64Array, classes: Int8Array, count: number): Histogram {
  let min = Infinity;
  let max = -Infinity;
  for (const s of score) {
    if (s < min) min = s;
    if (s > max) max = s;
  }
  if (!(max > min)) {
    const middle = Number.isFinite(min) ? min : 0;
    [min, max] = [middle - 0.5, middle + 0.5];
  }
  const width = (max - min) / count;
  const counts = [0, 1, 2].map(() => new Int32Array(count));
  for (let i = 0; i < score.length; i++) {
    const bin = Math.min(count - 1, Math.floor((score[i] - min) / width));
    counts[classes[i] === GOOD ? 0 : classes[i] === DEFECT ? 1 : 2][bin]++;
  }
  const bins = Array.from({ length: count }, (_, i) => ({
    from: min + i * width,
    to: min + (i + 1) * width,
    good: counts[0][i],
    defect: counts[1][i],
    unknown: counts[2][i],
  }));
  return { min, max, bins, tallest: Math.max(1, ...bins.map((b) => b.good + b.defect + b.unknown)) };
}
