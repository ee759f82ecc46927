import type { Grid } from '../array/grid';

/** What a pair kernel computes with: fixed for a run. */
export interface PairKernelShape {
  readonly grid: Grid;
  readonly degrees: readonly number[];
  /** Most rows' images per call. */
  readonly batch: number;
}

/** Several neighbouring images against one, all degrees. */
export interface PairBatch {
  /** Index of the first of the `count` rows' images, and of the columns' image: a device knows features again by them. */
  readonly first: number;
  readonly count: number;
  readonly other: number;
  readonly channels: number;
  /** Layer-normed features of the rows' images one after another, count x P x C, and of the columns' image, P x C. */
  readonly rows: () => Float32Array;
  readonly column: () => Float32Array;
  /** An image's inverse lengths of the window sums, degrees x P. */
  readonly lengths: (image: number) => Float32Array;
}

/** Computes cosines to the most similar patches, both ways. One for the CPU, one for everything else (SPEC 10). */
export interface PairKernel {
  /** Turns to another tap: image indices mean other features from now on. */
  startTap(): void;
  /** Calls `take` for each of the rows' images with cosines, degrees x P, of its patches and of the other's; valid during the call. */
  run(batch: PairBatch, take: (image: number, rows: Float32Array, columns: Float32Array) => void): Promise<void>;
  close(): Promise<void>;
}
