import type { Device } from '../backbone/device/provider';
import { tableBytes, type TableLayout } from './distance-table';
import type { Range, Task } from './tap-job';

/** Gram matrices of one product together: more fit no second-level cache. Measured; at 37 x 37 one alone is larger. */
const BATCH_BYTES = 1.25 * 2 ** 20;
/** Graphics cards want more at a time to be busy, but not too much: on an H200, 16 pairs at 37 x 37 took less each than 8 or 32. */
const DEVICE_BATCH_BYTES = 120e6;
const MOST_IN_BATCH = 32;
/** A worker's copies of features: large enough that copying costs nothing beside the products. */
const BLOCK_BYTES = 48 << 20;
/** From disk, larger blocks mean that features are read less often. */
const BLOCK_BYTES_FROM_DISK = 256 << 20;
/** Blocks along each side at least, so that workers share evenly and a resumed run loses little. */
const LEAST_BLOCKS = 12;

export interface BlockPlan {
  /** Images of one product. Depends on grid and device alone: it decides the last bits of results. */
  readonly batch: number;
  /** Images per side of a tile, a multiple of `batch`. */
  readonly block: number;
  /** Whether the distances of one tap fit into memory. */
  readonly tableInMemory: boolean;
  readonly tableBytes: number;
  /** Workers: as many as asked for while their Gram matrices stay within a quarter of the budget, at least one. */
  readonly threads: number;
  /** Memory of all workers: blocks, Gram matrices, rows of distances. */
  readonly workerBytes: number;
}

/** Images whose Gram matrices are computed by one product. */
export function batchSize(patches: number, device: Device): number {
  const bytes = device === 'cpu' ? BATCH_BYTES : DEVICE_BATCH_BYTES;
  return Math.min(MOST_IN_BATCH, Math.max(1, Math.floor(bytes / (4 * patches * patches))));
}

/**
 * How pairs are cut into tiles, and for how many workers, within a memory budget: half of it for distances, a quarter for the workers'
 * blocks (at least one batch), a quarter for their Gram matrices (at least one worker's).
 */
export function planBlocks(options: {
  layout: TableLayout;
  patches: number;
  /** Of the widest tap. */
  channels: number;
  threads: number;
  memoryBytes: number;
  device: Device;
  /** Features of the tap come from disk. */
  fromDisk?: boolean;
}): BlockPlan {
  const { layout, patches, channels, memoryBytes, device } = options;
  const batch = batchSize(patches, device);
  const gramBytes = 4 * patches * patches * batch;
  const threads = Math.max(1, Math.min(options.threads, Math.floor(memoryBytes / 4 / gramBytes)));
  const imageBytes = patches * channels * 4;
  const most = options.fromDisk ? BLOCK_BYTES_FROM_DISK : BLOCK_BYTES;
  const allowed = Math.min(most, memoryBytes / 4 / threads / 2);
  const wanted = Math.min(allowed / imageBytes, layout.images / LEAST_BLOCKS);
  const block = Math.max(1, Math.floor(wanted / batch)) * batch;
  const bytes = tableBytes(layout);
  const perWorker = 2 * block * imageBytes + gramBytes + 4 * layout.images * layout.width + imageBytes;
  return {
    batch,
    block,
    tableInMemory: bytes <= memoryBytes / 2,
    tableBytes: bytes,
    threads,
    workerBytes: threads * perWorker,
  };
}

/** Tiles over all pairs (i, j), i < j, j not before `old`: rows first, so that a worker keeps its rows for many tiles. */
export function tilePairs({ images, old }: TableLayout, block: number): Extract<Task, { kind: 'tile' }>[] {
  const tiles: Extract<Task, { kind: 'tile' }>[] = [];
  for (let i = 0; i < images; i += block)
    for (let j = Math.max(i, Math.floor(old / block) * block); j < images; j += block) {
      const rows: Range = { start: i, end: Math.min(images, i + block) };
      const columns: Range = { start: Math.max(j, old), end: Math.min(images, j + block) };
      tiles.push({ kind: 'tile', rows, columns });
    }
  return tiles;
}
