import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n } from 'vscode';
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

/** Other runs kept as read, by folder and id: maps are asked for in batches, and a large run takes long to read and check. */
const kept = new Map<string, { readonly file: string; readonly stamp: string; readonly run: Promise<OpenRun> }>();
/** Two panels may compare at once. */
const KEPT = 2;

/** What tells a run file from a changed one; empty where there is none. */
const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
    () => '',
  );

/** One of them, read again only when its file has changed. Throws FILE_IO when it is gone, FILE_INVALID when it is damaged. */
async function open({ folder }: OpenRun, id: string): Promise<OpenRun> {
  const key = `${folder}\n${id}`;
  const known = kept.get(key);
  if (known && known.stamp === (await stampOf(known.file))) return known.run;
  kept.delete(key);
  const found = (await listRuns(folder)).runs.find((run) => run.id === id);
  if (!found) throw new MuscError('FILE_IO', l10n.t('this run is not there any more'), { where: id });
  const stamp = await stampOf(found.path);
  const run = openRun(found.path);
  kept.set(key, { file: found.path, stamp, run });
  run.catch(() => kept.get(key)?.run === run && kept.delete(key));
  if (kept.size > KEPT) kept.delete([...kept.keys()][0]);
  return run;
}

export const otherRun = async (opened: OpenRun, id: string): Promise<PanelResults['otherRun']> =>
  (await open(opened, id)).run;

/** Patch scores of one of them, in the order asked. */
export const otherMaps = async (opened: OpenRun, id: string, images: readonly number[]): Promise<Float32Array> =>
  readMapsOf(await open(opened, id), images);
