import type { Checkpoint } from './checkpoint';
import type { FeatureSource } from './feature-source';
import type { MutualScoringOptions } from './mutual-scoring';
import { openTable, tableMemory, type OpenTable } from './open-table';
import type { ScoreState } from './score-state';
import type { ScoringTotals } from './scoring-totals';
import { shareSource } from './share-source';
import type { ScoringPlan, TapJob, Task } from './tap-job';
import { defaultWorkerFile, WorkerPool } from './worker-pool';

/** One call of `scoreMutually`, prepared. */
export interface ScoringRun {
  readonly plan: ScoringPlan;
  readonly taps: number;
  readonly tiles: readonly Extract<Task, { kind: 'tile' }>[];
  readonly threads: number;
  readonly tableInMemory: boolean;
  readonly totals: ScoringTotals;
  readonly previous: ScoreState | null;
  readonly checkpoint: Checkpoint | null;
  readonly options: MutualScoringOptions;
}

const PROGRESS_MS = 200;

/** Adds every tap to the run's totals. */
export async function scoreTaps(run: ScoringRun, sources: readonly FeatureSource[]): Promise<void> {
  const { options, plan, checkpoint, tiles } = run;
  const memory = tableMemory(run); // before the threads: they would stay if there were too little
  const pool = await WorkerPool.create(plan, {
    threads: run.threads,
    workerFile: options.workerFile === undefined ? defaultWorkerFile() : options.workerFile,
    signal: options.signal,
  });
  const total = run.taps * tiles.reduce((sum, tile) => sum + pairsOf(tile), 0);
  const counter = new Int32Array(plan.control);
  const report = (): void => options.progress?.(Atomics.load(counter, 1), total, Atomics.load(counter, 2));
  const timer = setInterval(report, PROGRESS_MS);
  try {
    for (const [tap, source] of sources.entries())
      if (checkpoint && tap < checkpoint.tap) tiles.forEach((tile) => countResumed(plan, tile));
      else await scoreTap(run, pool, tap, source, memory);
    report();
  } finally {
    clearInterval(timer);
    await pool.close();
  }
}

/** Lengths, pairs, ranks: one tap from features to sums. */
async function scoreTap(
  run: ScoringRun,
  pool: WorkerPool,
  tap: number,
  source: FeatureSource,
  memory: SharedArrayBuffer | null,
): Promise<void> {
  const features = await shareSource(source, run.options);
  try {
    const table = await openTable(run, tap, memory);
    try {
      await scoreOpenTap(run, pool, tap, table, {
        features: features.source.shared,
        table: table.place,
        inverseLengths: new SharedArrayBuffer(run.plan.layout.images * run.plan.layout.width * 4),
        means: new SharedArrayBuffer(run.plan.layout.images * run.plan.layout.width * 8),
        known: run.previous && { buffer: asShared(run.previous.taps[tap]), count: run.previous.count },
        kept: run.totals.kept[tap] ?? null,
        shortlist: run.totals.shortlist,
        tapsBefore: tap,
      });
    } finally {
      await table.close();
    }
  } finally {
    await features.close();
  }
}

async function scoreOpenTap(
  { plan, tiles, totals, checkpoint }: ScoringRun,
  pool: WorkerPool,
  tap: number,
  { done, place }: OpenTable,
  job: TapJob,
): Promise<void> {
  const images = Array.from({ length: plan.layout.images }, (_, image) => image);
  await pool.startTap(job);
  await pool.runAll(images.map((image) => ({ kind: 'lengths', image })));
  const open = [...tiles.keys()].filter((t) => {
    if (done[t] === 1) countResumed(plan, tiles[t]);
    return done[t] === 0;
  });
  try {
    await pool.runAll(
      open.map((t) => tiles[t]),
      (task) => {
        done[open[task]] = 1;
        if (place.kind === 'file') checkpoint?.tileFinished(tap, done, place.descriptor, totals);
      },
    );
  } finally {
    await checkpoint?.settled();
  }
  await pool.runAll(images.map((image) => ({ kind: 'rank', image })));
  totals.add(new Float64Array(job.means));
  await checkpoint?.tapFinished(tap, totals);
}

/** Counts a tile that an interrupted run had finished. */
function countResumed({ control }: ScoringPlan, tile: Extract<Task, { kind: 'tile' }>): void {
  const counter = new Int32Array(control);
  for (const slot of [1, 2]) Atomics.add(counter, slot, pairsOf(tile));
}

/** Pairs (i, j), i < j, of a tile. */
function pairsOf({ rows, columns }: Extract<Task, { kind: 'tile' }>): number {
  let pairs = 0;
  for (let j = columns.start; j < columns.end; j++) pairs += Math.max(0, Math.min(rows.end, j) - rows.start);
  return pairs;
}

function asShared(array: Float32Array): SharedArrayBuffer {
  if (array.buffer instanceof SharedArrayBuffer && array.byteLength === array.buffer.byteLength) return array.buffer;
  const buffer = new SharedArrayBuffer(array.byteLength);
  new Float32Array(buffer).set(array);
  return buffer;
}
