import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { batchSize, planBlocks, tilePairs } from '../../extension/core/scoring/block-plan';
import { makeUpJob } from '../../extension/core/scoring/estimate';
import { FeatureStore } from '../../extension/core/scoring/feature-store';
import { GraphPairKernel } from '../../extension/core/scoring/graph-pair-kernel';
import { keptRanks } from '../../extension/core/scoring/kept-ranks';
import { newControl, type ScoringPlan, type Task } from '../../extension/core/scoring/tap-job';
import { WorkerPool } from '../../extension/core/scoring/worker-pool';
import { batchesOf, shiftedNoise } from './gpu-features';
import { notRun, type AddRow } from './gpu-row';
import type { GpuSize } from './gpu-size';

/** A batch size is timed for about so long, milliseconds, after its graph was compiled. */
const SAMPLE = 700;

type Tile = Extract<Task, { kind: 'tile' }>;

const seconds = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** Trillions of multiplications and additions a second in the products alone. */
const teraflops = ({ side, channels }: GpuSize, perPair: number): string =>
  `${((2 * side ** 4 * channels) / perPair / 1e9).toPrecision(3)} TFLOP/s`;

/** The kernel alone with features on the device: milliseconds per pair and tap for several batch sizes and both forms of storage. */
export async function benchGpuBatches(size: GpuSize, add: AddRow): Promise<void> {
  const { side, degrees, batches } = size;
  const most = Math.max(...batches);
  const images = most + 8;
  const batch = batchesOf(size, shiftedNoise(size, images));
  const shape = { grid: { height: side, width: side }, degrees, batch: most };
  const own = batchSize(side * side, 'webgpu');
  for (const storage of ['float16', 'float32'] as const)
    try {
      const kernel = await GraphPairKernel.create(shape, 'webgpu', storage);
      for (const count of batches) {
        const run = (other: number) => kernel.run(batch(0, count, most + (other % 8)), () => undefined);
        const starting = await seconds(() => run(0));
        for (let other = 1; other < 8; other++) await run(other); // brings their features
        let runs = 0;
        const began = performance.now();
        while (performance.now() - began < SAMPLE) await run(runs++);
        const perPair = (performance.now() - began) / runs / count;
        const note = `${teraflops(size, perPair)}, first call ${starting.toFixed(2)} s${count === own ? ', the product’s own choice' : ''}`;
        add({ name: `pair from ${storage}, ${count} a call`, value: perPair, unit: 'ms', note });
      }
      await kernel.close();
    } catch (error) {
      notRun(add, storage, error);
    }
}

/** One tap of N pictures the way a run goes: lengths, pairs (all, or a sample where that takes too long), ranks. Milliseconds a picture. */
export async function benchGpuScoring(size: GpuSize, add: AddRow): Promise<number> {
  const { side, channels, degrees, images, taps, patience } = size;
  const grid = { height: side, width: side };
  const memoryBytes = 16e9;
  const layout = { images, old: 0, width: degrees.length * side * side };
  const of = { layout, patches: side * side, channels, threads: 1, memoryBytes };
  const { batch, block } = planBlocks({ ...of, device: 'webgpu' });
  const plan: ScoringPlan = {
    grid,
    degrees,
    ranks: keptRanks([0, 0.3], images - 1),
    batch,
    device: 'webgpu',
    layout,
    keptForLater: 0,
    control: newControl(),
  };
  const scratchFolder = await mkdtemp(path.join(tmpdir(), 'musc-bench-'));
  const store = await FeatureStore.create({ images, grid, channels: [channels], memoryBytes, scratchFolder });
  try {
    for (const [i, features] of shiftedNoise(size, images).entries()) store.put(i, 0, features);
    const pool = await WorkerPool.create(plan, { threads: 1, workerFile: null });
    const every = Array.from({ length: images }, (_, image) => image);
    await pool.startTap(makeUpJob(store.source(0).shared, plan));
    const lengths = await seconds(() => pool.runAll(every.map((image) => ({ kind: 'lengths', image }))));
    const counter = new Int32Array(plan.control);
    const timed = async (tiles: readonly Tile[]): Promise<number> => {
      const before = Atomics.load(counter, 1);
      const taken = await seconds(() => pool.runAll(tiles));
      return taken / (Atomics.load(counter, 1) - before);
    };
    const tiles = tilePairs(layout, block);
    await timed(tiles.slice(0, 2)); // compiles graphs of all sizes
    const forecast = await timed(tiles.length > 6 ? tiles.slice(2, 6) : tiles);
    const pairs = (images * (images - 1)) / 2;
    const whole = forecast * pairs < patience;
    const share = Math.max(1, Math.ceil((forecast * pairs) / patience));
    const perPair = await timed(whole ? tiles : tiles.filter((_, t) => t % share === 0));
    const ranks = await seconds(() => pool.runAll(every.map((image) => ({ kind: 'rank', image }))));
    await pool.close();

    const perImage = (1000 * taps) / images;
    const sample = whole ? `all ${pairs} pairs of one tap` : `one tile in ${share} of one tap`;
    const row = (name: string, value: number, note = '') =>
      add({ name: `N = ${images}: ${name}`, value, unit: 'ms', note });
    row('a pair and tap', 1000 * perPair, `${teraflops(size, 1000 * perPair)}, ${batch} a call, ${sample}`);
    row('lengths, a picture', lengths * perImage);
    row('pairs, a picture', pairs * perPair * perImage);
    row('ranks, a picture', ranks * perImage);
    const scoring = (lengths + pairs * perPair + ranks) * perImage;
    row('scoring, a picture', scoring, `${taps} taps`);
    return scoring;
  } finally {
    await store.close();
    await rm(scratchFolder, { recursive: true, force: true });
  }
}
