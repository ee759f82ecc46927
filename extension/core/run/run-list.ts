import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Metric } from '../metrics/metric';
import { toMuscError } from '../errors';
import { openRegularFile } from '../regular-file';
import type { RunFile } from '../../protocol/run-file';
import { datasetRoot, RUN_FILE, usualRunsFolder } from './run-folder';
import { parseRunHead } from './run-format';
import { readRun } from './run-store';

/** A run as a list shows it. */
export interface RunEntry {
  /** Absolute path of its run file. */
  readonly path: string;
  /** Absolute root of its data set. */
  readonly root: string;
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly backbone: string;
  readonly protocol: 'exact' | 'reference';
  readonly images: number;
  readonly skipped: number;
  readonly topScore: number | null;
  /** Image AUROC, or null where there is no ground truth. */
  readonly auroc: Metric | null;
}

/** A run file that can't be read, and why. */
export interface BrokenRun {
  readonly path: string;
  /** One line: what, where, what to do. */
  readonly problem: string;
}

const HEAD = 64 * 1024; // bytes read of each file; a head with long notes takes a second look

/** Runs of a folder, newest first, from the first lines of each file: 100 runs of 10,000 pictures take milliseconds, not seconds. */
export async function listRuns(folder: string): Promise<{ runs: RunEntry[]; broken: BrokenRun[] }> {
  const parent = usualRunsFolder(folder);
  let names: string[];
  try {
    names = (await readdir(parent, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return { runs: [], broken: [] };
    throw toMuscError(error, parent);
  }
  const runs: RunEntry[] = [];
  const broken: BrokenRun[] = [];
  for (const name of names) {
    const file = path.join(parent, name, RUN_FILE);
    try {
      runs.push(await readEntry(file));
    } catch (error) {
      // a folder without a run file is a run in the making, or one that never ended: not a run
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      broken.push({ path: file, problem: toMuscError(error, file).toLine() });
    }
  }
  const newestFirst = (a: RunEntry, b: RunEntry): number =>
    b.createdAt < a.createdAt ? -1 : b.createdAt > a.createdAt ? 1 : b.path < a.path ? -1 : 1;
  return { runs: runs.sort(newestFirst), broken };
}

/** One run file anywhere, from its first lines. Throws FILE_INVALID, or what the file system says. */
export const readEntry = async (file: string): Promise<RunEntry> =>
  entry(file, (await readHead(file)) ?? (await readRun(file)));

async function readHead(file: string): Promise<RunFile | null> {
  const handle = await openRegularFile(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD), 0, HEAD, 0);
    return parseRunHead(new TextDecoder().decode(buffer.subarray(0, bytesRead)));
  } finally {
    await handle.close();
  }
}

function entry(file: string, run: RunFile): RunEntry {
  const summary = run.summary ?? {
    images: run.images.length,
    skipped: run.skipped.length,
    topScore: run.images.reduce<number | null>((top, i) => (top === null || i.score > top ? i.score : top), null),
  };
  return {
    path: file,
    root: datasetRoot(file, run),
    id: run.id,
    name: run.name,
    createdAt: run.createdAt,
    backbone: run.backbone.name,
    protocol: run.settings.protocol,
    auroc: run.metrics?.image.auroc ?? null,
    ...summary,
  };
}
