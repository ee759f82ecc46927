import { cosinesToDistances } from '../../extension/core/scoring/cosine-distance';
import { CpuPairKernel } from '../../extension/core/scoring/cpu-pair-kernel';
import { GraphPairKernel } from '../../extension/core/scoring/graph-pair-kernel';
import type { PairBatch, PairKernel } from '../../extension/core/scoring/pair-kernel';
import { batchesOf, madeUpFeatures } from './gpu-features';
import { notRun, type AddRow } from './gpu-row';
import type { GpuSize } from './gpu-size';

/** Distances below are compared as if they were this large: those of near duplicates are all rounding. */
const SMALL = 0.2;

/** Distances of a few pictures, from near duplicates to strangers, against those of the CPU's kernel, for both forms of storage. */
export async function checkGpuScoring(size: GpuSize, add: AddRow): Promise<void> {
  const { side, degrees, compared } = size;
  const shape = { grid: { height: side, width: side }, degrees, batch: compared - 1 };
  const batch = batchesOf(size, madeUpFeatures(size, compared));
  const batches = Array.from({ length: compared - 1 }, (_, k) => batch(0, k + 1, k + 1));
  const cpu = await CpuPairKernel.create(shape);
  const truth = await distancesOf(cpu, batches, degrees.length);
  await cpu.close();
  for (const storage of ['float32', 'float16', null] as const)
    try {
      const kernel = await GraphPairKernel.create(shape, 'webgpu', storage);
      const found = await distancesOf(kernel, batches, degrees.length);
      const note =
        storage === null ? `the product chose ${kernel.storedAs}` : 'all nodes on the device, or it would not start';
      const name = storage === null ? 'as chosen' : `from ${storage}`;
      add({ name: `worst distance ${name}`, value: worstRelative(found, truth), unit: 'relative', note });
      await kernel.close();
    } catch (error) {
      if (storage !== 'float16') throw error;
      notRun(add, 'float16', error);
    }
}

async function distancesOf(
  kernel: PairKernel,
  batches: readonly PairBatch[],
  degrees: number,
): Promise<Float32Array[]> {
  const distances: Float32Array[] = [];
  for (const batch of batches) {
    const other = batch.lengths(batch.other);
    await kernel.run(batch, (image, rows, columns) => {
      const own = batch.lengths(image);
      const [there, back] = [new Float32Array(own.length), new Float32Array(own.length)];
      cosinesToDistances(rows, own, other, degrees, there);
      cosinesToDistances(columns, other, own, degrees, back);
      distances.push(there, back);
    });
  }
  return distances;
}

/** Largest relative difference; infinite where a value is not a number or arrays are missing. */
function worstRelative(found: readonly Float32Array[], truth: readonly Float32Array[]): number {
  let worst = found.length === truth.length ? 0 : Infinity;
  for (const [i, expected] of truth.entries())
    for (let p = 0; p < expected.length; p++) {
      const difference = Math.abs(found[i][p] - expected[p]) / Math.max(expected[p], SMALL);
      if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    }
  return worst;
}
