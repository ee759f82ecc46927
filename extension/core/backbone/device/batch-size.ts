import { cells, type Grid } from '../../array/grid';
import type { Device } from './provider';

/** Pixels that keep a graphics card busy in one call: 16 pictures of 518 x 518. */
const GPU_PIXELS = 16 * 518 * 518;
const GPU_MOST = 32; // pictures: memory for activations grows with them

/** Pictures per call. */
export function batchFor(device: Device, size: Grid): number {
  if (device === 'cpu') return 1;
  return Math.max(1, Math.min(GPU_MOST, Math.floor(GPU_PIXELS / cells(size))));
}
