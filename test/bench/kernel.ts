import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { encodeNpy } from '../../extension/core/array/npy';
import { planBlocks, tilePairs } from '../../extension/core/scoring/block-plan';
import { makeUpJob } from '../../extension/core/scoring/estimate';
import type { TableLayout } from '../../extension/core/scoring/distance-table';
import { FeatureStore } from '../../extension/core/scoring/feature-store';
import { keptRanks } from '../../extension/core/scoring/kept-ranks';
import { newControl, type ScoringPlan } from '../../extension/core/scoring/tap-job';
import { WorkerPool } from '../../extension/core/scoring/worker-pool';
import { bundleWorker } from '../unit/scoring/bundle-worker';
import { randomFloats } from '../unit/scoring/random';
import type { BenchRow } from './bench-row';

interface Shape {
  readonly side: number;
  readonly channels: number;
  /** Of the run's tiles, this many are measured in a round: short ones, as the machine's speed may change within seconds. */
  readonly tiles: number;
  /** Images for PyTorch, which is slow. */
  readonly torchImages: number;
}

/** ViT-L/14 at 518 pixels, and a small backbone. */
const SHAPES: readonly Shape[] = [
  { side: 37, channels: 1024, tiles: 2, torchImages: 2 },
  { side: 16, channels: 384, tiles: 40, torchImages: 5 },
];
/** Of the run whose pairs are measured: what an image costs once is shared by all of its pairs. */
const IMAGES = 200;
/** Of them, so many are measured in what is done once per image. */
const ONCE_FOR = 16;
const DEGREES = [1, 3, 5];
const ROUNDS = 15;
const THREADS = Math.min(2, availableParallelism());
const run = promisify(execFile);

/**
 * Milliseconds per unordered pair and tap for degrees 1, 3, 5 in a run of 200 images: ours, the bare matrix product and, where Debian's
 * PyTorch and the yardstick script (MUSC_BASELINE, a path) are there, plain PyTorch. Interleaved rounds in one process, medians: the machine
 * may be shared.
 */
export async function benchKernel(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const shape of SHAPES) rows.push(...(await benchShape(shape)));
  return rows;
}

async function benchShape(shape: Shape): Promise<BenchRow[]> {
  const name = `${shape.side}x${shape.side}x${shape.channels}`;
  const scratch = mkdtempSync(path.join(tmpdir(), 'musc-bench-'));
  const contestants = [await ours(shape, scratch), await bareProduct(shape), await pytorch(shape, scratch)];
  const times = contestants.map((): number[] => []);
  const cpu = contestants.map((): number[] => []);
  try {
    for (let round = 0; round <= ROUNDS; round++)
      for (const [c, contestant] of contestants.entries()) {
        const result = await contestant?.measure();
        if (round === 0) continue; // warms up
        times[c].push(result?.wall ?? NaN);
        cpu[c].push(result?.cpu ?? NaN);
      }
  } finally {
    for (const contestant of contestants) await contestant?.close();
    rmSync(scratch, { recursive: true });
  }
  return [...table(name, times.map(median)), ...table(`${name} CPU time`, cpu.map(median))];
}

function table(name: string, [own, product, torch]: readonly number[]): BenchRow[] {
  const row = (what: string, value: number): BenchRow => ({
    group: 'kernel',
    name: `${name} ${what}`,
    value,
    unit: 'ms',
  });
  return [
    { ...row('pair', own), ratioTo: `${name} bare product`, ratio: own / product },
    row('bare product', product),
    ...(Number.isNaN(torch) ? [] : [{ ...row('PyTorch', torch), ratioTo: `${name} pair`, ratio: torch / own }]),
  ];
}

/** Milliseconds per pair: passed, and spent by all threads (which other processes disturb less). */
interface Measured {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs `work` and divides the time by `pairs`. */
async function timed(pairs: number, work: () => Promise<void>): Promise<Measured> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / pairs, cpu: (user + system) / 1000 / pairs };
}

interface Contestant {
  measure(): Promise<Measured>;
  close(): Promise<void>;
}

