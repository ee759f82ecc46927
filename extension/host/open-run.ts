import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Uri, workspace, l10n } from 'vscode';
import { cells } from '../core/array/grid';
import { MuscError, toMuscError } from '../core/errors';
import { datasetRoot, liesInUsualPlace } from '../core/run/run-folder';
import { RunMaps } from '../core/run/run-maps';
import { readRun } from '../core/run/run-store';
import { joinInside, resolveInside } from '../core/run/safe-path';
import type { PanelResults, PatchScores } from '../protocol/panel';
import type { RunFile } from '../protocol/run-file';
import { changedPictures, type FileNow } from './changed-pictures';
import type { Job } from './job-queue';
import { errorText } from './messages';
import { folderOfRun } from './run-headline';

/** A run read from disk, with the places it names. */
export interface OpenRun {
  /** Absolute path of the run file. */
  readonly file: string;
  readonly run: RunFile;
  /** Absolute root of the data set: pictures are below it. */
  readonly root: string;
  /** Absolute folder that lists the run: the one around its `.musc`, which is `root` unless the pictures moved since; elsewhere `root`. */
  readonly folder: string;
}

/** Whether a job scores the pictures of a run. */
export const isJobOf = ({ request }: Pick<Job, 'request'>, { root }: OpenRun): boolean =>
  request.folder === Uri.file(root).fsPath;

/** Files looked at together: enough to keep the disk busy, few enough to leave node's threads to others. */
const TOGETHER = 64;

/** Opens a run. Throws FILE_INVALID, FILE_IO. */
export async function openRun(file: string): Promise<OpenRun> {
  const run = await readRun(file);
  return { file, run, root: datasetRoot(file, run), folder: folderOfRun(file, run.root) };
}

/**
 * Whether the run's pictures may be shown: always in the usual place; a run that names a folder elsewhere could have been made
 * by a stranger to read it, so that takes a trusted workspace.
 */
export const picturesAllowed = ({ file, run, root }: OpenRun): boolean =>
  liesInUsualPlace(file, run) || (workspace.isTrusted && path.parse(root).root !== root);

/** Throws where the run's pictures may not be shown, nor what lies with them be read: UNTRUSTED, FILE_INVALID for a run that names a whole drive. */
export function requirePictures(opened: OpenRun): void {
  if (picturesAllowed(opened)) return;
  throw workspace.isTrusted
    ? new MuscError('FILE_INVALID', l10n.t('the run names a whole drive as its folder'), {
        hint: l10n.t('find the folder of its pictures'),
      })
    : new MuscError('UNTRUSTED', l10n.t('pictures outside the run are not shown in restricted mode'), {
        hint: l10n.t('trust the workspace to see them'),
      });
}

/** Absolute path of a picture, which need not exist. Throws FILE_INVALID when the run's path leads out of its root, USAGE for no such picture. */
export function picturePath(opened: OpenRun, image: number): string {
  const picture = opened.run.images[image];
  if (!picture) throw new MuscError('USAGE', `the run has no picture ${image}`);
  return joinInside(opened.root, picture.path);
}

/**
 * Absolute path of a picture that may be shown: it is there and, all links followed, below the data set's root. Throws FILE_IO where
 * it is not there, else as `requirePictures` and `picturePath`.
 */
export async function pictureFile(opened: OpenRun, image: number): Promise<string> {
  const file = picturePath(opened, image);
  requirePictures(opened);
  await resolveInside(opened.root, opened.run.images[image].path);
  return file; // as named: the page may load what is below the root, by whatever link that was reached
}

/** What has become of a run's pictures: those that can't be shown, with the reason, and those that are others by now. */
export async function checkPictures(opened: OpenRun): Promise<PanelResults['checkPictures']> {
  const missing: [number, string][] = [];
  const now = new Map<number, FileNow>();
  const check = async (image: number): Promise<void> => {
    try {
      const { size, mtimeMs } = await stat(await pictureFile(opened, image));
      now.set(image, { bytes: size, modified: mtimeMs });
    } catch (error) {
      const { code, message } = toMuscError(error);
      missing.push([image, code === 'FILE_IO' ? l10n.t('moved or deleted') : message]);
    }
  };
  const count = opened.run.images.length;
  for (let from = 0; from < count; from += TOGETHER)
    await Promise.all(Array.from({ length: Math.min(TOGETHER, count - from) }, (_, i) => check(from + i)));
  return { missing: missing.sort(([a], [b]) => a - b), changed: changedPictures(opened.run, now) };
}

/** Patch scores of some pictures; damage to one keeps nothing from the others. Throws FILE_INVALID, FILE_IO where none can be read. */
export async function readMapsOf(opened: OpenRun, images: readonly number[]): Promise<PatchScores> {
  const size = cells(opened.run.grid);
  const scores = new Float32Array(images.length * size);
  const unread = new Map<number, MuscError>();
  const maps = await RunMaps.open(opened.file, opened.run);
  try {
    for (const [i, image] of images.entries())
      try {
        scores.set(await maps.read(image), i * size);
      } catch (error) {
        unread.set(i, toMuscError(error));
      }
  } finally {
    await maps.close();
  }
  const [first] = unread.values();
  if (first && unread.size === images.length) throw first;
  return { scores, unread: [...unread].map(([i, error]) => [i, errorText(error)]) };
}
