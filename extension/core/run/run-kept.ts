import { stat } from 'node:fs/promises';
import type { RunFile } from '../../protocol/run-file';
import { readRun } from './run-store';

/** The run that was asked about last: reading a large one takes a quarter of a second, and a panel asks again and again. */
let last: { readonly key: string; readonly run: Promise<RunFile> } | null = null;

/** As `readRun`, read again only when the file changed. Throws as that does. */
export async function keptRun(runPath: string): Promise<RunFile> {
  const found = await stat(runPath).catch(() => null);
  if (!found) return readRun(runPath);
  const key = JSON.stringify([runPath, found.size, found.mtimeMs, found.ino]);
  if (last?.key !== key) {
    const run = readRun(runPath);
    last = { key, run };
    run.catch(() => (last = null));
  }
  return last.run;
}
