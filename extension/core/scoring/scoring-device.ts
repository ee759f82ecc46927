import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import type { Device } from '../backbone/device/provider';
import { CpuPairKernel } from './cpu-pair-kernel';
import { GraphPairKernel } from './graph-pair-kernel';
import { PatchWindows } from './kernel/patch-windows';
import type { PairKernel, PairKernelShape } from './pair-kernel';

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
  const small = { ...shape, batch: 2 };
  let kernel: PairKernel | null = null;
  try {
    kernel = await GraphPairKernel.create(small, device);
    const difference = await largestDifference(kernel, await CpuPairKernel.create(small), small);
    if (difference <= TOLERANCE) return { device, fallback: null };
    return { device: 'cpu', fallback: l10n.t('Pairs are compared on the CPU: {0} gives wrong numbers.', device) };
  } catch {
    return { device: 'cpu', fallback: l10n.t('Pairs are compared on the CPU: {0} cannot run the comparison.', device) };
  } finally {
    await kernel?.close();
  }
}

/** Largest difference of cosines on three made-up images. */
async function largestDifference(a: PairKernel, b: PairKernel, { grid, degrees }: PairKernelShape): Promise<number> {
  const size = cells(grid) * CHANNELS;
  const features = Float32Array.from({ length: 3 * size }, (_, i) => Math.sin(i * i + i));
  const lengths = new PatchWindows(grid, CHANNELS);
  const inverse = [0, 1, 2].map((image) => {
    lengths.features.set(features.subarray(image * size, (image + 1) * size));
    return lengths.inverse(degrees);
  });
  const batch = {
    first: 0,
    count: 2,
    other: 2,
    channels: CHANNELS,
    rows: () => features.subarray(0, 2 * size),
    column: () => features.subarray(2 * size),
    lengths: (image: number) => inverse[image],
  };
  const results: number[][] = [];
  for (const kernel of [a, b]) {
    const cosines: number[] = [];
    await kernel.run(batch, (_, rows, columns) => void cosines.push(...rows, ...columns));
    results.push(cosines);
  }
  await b.close();
  return results[0].reduce((worst, v, i) => {
    const difference = Math.abs(v - results[1][i]);
    return difference <= worst ? worst : difference; // NaN wins
  }, 0);
}
