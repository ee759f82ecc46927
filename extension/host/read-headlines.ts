import path from 'node:path';
import { Uri } from 'vscode';
import { toMuscError } from '../core/errors';
import { RUN_FILE } from '../core/run/run-folder';
import { listRuns, readEntry, type RunEntry } from '../core/run/run-list';
import { folderAround, folderOfRun, type RunHeadline } from './run-headline';

const fromEntry = (folder: string, entry: RunEntry): RunHeadline => ({
  uri: Uri.file(entry.path),
  id: entry.id,
  folder,
  root: entry.root,
  name: entry.name,
  createdAt: new Date(entry.createdAt),
  backbone: entry.backbone,
  protocol: entry.protocol,
  images: entry.images,
  auroc: entry.auroc && 'value' in entry.auroc ? entry.auroc.value : null,
  topScore: entry.topScore,
  problem: null,
});

const damaged = (folder: string, file: string, problem: string): RunHeadline => ({
  uri: Uri.file(file),
  id: '',
  folder,
  root: folder,
  name: path.basename(path.basename(file) === RUN_FILE ? path.dirname(file) : file),
  createdAt: new Date(0),
  backbone: '',
  protocol: '',
  images: 0,
  auroc: null,
  topScore: null,
  problem,
});

/** The runs below `folder/.musc`, newest first; damaged ones last, with what is wrong. Throws when it can't be looked into. */
export async function headlinesOf(folder: string): Promise<RunHeadline[]> {
  const { runs, broken } = await listRuns(folder);
  return [
    ...runs.map((run) => fromEntry(folder, run)),
    ...broken.map(({ path: file, problem }) => damaged(folder, file, problem)),
  ];
}

/**
 * One run anywhere; a damaged one with what is wrong, which belongs to the folder that it lies in, as it names none. Throws FILE_IO and
 * the like where it can't be read at all.
 */
export async function headlineOf(file: string): Promise<RunHeadline> {
  try {
    const entry = await readEntry(file);
    return fromEntry(folderOfRun(file, entry.root), entry);
  } catch (thrown) {
    const error = toMuscError(thrown, file);
    if (error.code !== 'FILE_INVALID') throw error;
    return damaged(folderAround(file) ?? path.dirname(file), file, error.toLine());
  }
}
