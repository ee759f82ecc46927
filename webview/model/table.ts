import type { RunFile } from '../../extension/protocol/run-file';

/** What is known of a picture: nothing, good or defect. */
export const NONE = -1;
export const GOOD = 0;
export const DEFECT = 1;
/** Only for reviewers' labels: looked at, undecided. */
export const UNSURE = 2;

export type LabelName = 'good' | 'defect' | 'unsure' | null;

/** The images of a run as columns, in the order of `RunFile.images`: sorting and counting 10,000 of them stays within a frame. */
export interface Table {
  readonly size: number;
  readonly score: Float64Array;
  readonly rawScore: Float64Array;
  readonly path: readonly string[];
  /** Paths, as `searchable` makes them. */
  readonly search: readonly string[];
  readonly type: readonly string[];
  /** Distinct types, sorted. */
  readonly types: readonly string[];
  /** NONE, GOOD or DEFECT. */
  readonly truth: Int8Array;
  readonly hasTruth: boolean;
  /** Image indices from the highest score to the lowest; ties by index. */
  readonly ranking: Int32Array;
  /** rank[image]: its place in `ranking`, from 0. */
  readonly rank: Int32Array;
}

/** A text to search or to be searched for: case does not matter, nor how a file system composes accents. */
export const searchable = (text: string): string => text.normalize('NFC').toLowerCase();

/** Columns of a run's images. */
export function tableOf(run: Pick<RunFile, 'images'>): Table {
  const { images } = run;
  const score = Float64Array.from(images, (i) => i.score);
  const truth = Int8Array.from(images, (i) => (i.truth === null ? NONE : i.truth === 'defect' ? DEFECT : GOOD));
  const ranking = rankingOf(score);
  const rank = new Int32Array(images.length);
  ranking.forEach((image, place) => (rank[image] = place));
  return {
    size: images.length,
    score,
    rawScore: Float64Array.from(images, (i) => i.rawScore),
    path: images.map((i) => i.path),
    search: images.map((i) => searchable(i.path)),
    type: images.map((i) => i.type),
    types: [...new Set(images.map((i) => i.type))].filter((t) => t !== '').sort(),
    truth,
    hasTruth: truth.some((t) => t !== NONE),
    ranking,
    rank,
  };
}

/** Indices from the largest value to the smallest; ties keep their order. */
export function rankingOf(values: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
}

/** Labels as numbers, one per image. */
export function labelColumn(labels: readonly LabelName[]): Int8Array {
  return Int8Array.from(labels, (l) => (l === null ? NONE : l === 'good' ? GOOD : l === 'defect' ? DEFECT : UNSURE));
}

/** What the figures are measured against. */
export type Against = 'truth' | 'labels';

/** NONE, GOOD or DEFECT per image. An unsure label counts as unknown. */
export function classesOf(table: Table, labels: Int8Array, against: Against): Int8Array {
  return against === 'truth' ? table.truth : labels.map((l) => (l === UNSURE ? NONE : l));
}
