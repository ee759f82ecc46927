import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { BENCH_SUFFIX, readBench } from '../core/benchmark/bench-store';
import { MUSC_FOLDER } from '../core/run/run-folder';

/** How far an earlier benchmark came. */
export interface LastBenchmark {
  readonly createdAt: Date;
  /** Of the categories that are asked for now. */
  readonly done: number;
  /** Whether any category is done in it, asked for now or not. */
  readonly begun: boolean;
}

/**
 * The newest benchmark of this data set and of a request with this key (`benchKey`), which the engine would go on with; null: there is
 * none. `out` is where benchmarks go instead of `ROOT/.musc/bench`.
 */
export async function lastBenchmark(
  root: string,
  out: string | undefined,
  key: string,
  categories: readonly string[],
): Promise<LastBenchmark | null> {
  const folder = out ?? path.join(root, MUSC_FOLDER, 'bench');
  const files = (await readdir(folder).catch(() => [] as string[])).filter((name) =>
    name.endsWith(`-${key}${BENCH_SUFFIX}`),
  );
  for (const name of files.sort().reverse()) {
    const bench = await readBench(path.join(folder, name)).catch(() => null);
    if (bench?.dataset.root !== root) continue;
    const names = bench.categories.filter(({ figures }) => figures !== null).map(({ name }) => name);
    const done = categories.filter((category) => names.includes(category)).length;
    return { createdAt: new Date(bench.createdAt), done, begun: names.length > 0 };
  }
  return null;
}
