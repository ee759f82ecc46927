import { availableParallelism } from 'node:os';
import { cells, type Grid } from '../array/grid';
import type { Device } from '../backbone/device/provider';
import { planBlocks, tilePairs } from './block-plan';
import { tableBytes } from './distance-table';
import { FeatureStore } from './feature-store';
import { keptRanks } from './kept-ranks';
import { shortlistLength } from './shortlists';
import { newControl, type ScoringPlan, type TapJob } from './tap-job';
import { defaultWorkerFile, WorkerPool } from './worker-pool';

/** What is scored, but for the number of images. */
export interface ScoringShape {
  readonly grid: Grid;
  /** Channels of each tap. */
  readonly channels: readonly number[];
  readonly degrees: readonly number[];
  readonly keep: readonly [number, number];
  /** 0: one per core. */
  readonly threads: number;
  readonly device?: Device;
}

/** Seconds on this machine, with all threads at work, summed over taps. */
export interface ScoringCost {
  readonly perPair: number;
  /** Per image: inverse lengths. */
  readonly perImage: number;
  /** Per image and other image: ranking the distances. */
  readonly perDistance: number;
  /** Once: threads and their kernels. */
  readonly start: number;
}

export interface ScoringEstimate {
  readonly seconds: number;
  /** Largest need of the process at one time: itself, features, distances, workers; without the network's weights. */
  readonly memoryBytes: number;
  /** Scratch space at one time. */
  readonly diskBytes: number;
}

/** Calibration time aimed at per tap, seconds, and what a core computes in it (multiply-adds), roughly. */
const AIM = 0.3;
const SPEED = 3e10;
const FEWEST = 8;
const MOST = 48;
/** Small pairs cost less in the larger tiles of a larger run: tiles as large are tried, so many blocks a side, where that takes not much longer. */
const BLOCKS = 4;
const LONGER = 4;

/** Seconds of mutual scoring on a common CPU, from counting multiplications alone: within a factor of three or so, at no cost. */
export function roughSeconds(
  { grid, channels, threads }: Pick<ScoringShape, 'grid' | 'channels' | 'threads'>,
  images: number,
): number {
  const multiplications = ((images * images) / 2) * cells(grid) ** 2 * channels.reduce((a, b) => a + b, 0);
  return multiplications / SPEED / (threads || availableParallelism());
}

/**
 * Measures on made-up features what the pairs of each tap cost on this machine as loaded now, in a run of about `images` pictures. Takes
 * one to three seconds (more for large shapes). Throws DEVICE_FAILED, CANCELLED.
 */
export async function calibrateScoring(
  shape: ScoringShape,
  options: {
    images: number;
    scratchFolder: string;
    /** Budget of the run, as `scoreMutually` keeps it. */
    memoryBytes?: number;
    workerFile?: string | null;
    signal?: AbortSignal;
  },
): Promise<ScoringCost> {
  const cost = { perPair: 0, perImage: 0, perDistance: 0, start: 0 };
  const known = new Map<number, ScoringCost>();
  for (const channels of shape.channels) {
    const tap = known.get(channels) ?? (await calibrateTap(shape, channels, options));
    known.set(channels, tap);
    cost.perPair += tap.perPair;
    cost.perImage += tap.perImage;
    cost.perDistance += tap.perDistance;
    cost.start = Math.max(cost.start, tap.start);
  }
  return cost;
}

/** Memory of the process itself, bytes, and of each of its scoring threads: Node, ONNX Runtime and their code. Measured. */
const PROCESS_BYTES = 110e6;
const THREAD_BYTES = 40e6;

/** Time, memory and disk for `images` pictures in `subsets` subsets with a budget as `scoreMutually` and the feature store keep it. */
export function estimateScoring(
  cost: ScoringCost,
  shape: ScoringShape,
  {
    images,
    subsets = 1,
    memory,
    saved = 0,
  }: {
    images: number;
    subsets?: number;
    memory: { features: number; scoring: number };
    /** Bytes up to which distances go to disk in any case, to go on from; default: none. */
    saved?: number;
  },
): ScoringEstimate {
  const { grid, channels, degrees } = shape;
  const patches = cells(grid);
  const members = Math.ceil(images / subsets);
  const pairs = (members * (members - 1)) / 2;
  const seconds =
    subsets * (cost.start + pairs * cost.perPair + members * cost.perImage + members * members * cost.perDistance);

  const taps = channels.map((c) => images * patches * c * 4);
  let inMemory = 0;
  for (const bytes of taps) if (inMemory + bytes <= memory.features) inMemory += bytes;
  const onDisk = taps.reduce((a, b) => a + b, 0) - inMemory;
  const layout = { images: members, old: 0, width: degrees.length * patches };
  const plan = planBlocks({
    layout,
    patches,
    channels: Math.max(...channels),
    threads: shape.threads || availableParallelism(),
    memoryBytes: memory.scoring,
    device: shape.device ?? 'cpu',
    fromDisk: onDisk > 0,
  });
  const totals = members * layout.width * (8 + 8 + 4) + members * patches * shortlistLength(members) * 8;
  const itself = PROCESS_BYTES + plan.threads * THREAD_BYTES;
  const inTable = plan.tableInMemory && plan.tableBytes > saved ? plan.tableBytes : 0;
  return {
    seconds,
    memoryBytes: itself + inMemory + plan.workerBytes + totals + inTable,
    diskBytes: onDisk + plan.tableBytes - inTable,
  };
}

