import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import type { Device } from '../backbone/device/provider';
import { CpuPairKernel } from './cpu-pair-kernel';
import { GraphPairKernel } from './graph-pair-kernel';
import { PatchWindows } from './kernel/patch-windows';
import type { PairBatch, PairKernel, PairKernelShape } from './pair-kernel';

/** Where pairs are computed, and why not where it was asked for: one sentence, or null. */
export interface ScoringDevice {
  readonly device: Device;
  readonly fallback: string | null;
}

/** Largest difference in cosines from the CPU's that a device is trusted with. */
const TOLERANCE = 1e-3;
const CHANNELS = 24;

/** Tries the kernel on a device and compares its numbers with the CPU's; the CPU takes over where they differ or nothing comes. */
export async function chooseScoringDevice(device: Device, shape: PairKernelShape): Promise<ScoringDevice> {
  if (device === 'cpu') return { device, fallback: null };
  const kernels: PairKernel[] = [];
  try {
    const tried = await GraphPairKernel.create({ ...shape, batch: 2 }, device);
    kernels.push(tried);
    const yardstick = await CpuPairKernel.create({ ...shape, batch: 1 }); // which the grid was found to have the memory for
    kernels.push(yardstick);
    const difference = await largestDifference(tried, yardstick, shape);
    if (difference <= TOLERANCE) return { device, fallback: null };
    return { device: 'cpu', fallback: l10n.t('Pairs are compared on the CPU: {0} gives wrong numbers.', device) };
  } catch {
    return { device: 'cpu', fallback: l10n.t('Pairs are compared on the CPU: {0} cannot run the comparison.', device) };
  } finally {
    for (const kernel of kernels) await kernel.close();
  }
}

/** Largest difference of cosines on three made-up images, of which one kernel takes two at a time. */
async function largestDifference(
  two: PairKernel,
  one: PairKernel,
  { grid, degrees }: PairKernelShape,
): Promise<number> {
  const size = cells(grid) * CHANNELS;
  const features = Float32Array.from({ length: 3 * size }, (_, i) => Math.sin(i * i + i));
  const lengths = new PatchWindows(grid, CHANNELS);
  const inverse = [0, 1, 2].map((image) => {
    lengths.features.set(features.subarray(image * size, (image + 1) * size));
    return lengths.inverse(degrees);
  });
  const batch = (first: number, count: number): PairBatch => ({
    first,
    count,
    other: 2,
    channels: CHANNELS,
    rows: () => features.subarray(first * size, (first + count) * size),
    column: () => features.subarray(2 * size),
    lengths: (image) => inverse[image],
  });
  const found: number[] = [];
  const expected: number[] = [];
  await two.run(batch(0, 2), (_, rows, columns) => void found.push(...rows, ...columns));
  for (const image of [0, 1])
    await one.run(batch(image, 1), (_, rows, columns) => void expected.push(...rows, ...columns));
  return found.reduce((worst, v, i) => {
    const difference = Math.abs(v - expected[i]);
    return difference <= worst ? worst : difference; // NaN wins
  }, 0);
}
