import * as l10n from '@vscode/l10n';
import type { BenchCategory, BenchFigures, BenchFile } from './bench-file';
import { BENCH_METRICS, type BenchMetric } from './bench-metrics';

/** Heads of the seven columns. */
export const METRIC_TITLES: Readonly<Record<BenchMetric, string>> = {
  image_auroc: 'Image AUROC',
  image_f1max: 'Image F1-max',
  image_ap: 'Image AP',
  pixel_auroc: 'Pixel AUROC',
  pixel_f1max: 'Pixel F1-max',
  pixel_ap: 'Pixel AP',
  pixel_aupro: 'Pixel AUPRO',
};

/** One row of a benchmark's table: a category, or the mean. */
export interface BenchRow {
  readonly name: string;
  readonly mean: boolean;
  readonly images: number;
  readonly skipped: number;
  readonly figures: BenchFigures | null;
  readonly published: BenchFigures | null;
  /** Ours less the published, by metric; null where either is missing. */
  readonly difference: BenchFigures;
  readonly secondsPerImage: number | null;
  readonly problem: string;
  /** Why figures are missing, by metric. */
  readonly absent: BenchCategory['absent'];
  /** The category has a run that can be opened. */
  readonly hasRun: boolean;
}

const byMetric = (value: (m: BenchMetric) => number | null): BenchFigures =>
  Object.fromEntries(BENCH_METRICS.map((m) => [m, value(m)])) as BenchFigures;

/** Mean of each metric over the categories that have it; null where none has. */
export const meanFigures = (categories: readonly Pick<BenchCategory, 'figures'>[]): BenchFigures =>
  meanOf(categories.map((c) => c.figures));

function meanOf(all: readonly (BenchFigures | null)[]): BenchFigures {
  return byMetric((m) => {
    const values = all.flatMap((figures) => figures?.[m] ?? []);
    return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null;
  });
}

const difference = (ours: BenchFigures | null, theirs: BenchFigures | null): BenchFigures =>
  byMetric((m) => {
    const [a, b] = [ours?.[m] ?? null, theirs?.[m] ?? null];
    return a === null || b === null ? null : a - b;
  });

/** The model input of all its runs; null where they differ, as those of pictures whose shape was kept do. */
export function commonInput({ settings, categories }: BenchFile): BenchFile['settings']['input'] | null {
  const { height, width } = settings.input;
  const same = categories.every(({ input }) => !input || (input.height === height && input.width === width));
  return same ? settings.input : null;
}

/** Categories of the data sets that figures are published for. */
export const PUBLISHED_CATEGORIES: Readonly<Record<Exclude<BenchFile['dataset']['layout'], 'folder'>, number>> = {
  mvtec: 15,
  visa: 12,
  btad: 3,
};

/** Published means that ours compare with: over all categories where all are measured, else over those that are, where each has figures. */
function publishedMean({ dataset, categories, published }: BenchFile): BenchFigures | null {
  const measured = categories.filter((c) => c.figures !== null);
  if (dataset.layout !== 'folder' && measured.length === PUBLISHED_CATEGORIES[dataset.layout])
    return published?.mean ?? null;
  const theirs = measured.map((c) => c.published);
  return theirs.length > 0 && theirs.every((figures) => figures !== null) ? meanOf(theirs) : null;
}

/** The rows of a benchmark: its categories, then the mean. */
export function benchRows(bench: BenchFile): BenchRow[] {
  const rows: BenchRow[] = bench.categories.map((c) => ({
    name: c.name,
    mean: false,
    images: c.images,
    skipped: c.skipped,
    figures: c.figures,
    published: c.published,
    difference: difference(c.figures, c.published),
    secondsPerImage: c.images > 0 ? c.seconds / c.images : null,
    problem: c.problem,
    absent: c.absent,
    hasRun: c.run !== null,
  }));
  const images = bench.categories.reduce((sum, c) => sum + c.images, 0);
  const seconds = bench.categories.reduce((sum, c) => sum + c.seconds, 0);
  const figures = meanFigures(bench.categories);
  const counted = bench.categories.filter((c) => c.figures !== null).length;
  const published = publishedMean(bench);
  const whole = counted === bench.categories.length;
  rows.push({
    name: 'mean',
    mean: true,
    images,
    skipped: bench.categories.reduce((sum, c) => sum + c.skipped, 0),
    figures,
    published,
    difference: difference(figures, published),
    secondsPerImage: images > 0 ? seconds / images : null,
    problem: whole ? '' : l10n.t('over {0} of {1} categories', counted, bench.categories.length),
    absent: {},
    hasRun: false,
  });
  return rows;
}

/** Whether anything published stands beside a benchmark's figures. */
export const isCompared = (bench: BenchFile): boolean => benchRows(bench).some((row) => row.published !== null);

/** A fraction as percent with two decimals, as the tables have it; "-" where there is none. */
export const percent2 = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : (value * 100).toFixed(2);

/** A difference in percentage points with its sign. */
export const points = (value: number | null): string =>
  value === null ? '' : `${value >= 0 ? '+' : '−'}${Math.abs(value * 100).toFixed(2)}`;
