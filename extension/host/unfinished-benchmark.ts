import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { BENCH_SUFFIX, readBench } from '../core/benchmark/bench-store';
import { MUSC_FOLDER } from '../core/run/run-folder';
import type { BenchFile } from '../protocol/bench-file';

/** How far an earlier benchmark came. */
export interface UnfinishedBenchmark {
  readonly createdAt: Date;
  /** Of the categories that are asked for now. */
  readonly done: number;
}

const isDone = (bench: BenchFile, category: string): boolean =>
  bench.categories.some((row) => row.name === category && row.figures !== null);

/**
 * The newest benchmark that the engine would go on with, if some of `categories` are done in it and others not: of this data set, and
 * of a request with this key (`benchKey`). `out` is where benchmarks go instead of `ROOT/.musc/bench`.
 */
export async function unfinishedBenchmark(
  root: string,
  out: string | undefined,
  key: string,
  categories: readonly string[],
): Promise<UnfinishedBenchmark | null> {
  const folder = out ?? path.join(root, MUSC_FOLDER, 'bench');
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) =>
    name.endsWith(`-${key}${BENCH_SUFFIX}`),
  );
  for (const name of names.sort().reverse()) {
    const bench = await readBench(path.join(folder, name)).catch(() => null);
    if (bench?.dataset.root !== root) continue;
    const done = categories.filter((category) => isDone(bench, category)).length;
    return done > 0 && done < categories.length ? { createdAt: new Date(bench.createdAt), done } : null;
  }
  return null;
}
