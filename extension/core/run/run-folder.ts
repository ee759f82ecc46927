import { mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError, toMuscError } from '../errors';
import type { RunFile } from '../../protocol/run-file';
import { sweepAbandoned, syncFolder, TEMPORARY } from './atomic-write';

export const MUSC_FOLDER = '.musc';
export const RUN_FILE = 'run.musc.json';
/** How the names of all run files end: one that was saved under another name has its own. */
const RUN_SUFFIX = '.musc.json';
export const MAPS_FILE = 'maps.npy';
/** Beside the maps: for every patch the images most likely to hold its nearest patches, best first (N x P x length, int32, -1: none). */
export const NEIGHBOURS_FILE = 'neighbours.npy';

/** `FOLDER/.musc`, made if need be, with the `.gitignore` that keeps it out of git. */
export async function muscFolder(folder: string): Promise<string> {
  const musc = path.join(folder, MUSC_FOLDER);
  try {
    await mkdir(musc, { recursive: true });
    await writeFile(path.join(musc, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return musc;
  } catch (error) {
    throw toMuscError(error, musc);
  }
}

/** `FOLDER/.musc/runs`, where a folder's runs usually lie. */
export const usualRunsFolder = (folder: string): string => path.join(folder, MUSC_FOLDER, 'runs');

/** A name that every file system takes. */
export function folderName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return plain || 'run';
}

/**
 * Makes a new, empty `STAMP-NAME` folder below `parent` and returns its path. Never one that exists: another process in the
 * same second, or a clock set back, gets "-2", "-3", ... Throws FOLDER_READ_ONLY, DISK_FULL.
 */
export async function createRunFolder(parent: string, name: string, now = new Date()): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const base = path.join(parent, `${stamp}-${folderName(name)}`);
  try {
    await mkdir(parent, { recursive: true });
    for (let n = 1; n < 10_000; n++) {
      const folder = n === 1 ? base : `${base}-${n}`;
      try {
        await mkdir(folder);
        await syncFolder(parent);
        return folder;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw toMuscError(error, base);
  }
  throw new MuscError('FILE_IO', l10n.t('no free name for the run'), { where: base, hint: l10n.t('delete old runs') });
}

/** `RunFile.root` for a run in `runFolder` of the data set at `root`: relative in the usual place, else absolute; forward slashes. */
export function rootFromRun(runFolder: string, root: string): string {
  const usual = path.resolve(runFolder, '../../..') === path.resolve(root);
  return (usual ? '../../..' : path.resolve(root)).split(path.sep).join('/');
}

/** Absolute root of the data set of the run file at `runPath`. */
export const datasetRoot = (runPath: string, run: Pick<RunFile, 'root'>): string =>
  path.resolve(path.dirname(runPath), run.root);

/** Whether a run lies at `ROOT/.musc/runs/X/`: any other place was chosen by someone, and a stranger's file could name any. */
export function liesInUsualPlace(runPath: string, run: Pick<RunFile, 'root'>): boolean {
  const parts = path.resolve(runPath).split(path.sep).slice(-4);
  return parts[0] === MUSC_FOLDER && parts[1] === 'runs' && parts[3] === RUN_FILE && run.root === '../../..';
}

/** A run is written in moments: a folder that is still without its run file after this long belongs to a crash. */
const UNFINISHED_MS = 24 * 3600 * 1000;

/**
 * Removes folders of runs whose writing was killed long ago: they have no run file and hold nothing but what we write
 * before it. What a dead process was just writing goes at once. Never fails: it is housekeeping.
 */
export async function sweepUnfinished(runs: string, now = Date.now()): Promise<void> {
  const entries = await readdir(runs, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((e) => e.isDirectory())) {
    const folder = path.join(runs, entry.name);
    try {
      const names = await readdir(folder);
      const ours = names.every((n) => n === MAPS_FILE || n === NEIGHBOURS_FILE || n.endsWith(TEMPORARY));
      if (ours) await sweepAbandoned(folder);
      if (!ours || !/^\d{8}-\d{6}-/.test(entry.name) || now - (await stat(folder)).mtimeMs < UNFINISHED_MS) continue;
      for (const name of names) await rm(path.join(folder, name), { recursive: true, force: true });
      await rmdir(folder);
    } catch {
      continue;
    }
  }
}

/**
 * Deletes the run whose file is `runPath`: the files that are ours, and then their folder if nothing else is in it, as exports are;
 * heatmaps stay while another run lies beside them. The run file goes first, so a crash leaves no half run.
 */
export async function deleteRun(runPath: string): Promise<void> {
  const folder = path.dirname(path.resolve(runPath));
  const name = path.basename(runPath);
  if (!name.endsWith(RUN_SUFFIX))
    throw new MuscError('USAGE', l10n.t('not a run file'), {
      where: runPath,
      hint: l10n.t('name a {0}', `*${RUN_SUFFIX}`),
    });
  try {
    await stat(runPath);
    await rm(runPath);
    const names = await readdir(folder);
    if (names.some((other) => other.endsWith(RUN_SUFFIX))) return; // the heatmaps are that one's, too
    for (const ours of [MAPS_FILE, NEIGHBOURS_FILE]) await rm(path.join(folder, ours), { force: true });
    for (const left of names.filter((other) => other.endsWith(TEMPORARY)))
      await rm(path.join(folder, left), { recursive: true, force: true });
    await rmdir(folder).catch(() => undefined);
  } catch (error) {
    throw toMuscError(error, runPath);
  }
}