/** The first tiles of the run, and for a few of its images what is done once for each: its lengths and its ranks. */
async function ours({ side, channels, tiles: measured }: Shape, scratchFolder: string): Promise<Contestant> {
  const grid = { height: side, width: side };
  const patches = side * side;
  const memoryBytes = 4e9;
  const layout = runLayout(patches);
  const { batch, block } = planBlocks({ layout, patches, channels, threads: THREADS, memoryBytes, device: 'cpu' });
  const plan: ScoringPlan = {
    grid,
    degrees: DEGREES,
    ranks: keptRanks([0, 0.3], IMAGES - 1),
    batch,
    device: 'cpu',
    layout,
    keptForLater: 0,
    control: newControl(),
  };
  const store = await FeatureStore.create({ images: IMAGES, grid, channels: [channels], memoryBytes, scratchFolder });
  const noise = randomFloats(patches * channels + IMAGES, 1);
  for (let i = 0; i < IMAGES; i++) store.put(i, 0, noise.subarray(i, i + patches * channels));
  const pool = await WorkerPool.create(plan, { threads: THREADS, workerFile: await bundleWorker() });
  const job = makeUpJob(store.source(0).shared, plan);
  if (job.table.kind === 'memory') fillWith(randomFloats(99_991, 2), new Float32Array(job.table.buffer)); // what ranking sorts
  await pool.startTap(job);
  const few = Array.from({ length: ONCE_FOR }, (_, image) => image);
  await pool.runAll(Array.from({ length: IMAGES }, (_, image) => ({ kind: 'lengths', image })));
  const tiles = tilePairs(layout, block).slice(1, measured + 1); // the first one lies on the diagonal and is smaller
  const pairs = (IMAGES * (IMAGES - 1)) / 2;
  return {
    measure: async () => {
      const once = await timed((ONCE_FOR * pairs) / IMAGES, async () => {
        await pool.runAll(few.map((image) => ({ kind: 'lengths', image })));
        await pool.runAll(few.map((image) => ({ kind: 'rank', image })));
      });
      const each = await timed(
        tiles.reduce((sum, tile) => sum + pairsIn(tile), 0),
        () => pool.runAll(tiles),
      );
      return { wall: each.wall + once.wall, cpu: each.cpu + once.cpu };
    },
    close: async () => {
      await pool.close();
      await store.close();
    },
  };
}

const runLayout = (patches: number): TableLayout => ({ images: IMAGES, old: 0, width: DEGREES.length * patches });

/** Pairs (i, j), i < j, of a tile. */
function pairsIn({ rows, columns }: ReturnType<typeof tilePairs>[number]): number {
  const images = rows.end - rows.start;
  return rows.start === columns.start ? (images * (images - 1)) / 2 : images * (columns.end - columns.start);
}

function fillWith(pattern: Float32Array, target: Float32Array): void {
  for (let at = 0; at < target.length; at += pattern.length)
    target.set(pattern.subarray(0, Math.min(pattern.length, target.length - at)), at);
}

/** As many products of the same size, each thread's one after another. */
async function bareProduct({ side, channels, tiles }: Shape): Promise<Contestant> {
  const patches = side * side;
  const layout = runLayout(patches);
  const { batch, block } = planBlocks({ layout, patches, channels, threads: THREADS, memoryBytes: 4e9, device: 'cpu' });
  const file = await bundleWorker('test/bench/kernel-gemm-worker.ts');
  const workers = Array.from({ length: THREADS }, () => new Worker(file, { workerData: { patches, channels, batch } }));
  const answer = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
  await Promise.all(workers.map(answer));
  const products = Math.ceil((tiles * block ** 2) / batch / THREADS);
  return {
    measure: () =>
      timed(products * batch * THREADS, async () => {
        const answers = workers.map(answer);
        for (const worker of workers) worker.postMessage(products);
        await Promise.all(answers);
      }),
    close: async () => void (await Promise.all(workers.map((w) => w.terminate()))),
  };
}

/** Runs the yardstick and adds the CPU time of its scoring alone. */
const CLOCKED = `
import runpy, sys, time
sys.argv = sys.argv[1:]
import numpy, torch
start = time.process_time()
runpy.run_path(sys.argv[0], run_name="__main__")
print(time.process_time() - start)
`;

/** The yardstick, if it is there: it reports its own time, without starting Python. */
async function pytorch({ side, channels, torchImages: n }: Shape, scratch: string): Promise<Contestant | null> {
  const script = process.env.MUSC_BASELINE;
  if (script === undefined || !existsSync(script)) return null;
  const file = path.join(scratch, 'features.npy');
  const patches = side * side;
  const data = new Float32Array(n * patches * channels);
  for (let i = 0; i < n; i++) data.set(randomFloats(patches * channels, i), i * patches * channels);
  writeFileSync(file, encodeNpy([n, patches, channels], data));
  const pairs = (n * (n - 1)) / 2;
  return {
    measure: async () => {
      const { stdout } = await run('/usr/bin/python3', ['-c', CLOCKED, script, file, '--threads', String(THREADS)]);
      const [report, seconds] = stdout.trim().split('\n');
      const { seconds: wall } = JSON.parse(report) as { seconds: number };
      return { wall: (wall * 1000) / pairs, cpu: (Number(seconds) * 1000) / pairs };
    },
    close: () => Promise.resolve(),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
