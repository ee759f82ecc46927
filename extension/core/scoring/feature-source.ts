import type { Grid } from '../array/grid';

/** Layer-normed, not pooled, not unit-length features (r = 1) of one tap, image by image. */
export interface FeatureSource {
  readonly images: number;
  readonly grid: Grid;
  readonly channels: number;
  /** P x C float32 of one image; must not be written to. May come from memory or disk. */
  load(image: number): Promise<Float32Array>;
}
