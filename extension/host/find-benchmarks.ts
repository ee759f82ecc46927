import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { l10n, type QuickPickItem, Uri, workspace } from 'vscode';
import { BENCH_SUFFIX, readBench } from '../core/benchmark/bench-store';
import type { BenchFile } from '../protocol/bench-file';
import { ageText } from './age';
import { fewAtATime } from './few-at-a-time';
import { locations } from './runs-locations';
import { workspaceFiles } from './workspace-files';

/** So many are looked at, the newest by their names, which begin with when they were made. */
const MOST = 100;

/** A benchmark's document, and what it says. */
export interface FoundBenchmark {
  readonly uri: Uri;
  readonly bench: BenchFile;
}

/** The benchmarks of the workspace and of the places outside of it where its settings put runs, newest first; without damaged ones. */
export async function findBenchmarks(): Promise<readonly FoundBenchmark[]> {
  const files = [...(await workspaceFiles(`**/*${BENCH_SUFFIX}`)), ...(await inLocations())];
  const name = (file: string) => path.basename(file);
  const newest = files.sort((a, b) => (name(a) < name(b) ? 1 : -1)).slice(0, MOST);
  const found = await fewAtATime(newest, (file) =>
    readBench(file).then(
      (bench) => [{ uri: Uri.file(file), bench }],
      () => [],
    ),
  );
  return found.sort((a, b) => madeAt(b).getTime() - madeAt(a).getTime());
}

/** As they are offered: data set, how many categories, with what, and when. */
export const benchmarkItems = (found: readonly FoundBenchmark[]): (QuickPickItem & FoundBenchmark)[] =>
  found.map((one) => ({
    label: workspace.asRelativePath(one.bench.dataset.root),
    description: [
      l10n.t('{0} categories', one.bench.categories.length),
      one.bench.backbone.name,
      ageText(madeAt(one), new Date()),
    ].join(' · '),
    ...one,
  }));

const madeAt = ({ bench }: FoundBenchmark): Date => new Date(bench.createdAt);

async function inLocations(): Promise<readonly string[]> {
  const lists = locations().map(async (place) => {
    const names = await readdir(place).catch(() => []);
    return names.filter((name) => name.endsWith(BENCH_SUFFIX)).map((name) => path.join(place, name));
  });
  return (await Promise.all(lists)).flat();
}
