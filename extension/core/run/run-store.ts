import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { RunFile } from '../../protocol/run-file';
import { cells } from '../array/grid';
import { npyHeader } from '../array/npy';
import { MuscError, toMuscError } from '../errors';
import { readRegularFile } from '../regular-file';
import { writeAtomic } from './atomic-write';
import {
  createRunFolder,
  MAPS_FILE,
  muscFolder,
  NEIGHBOURS_FILE,
  rootFromRun,
  RUN_FILE,
  sweepUnfinished,
} from './run-folder';
import { formatRun, parseRun } from './run-format';
import { rowChecksums } from './npy-rows';
import { neighboursFile, type SubsetNeighbours } from './run-neighbours';

/** A million pictures take 300 MB: more is no run of ours. */
const MAX_RUN_BYTES = 512 * 2 ** 20;

export const newRunId = (): string => randomUUID();

/**
 * Where runs of `folder` go: `folder/.musc/runs`, `.musc` made and kept out of git; or `folder` itself where it was named
 * as the place for results (`--out`). Throws FOLDER_READ_ONLY, DISK_FULL.
 */
export async function runsFolder(folder: string, explicit = false): Promise<string> {
  return explicit ? path.resolve(folder) : path.join(await muscFolder(path.resolve(folder)), 'runs');
}

/**
 * Writes a run into a new folder `STAMP-NAME` below `runs` and returns the path of its run file. `run.root`: the data set's
 * absolute root (made relative in the usual place). `maps`: N x h x w patch scores in the order of `run.images`.
 * The run file comes last: there is a run only when all of it is there.
 * Throws INTERNAL where the parts do not fit each other, DISK_FULL, FOLDER_READ_ONLY, FILE_IO.
 */
export async function writeRun(
  runs: string,
  run: RunFile,
  maps: Float32Array,
  extras: { readonly neighbours?: readonly SubsetNeighbours[] } = {},
): Promise<string> {
  const shape = [run.images.length, run.grid.height, run.grid.width];
  if (maps.length !== run.images.length * cells(run.grid))
    throw new MuscError('INTERNAL', `${maps.length} patch scores where ${shape.join(' x ')} belong`);
  formatRun(run); // before anything is on disk: a run that is not valid leaves no folder
  const folder = await createRunFolder(runs, run.name);
  const bytes = new Uint8Array(maps.buffer, maps.byteOffset, maps.byteLength);
  await writeAtomic(path.join(folder, MAPS_FILE), [npyHeader(shape, maps), bytes]);
  const mapCrcs = rowChecksums(bytes, run.images.length);
  const neighbours = extras.neighbours?.length ? neighboursFile(run, extras.neighbours) : null;
  if (neighbours) await writeAtomic(path.join(folder, NEIGHBOURS_FILE), neighbours);
  const neighboursCrcs = neighbours ? rowChecksums(neighbours[1], run.images.length) : [];
  const images = run.images.map((image, i) => ({
    ...image,
    mapCrc: mapCrcs[i],
    ...(neighbours ? { neighboursCrc: neighboursCrcs[i] } : {}),
  }));
  const file = path.join(folder, RUN_FILE);
  await writeAtomic(file, formatRun({ ...run, images, root: rootFromRun(folder, run.root) }));
  await sweepUnfinished(runs);
  return file;
}

/** Writes a changed run file in place (a relinked root); its maps stay. Throws as `writeRun`. */
export async function rewriteRun(runPath: string, run: RunFile): Promise<void> {
  await writeAtomic(runPath, formatRun(run));
}

/** Reads and validates a run file. Throws FILE_INVALID (damaged, of a newer version, no run), FILE_IO (not there). */
export async function readRun(runPath: string): Promise<RunFile> {
  let text: string;
  try {
    text = (await readRegularFile(runPath, MAX_RUN_BYTES)).toString('utf8');
  } catch (error) {
    throw toMuscError(error, runPath);
  }
  return parseRun(text, runPath);
}
