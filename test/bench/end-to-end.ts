import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ScoreSummary } from '../../extension/protocol/engine';
import type { BenchRow } from './bench-row';

const run = promisify(execFile);
const REPEATS = 3;
const CLI = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'cli.js'); // the bundle lies in .cache/

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Whole runs of the packaged command line on a folder, caches cold, split by stage. MUSC_BENCH_FOLDER names the folder (default: the
 * sample data set), MUSC_BENCH_BACKBONE further arguments ("--backbone FILE --taps a,b --image-size 256").
 */
export async function benchEndToEnd(): Promise<BenchRow[]> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'musc-bench-'));
  try {
    const folder = process.env.MUSC_BENCH_FOLDER ?? path.join(scratch, 'sample');
    if (!process.env.MUSC_BENCH_FOLDER) await run(process.execPath, [CLI, 'sample', folder]);
    const extra = process.env.MUSC_BENCH_BACKBONE?.split(' ').filter(Boolean) ?? [];
    const stages: Record<keyof ScoreSummary['seconds'], number[]> = {
      features: [],
      scoring: [],
      metrics: [],
      total: [],
    };
    let last: ScoreSummary | null = null;
    for (let r = 0; r < REPEATS; r++) {
      await rm(path.join(folder, '.musc', 'cache'), { recursive: true, force: true });
      const { stdout } = await run(
        process.execPath,
        [CLI, 'score', folder, '--out', path.join(scratch, 'runs'), '--json', ...extra],
        { maxBuffer: 1 << 28 },
      );
      last = JSON.parse(stdout) as ScoreSummary;
      for (const stage of Object.keys(stages) as (keyof typeof stages)[]) stages[stage].push(last.seconds[stage]);
    }
    const name = `${path.basename(folder)}, ${last?.images} pictures, ${last?.backbone.id}`;
    return Object.entries(stages).map(([stage, values]) => ({
      group: 'end-to-end',
      name: `${name}: ${stage}`,
      value: median(values),
      unit: 's',
    }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
