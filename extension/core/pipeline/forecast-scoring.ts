import type { Backbone } from '../backbone/backbone';
import { calibrateScoring, estimateScoring, type ScoringEstimate } from '../scoring/estimate';
import { splitMemory } from '../scoring/memory-split';
import type { SettledSettings } from '../settings';
import { scratchParent } from './scratch';

/**
 * What mutual scoring of `images` pictures would take in any number of subsets, from a calibration of about a second on this machine.
 * `saved`: bytes up to which distances go to disk, to go on from.
 * Throws DEVICE_FAILED, CANCELLED.
 */
export async function forecastScoring(
  backbone: Backbone,
  { degrees, keep, threads }: Pick<SettledSettings, 'degrees' | 'keep' | 'threads'>,
  images: number,
  memoryBytes: number,
  signal: AbortSignal,
  saved = 0,
): Promise<(subsets: number) => ScoringEstimate> {
  const { grid, channels, device } = backbone;
  const shape = { grid, channels, degrees, keep, threads, device: device.name };
  const memory = splitMemory(memoryBytes);
  const cost = await calibrateScoring(shape, {
    images,
    scratchFolder: scratchParent(),
    memoryBytes: memory.scoring,
    signal,
  });
  return (subsets) => estimateScoring(cost, shape, { images, subsets, memory, saved });
}
