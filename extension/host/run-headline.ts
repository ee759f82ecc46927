import path from 'node:path';
import { l10n, Uri } from 'vscode';
import { ageText } from './age';

/** A run as the views list it. */
export interface RunHeadline {
  readonly uri: Uri;
  /** Of the run; empty where it can't be read. */
  readonly id: string;
  /** Absolute folder that was scored. */
  readonly folder: string;
  /** Absolute folder of its pictures: `folder`, unless they have moved since. */
  readonly root: string;
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

/** The folder whose `.musc` holds a run file, or null where it lies elsewhere. */
export const folderAround = (file: string): string | null =>
  /^(.*)[\\/]\.musc[\\/]runs[\\/][^\\/]+[\\/][^\\/]+$/.exec(file)?.[1] ?? null;

/** The folder a run belongs to: the one that holds its `.musc`, or the data set's root when it lies elsewhere. */
export const folderOfRun = (file: string, root: string): string =>
  folderAround(file) ?? path.resolve(path.dirname(file), root);

/** A folder as the editor writes it: the drive in small letters. */
export const placeOf = (folder: string): string => Uri.file(path.resolve(folder)).fsPath;

export const isReadable = ({ problem }: RunHeadline): boolean => problem === null;

/** A run's one figure: image AUROC where there is truth, else the top score. */
export function headlineFigure(run: RunHeadline): string {
  if (!isReadable(run)) return l10n.t('Unreadable run');
  if (run.auroc !== null) return l10n.t('AUROC {0} %', (run.auroc * 100).toFixed(1));
  return run.topScore === null ? l10n.t('No pictures') : l10n.t('Top score {0}', run.topScore.toFixed(3));
}

/** What tells a run from others of the same figure: its backbone and its age; the name of its folder where it can't be read. */
export const headlineNotes = (run: RunHeadline): string[] =>
  [run.backbone, isReadable(run) ? ageText(run.createdAt, new Date()) : run.name].filter(Boolean);
