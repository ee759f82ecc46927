import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n } from 'vscode';
import { MuscError } from '../core/errors';
import { RUN_FILE } from '../core/run/run-folder';
import { listRuns, type RunEntry } from '../core/run/run-list';
import type { OtherRun, PanelResults, PatchScores } from '../protocol/panel';
import { type OpenRun, openRun, picturesAllowed, readMapsOf } from './open-run';
import type { RunCatalogue } from './run-catalogue';
import { folderAround, placeOf } from './run-headline';

/** Runs that were found, wherever they lie: as much of the catalogue as is needed here. */
type Found = Pick<RunCatalogue, 'runsOf'>;

/** Runs of the same folder as `opened`, or of the one that its pictures have moved to, wherever they lie, newest first, without itself and its copies. */
export async function otherRuns(opened: OpenRun, found: Found): Promise<OtherRun[]> {
  return [...(await othersOf(opened, found)).values()]
    .map(({ run: { id, name, createdAt, backbone, images } }) => ({ id, name, createdAt, backbone, images }))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

/** The same by id, with their files: those in the usual place as they are now, those elsewhere as they were last seen. */
async function othersOf(
  opened: OpenRun,
  found: Found,
): Promise<ReadonlyMap<string, { readonly file: string; readonly run: OtherRun }>> {
  const others = new Map<string, { readonly file: string; readonly run: OtherRun }>();
  const { lists, runs } = await listsOf(opened);
  for (const { uri, createdAt, ...run } of found.runsOf(opened.folder, opened.root))
    if (!isListed(uri.fsPath, lists))
      others.set(run.id, { file: uri.fsPath, run: { ...run, createdAt: createdAt.toISOString() } });
  for (const run of runs) others.set(run.id, { file: run.path, run });
  others.delete(opened.run.id);
  return others;
}

/** The runs in the usual place of a run's folder, and of the one that its pictures have moved to where that can be looked into. */
async function listsOf(opened: OpenRun): Promise<{ lists: ReadonlySet<string>; runs: readonly RunEntry[] }> {
  const { folder, root } = opened;
  const lists = new Set([placeOf(folder)]);
  const { runs } = await listRuns(folder);
  if (lists.has(placeOf(root)) || !picturesAllowed(opened)) return { lists, runs };
  const there = await listRuns(root).catch(() => null);
  return there ? { lists: lists.add(placeOf(root)), runs: [...runs, ...there.runs] } : { lists, runs };
}

/** Whether the list of one of these folders' runs names a file, if it is there. */
function isListed(file: string, lists: ReadonlySet<string>): boolean {
  const folder = folderAround(file);
  return path.basename(file) === RUN_FILE && folder !== null && lists.has(placeOf(folder));
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
async function open(opened: OpenRun, id: string, runs: Found): Promise<OpenRun> {
  const { folder } = opened;
  const key = `${folder}\n${id}`;
  const known = kept.get(key);
  if (known && known.stamp === (await stampOf(known.file))) return known.run;
  kept.delete(key);
  const found = (await othersOf(opened, runs)).get(id);
  if (!found) throw new MuscError('FILE_IO', l10n.t('this run is not there any more'), { where: id });
  const stamp = await stampOf(found.file);
  const run = openRun(found.file);
  kept.set(key, { file: found.file, stamp, run });
  run.catch(() => kept.get(key)?.run === run && kept.delete(key));
  if (kept.size > KEPT) kept.delete([...kept.keys()][0]);
  return run;
}

export const otherRun = async (opened: OpenRun, id: string, found: Found): Promise<PanelResults['otherRun']> =>
  (await open(opened, id, found)).run;

/** Patch scores of one of them, in the order asked. */
export const otherMaps = async (
  opened: OpenRun,
  id: string,
  images: readonly number[],
  found: Found,
): Promise<PatchScores> => readMapsOf(await open(opened, id, found), images);
