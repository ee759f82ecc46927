import path from 'node:path';
import { Uri } from 'vscode';
import { listRuns, type RunEntry } from '../core/run/run-list';
import { readRun } from '../core/run/run-store';
import { folderOfRun, type RunHeadline } from './run-headline';

const fromEntry = (folder: string, entry: RunEntry): RunHeadline => ({
  uri: Uri.file(entry.path),
  id: entry.id,
  folder,
  name: entry.name,
  createdAt: new Date(entry.createdAt),
  backbone: entry.backbone,
  protocol: entry.protocol,
  images: entry.images,
  auroc: entry.auroc && 'value' in entry.auroc ? entry.auroc.value : null,
  topScore: entry.topScore,
  problem: null,
});

/** The runs below `folder/.musc`, newest first; damaged ones last, with what is wrong. Throws when it can't be looked into. */
export async function headlinesOf(folder: string): Promise<RunHeadline[]> {
  const { runs, broken } = await listRuns(folder);
  const damaged = broken.map(({ path: file, problem }): RunHeadline => ({
    uri: Uri.file(file),
    id: '',
    folder,
    name: path.basename(path.dirname(file)),
    createdAt: new Date(0),
    backbone: '',
    protocol: '',
    images: 0,
    auroc: null,
    topScore: null,
    problem,
  }));
  return [...runs.map((run) => fromEntry(folder, run)), ...damaged];
}

/** One run anywhere. Throws FILE_INVALID, FILE_IO. */
export async function headlineOf(file: string): Promise<RunHeadline> {
  const run = await readRun(file);
  const auroc = run.metrics?.image.auroc;
  return {
    uri: Uri.file(file),
    id: run.id,
    folder: folderOfRun(file, run.root),
    name: run.name,
    createdAt: new Date(run.createdAt),
    backbone: run.backbone.name,
    protocol: run.settings.protocol,
    images: run.images.length,
    auroc: auroc && 'value' in auroc ? auroc.value : null,
    topScore: run.images.reduce<number | null>((top, { score }) => (top === null || score > top ? score : top), null),
    problem: null,
  };
}
