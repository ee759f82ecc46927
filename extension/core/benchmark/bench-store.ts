import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { BENCH_VERSION, benchFile, type BenchFile } from '../../protocol/bench-file';
import { MuscError, toMuscError } from '../errors';
import { readRegularFile } from '../regular-file';
import { safeParse } from '../safe-parse';
import { writeAtomic } from '../run/atomic-write';
import { complaints, parseVersioned } from '../run/run-format';

/** End of a benchmark document's name. */
export const BENCH_SUFFIX = '.musc-bench.json';
/** Where documents lie in a data set's own folder of ours. */
export const BENCH_FOLDER = 'bench';
/** Ten thousand categories take 20 MB. */
const MAX_BENCH_BYTES = 64 * 2 ** 20;

/** Parses and validates a benchmark document. Throws FILE_INVALID. */
export function parseBench(text: string, where: string): BenchFile {
  const hint = l10n.t('run the benchmark again');
  const checked = safeParse(benchFile, parseVersioned(text, 'musc-bench', BENCH_VERSION, where, hint));
  if (!checked.success)
    throw new MuscError('FILE_INVALID', l10n.t('not a valid benchmark: {0}', complaints(checked.error)), {
      where,
      hint,
    });
  return checked.data;
}

/** Reads a benchmark document. Throws FILE_INVALID, FILE_IO. */
export async function readBench(file: string): Promise<BenchFile> {
  const bytes = await readRegularFile(file, MAX_BENCH_BYTES).catch((error: unknown) => {
    throw toMuscError(error, file);
  });
  return parseBench(bytes.toString('utf8'), file);
}

/** A benchmark document, read, and its absolute path. */
export interface BenchResult {
  readonly file: string;
  readonly bench: BenchFile;
}

/** The newest document in a folder of this data set and of settings with this key (`benchKey`), finished or not. */
export async function newestBench(
  folder: string,
  key: string,
  { root, layout }: Pick<BenchFile['dataset'], 'root' | 'layout'>,
): Promise<BenchResult | null> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((n) => n.endsWith(`-${key}${BENCH_SUFFIX}`));
  for (const name of names.sort().reverse()) {
    const file = path.join(folder, name);
    const bench = await readBench(file).catch(() => null);
    if (bench?.dataset.root === root && bench.dataset.layout === layout) return { file, bench };
  }
  return null;
}

/** Writes a benchmark document, whole or not at all; call it after each category, so that a stopped benchmark keeps what it has. */
export async function writeBench(file: string, bench: BenchFile): Promise<void> {
  const checked = benchFile.safeParse(bench);
  if (!checked.success) throw new MuscError('INTERNAL', `the benchmark is not valid: ${complaints(checked.error)}`);
  await writeAtomic(file, `${JSON.stringify(checked.data, null, 1)}\n`);
}
