import type { Grid } from '../array/grid';

/** Anomaly maps and masks of the pictures that pixel metrics are pooled over, one at a time. */
export interface PixelSource {
  readonly count: number;
  readonly size: Grid;
  /** Raw map of picture `i`, upsampled to `size`, row-major float32. It is only read, and not kept after the next call. */
  map(i: number): Float32Array;
  /** Ground truth on the same grid, non-zero: defect. Null: nothing is marked (a good picture). */
  mask(i: number): Promise<Uint8Array | null>;
}
