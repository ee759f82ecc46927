import { execFile } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import type { ScoringEstimate } from '../../extension/core/scoring/estimate';
import { bundleWorker } from '../unit/scoring/bundle-worker';
import type { BenchRow } from './bench-row';

/** What one process of the bench scores. */
export interface MemoryShape {
  readonly side: number;
  readonly channels: readonly number[];
  readonly images: number;
  /** Memory budget, bytes. */
  readonly budget: number;
  /** Tiles of pairs that are computed; null: all. Features, distances and ranks are whole in any case. */
  readonly tiles: number | null;
  readonly workerFile: string;
}

export interface MemoryTruth {
  readonly peakBytes: number;
  /** Scoring, without making the features. */
  readonly seconds: number;
  readonly estimate: ScoringEstimate;
  readonly onDisk: boolean;
}

/** A thousand pictures of ViT-L/14 at 518 pixels (one tap, a few tiles: taps follow each other), then whole runs. */
const SHAPES: readonly Omit<MemoryShape, 'workerFile'>[] = [
  { side: 37, channels: [1024], images: 1000, budget: 4e9, tiles: 2 },
  { side: 37, channels: [1024, 1024], images: 40, budget: 4e9, tiles: null },
  { side: 20, channels: [128, 96], images: 200, budget: 4e9, tiles: null },
  { side: 16, channels: [384, 384], images: 200, budget: 4e9, tiles: null },
];
/** Free space wanted for a run on disk beyond what it writes, bytes. */
const SPARE = 4e9;
const run = promisify(execFile);

/** Peak memory against the budget, and what the user is told beforehand against what came: memory, and time where all pairs ran. */
export async function benchMemory(): Promise<BenchRow[]> {
  const workerFile = await bundleWorker();
  const script = await bundleWorker('test/bench/memory-run.ts');
  const rows: BenchRow[] = [];
  for (const shape of SHAPES) {
    const name = `${shape.images} x ${shape.side}x${shape.side}x${shape.channels.join('+')}`;
    const row = (what: string, value: number, unit: string): BenchRow => ({
      group: 'memory',
      name: `${name} ${what}`,
      value,
      unit,
    });
    const features = shape.images * shape.side ** 2 * Math.max(...shape.channels) * 4;
    const disk = statfsSync(tmpdir());
    if (features > shape.budget / 2 && disk.bavail * disk.bsize < features + SPARE) {
      console.error(`${name}: not enough disk space`);
      continue;
    }
    const { stdout } = await run(process.execPath, [script, JSON.stringify({ ...shape, workerFile })]);
    const { peakBytes, seconds, estimate } = JSON.parse(stdout) as MemoryTruth;
    const against = (told: BenchRow, came: BenchRow): BenchRow[] => [
      { ...told, ratioTo: came.name, ratio: told.value / came.value },
      came,
    ];
    rows.push(...against(row('memory told', estimate.memoryBytes / 1e6, 'MB'), row('peak', peakBytes / 1e6, 'MB')));
    rows.push(row('share of the budget', peakBytes / shape.budget, ''));
    if (shape.tiles === null) rows.push(...against(row('time told', estimate.seconds, 's'), row('time', seconds, 's')));
  }
  return rows;
}
