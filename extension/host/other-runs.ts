import path from 'node:path';
import { MuscError } from '../core/errors';
import { listRuns } from '../core/run/run-list';
import type { OtherRun, PanelResults } from '../protocol/panel';
import { type OpenRun, openRun, readMapsOf } from './open-run';

/** Runs of the same folder as `opened`, newest first, without itself. */
export async function otherRuns({ folder, file }: OpenRun): Promise<OtherRun[]> {
  const { runs } = await listRuns(folder);
  return runs
    .filter((run) => path.resolve(run.path) !== path.resolve(file))
    .map(({ id, name, createdAt, backbone, images }) => ({ id, name, createdAt, backbone, images }));
}

/** One of them. Throws FILE_IO when it is gone, FILE_INVALID when it is damaged. */
async function open(opened: OpenRun, id: string): Promise<OpenRun> {
  const { runs } = await listRuns(opened.folder);
  const found = runs.find((run) => run.id === id);
  if (!found) throw new MuscError('FILE_IO', 'this run is not there any more', { where: id });
  return openRun(found.path);
}

export const otherRun = async (opened: OpenRun, id: string): Promise<PanelResults['otherRun']> =>
  (await open(opened, id)).run;

/** Patch scores of one of them, in the order asked. */
export const otherMaps = async (opened: OpenRun, id: string, images: readonly number[]): Promise<Float32Array> =>
  readMapsOf(await open(opened, id), images);