async function calibrateTap(
  shape: ScoringShape,
  channels: number,
  {
    images: expected,
    scratchFolder,
    memoryBytes = 1e9,
    workerFile = defaultWorkerFile(),
    signal,
  }: Parameters<typeof calibrateScoring>[1],
): Promise<ScoringCost> {
  const { grid, degrees, keep } = shape;
  const patches = cells(grid);
  const width = degrees.length * patches;
  const device = shape.device ?? 'cpu';
  const {
    batch,
    block: largest,
    threads,
  } = planBlocks({
    layout: { images: expected, old: 0, width },
    patches,
    channels,
    threads: shape.threads || availableParallelism(),
    memoryBytes,
    device,
  });
  const pairsAimed = (AIM * threads * SPEED) / (patches * patches * channels);
  const few = Math.min(MOST, Math.max(FEWEST, Math.ceil(Math.sqrt(2 * pairsAimed))));
  const many = BLOCKS * largest;
  const asLarge = many > few && (many * many) / 2 < LONGER * pairsAimed;
  const images = asLarge ? many : few;
  const layout = { images, old: 0, width };
  const block = Math.min(largest, Math.max(1, Math.floor(images / BLOCKS / batch)) * batch);
  const plan: ScoringPlan = {
    grid,
    degrees,
    ranks: keptRanks(keep, images - 1),
    batch,
    device,
    layout,
    keptForLater: 0,
    control: newControl(),
  };
  const store = await FeatureStore.create({ images, grid, channels: [channels], memoryBytes: Infinity, scratchFolder });
  const noise = Float32Array.from({ length: patches * channels + images }, (_, i) => Math.sin(i * i));
  for (let i = 0; i < images; i++) store.put(i, 0, noise.subarray(i, i + patches * channels));
  const beginning = performance.now();
  const pool = await WorkerPool.create(plan, { threads, workerFile, signal });
  const start = (performance.now() - beginning) / 1000;
  const every = Array.from({ length: images }, (_, image) => image);
  const seconds = async (work: () => Promise<void>): Promise<number> => {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
  };
  try {
    await pool.startTap(makeUpJob(store.source(0).shared, plan));
    const tiles = tilePairs(layout, block);
    const lengths = every.map((image) => ({ kind: 'lengths' as const, image }));
    const ranks = every.map((image) => ({ kind: 'rank' as const, image }));
    // Every thread's kernel is compiled for speed, and its memory there, by the second time.
    await pool.runAll(lengths);
    await pool.runAll(tiles.filter((_, i) => i % 2 === 1));
    await pool.runAll(ranks);
    const perImage = await seconds(() => pool.runAll(lengths));
    const pairs = await seconds(() => pool.runAll(tiles));
    const ranking = await seconds(() => pool.runAll(ranks));
    return {
      start,
      perImage: perImage / images,
      perPair: pairs / ((images * (images - 1)) / 2),
      perDistance: ranking / images / images,
    };
  } finally {
    await pool.close();
    await store.close();
  }
}

/** A job with outputs of its own, for measuring. */
export function makeUpJob(features: TapJob['features'], { layout, grid }: ScoringPlan): TapJob {
  const { images, width } = layout;
  const length = shortlistLength(images);
  const list = (): SharedArrayBuffer => new SharedArrayBuffer(images * cells(grid) * length * 4);
  return {
    features,
    table: { kind: 'memory', buffer: new SharedArrayBuffer(tableBytes(layout)) },
    inverseLengths: new SharedArrayBuffer(images * width * 4),
    means: new SharedArrayBuffer(images * width * 8),
    known: null,
    kept: null,
    shortlist: { length, images: list(), bounds: list() },
    tapsBefore: 0,
  };
}
