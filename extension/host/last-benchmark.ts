import path from 'node:path';
import { BENCH_FOLDER, newestBench } from '../core/benchmark/bench-store';
import { MUSC_FOLDER } from '../core/run/run-folder';
import type { BenchFile } from '../protocol/bench-file';

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
  dataset: Pick<BenchFile['dataset'], 'root' | 'layout'>,
  out: string | undefined,
  key: string,
  categories: readonly string[],
): Promise<LastBenchmark | null> {
  const found = await newestBench(out ?? path.join(dataset.root, MUSC_FOLDER, BENCH_FOLDER), key, dataset);
  if (!found) return null;
  const { bench } = found;
  const names = bench.categories.filter(({ figures }) => figures !== null).map(({ name }) => name);
  const done = categories.filter((category) => names.includes(category)).length;
  return { createdAt: new Date(bench.createdAt), done, begun: names.length > 0 };
}
