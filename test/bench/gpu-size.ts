import type { VitSize } from './random-checkpoint';

/** What is measured on a graphics card. */
export interface GpuSize {
  /** Patches along each side, and channels of a tap. */
  readonly side: number;
  readonly channels: number;
  readonly degrees: readonly number[];
  readonly taps: number;
  /** Pictures of the run that is timed or forecast. */
  readonly images: number;
  /** Pictures beside one another in the comparison with the CPU and in that of batch sizes. */
  readonly compared: number;
  readonly sampled: number;
  readonly batches: readonly number[];
  /** One tap's pairs are all compared where that is forecast to take less, seconds; else a sample of this length. */
  readonly patience: number;
  readonly vit: VitSize & { readonly name: string; readonly side: number };
}

/** ViT-L/14 at 518 pixels: a grid of 37 x 37, 1024 channels, four taps. */
export const FULL_SIZE: GpuSize = {
  side: 37,
  channels: 1024,
  degrees: [1, 3, 5],
  taps: 4,
  images: 200,
  compared: 6,
  sampled: 64,
  batches: [8, 16, 32, 4, 1],
  patience: 25,
  vit: {
    name: 'ViT-L/14 at 518',
    width: 1024,
    depth: 24,
    patch: 14,
    grid: 24,
    mlpWidth: 4096,
    layerScale: false,
    side: 518,
  },
};

/** The same in a minute where software imitates a card. */
export const TINY_SIZE: GpuSize = {
  side: 6,
  channels: 32,
  degrees: [1, 3, 5],
  taps: 2,
  images: 24,
  compared: 6,
  sampled: 16,
  batches: [8, 2],
  patience: 10,
  vit: { name: 'ViT of 4 blocks', width: 64, depth: 4, patch: 14, grid: 4, mlpWidth: 128, layerScale: false, side: 56 },
};
