import { cells, type Grid } from '../../array/grid';
import type { Device } from './provider';

/** Longest call, milliseconds: a run can only be cancelled between calls. */
const LONGEST_CALL = 250;
/** Pictures per call beyond which nothing is gained on a CPU (measured at 320 x 320: 4 against 8 makes no difference). */
const CPU_MOST = 4;
/** Pixels that keep a graphics card busy in one call, 16 pictures of 518 x 518; memory for activations grows with them. */
const GPU_PIXELS = 16 * 518 * 518;
const GPU_MOST = 32; // pictures

/**
 * Pictures per call that suit a device.
 * @param milliseconds what one picture took on it
 */
export function batchFor(device: Device, size: Grid, milliseconds: number): number {
  const inTime = Math.floor(LONGEST_CALL / Math.max(1, milliseconds));
  const most = device === 'cpu' ? CPU_MOST : Math.min(GPU_MOST, Math.floor(GPU_PIXELS / cells(size)));
  return Math.max(1, Math.min(most, inTime));
}
