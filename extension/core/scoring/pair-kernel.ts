import type { Grid } from '../array/grid';

/** What a pair kernel computes with: fixed for a run. */
export interface PairKernelShape {
  readonly grid: Grid;
  readonly degrees: readonly number[];
  /** Most rows' images per call. */
  readonly batch: number;
}

/** Several images against one, all degrees. */
export interface PairBatch {
  /** Features of `count` images one after another, count x P x C, and the other image's, P x C. */
  readonly rows: Float32Array;
  readonly column: Float32Array;
  readonly channels: number;
  readonly count: number;
  /** Inverse lengths of the window sums, degrees x P: of each row image, and of the column image. */
  readonly rowLengths: (index: number) => Float32Array;
  readonly columnLengths: Float32Array;
}

/** Computes cosines to the most similar patches, both ways. One for the CPU, one for everything else (SPEC 10). */
export interface PairKernel {
  /** Calls `take` for each of the batch's images with cosines, degrees x P, of its patches and of the other's; valid during the call. */
  run(batch: PairBatch, take: (index: number, rows: Float32Array, columns: Float32Array) => void): Promise<void>;
  close(): Promise<void>;
}
