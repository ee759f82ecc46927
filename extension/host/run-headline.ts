import path from 'node:path';
import { l10n, Uri } from 'vscode';
import { listRuns, type RunEntry } from '../core/run/run-list';
import { readRun } from '../core/run/run-store';

/** A run as the views list it. */
export interface RunHeadline {
  readonly uri: Uri;
  /** Absolute folder that was scored. */
  readonly folder: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly backbone: string;
  readonly protocol: string;
  readonly images: number;
  /** Image AUROC 0..1, or null without ground truth. */
  readonly auroc: number | null;
  readonly topScore: number | null;
  /** Why it can't be read, or null. */
  readonly problem: string | null;
}

/** The folder a run belongs to: the one that holds its `.musc`, or the data set's root when it lies elsewhere. */
export function folderOfRun(file: string, root: string): string {
  const usual = /^(.*)[\\/]\.musc[\\/]runs[\\/][^\\/]+[\\/][^\\/]+$/.exec(file);
  return usual ? usual[1] : path.resolve(path.dirname(file), root);
}

const fromEntry = (folder: string, entry: RunEntry): RunHeadline => ({
  uri: Uri.file(entry.path),
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

/** A run's one figure: image AUROC where there is truth, else the top score. */
export function headlineFigure(run: RunHeadline): string {
  if (run.problem !== null) return l10n.t('Damaged run');
  if (run.auroc !== null) return l10n.t('AUROC {0} %', (run.auroc * 100).toFixed(1));
  return run.topScore === null ? l10n.t('No pictures') : l10n.t('Top score {0}', run.topScore.toFixed(3));
}
