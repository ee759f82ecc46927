import { access } from 'node:fs/promises';
import path from 'node:path';
import { l10n } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import { carryLabels } from '../core/run/label-store';
import type { LabelConflict } from '../core/run/merge-labels';
import { rootFromRun } from '../core/run/run-folder';
import { labelKeys } from '../core/run/run-labels';
import { rewriteRun } from '../core/run/run-store';
import { joinInside } from '../core/run/safe-path';
import type { OpenRun } from './open-run';

/** Pictures looked for before a folder is believed to be the moved one, spread over all: one type's folder may be gone. */
const TRIES = 50;

/** What became of the labels. */
export interface Relinked {
  /** Pictures that the new folder's labels and the carried ones say different things about; the later decision was kept. */
  readonly conflicts: readonly LabelConflict[];
  /** Where a damaged label file of the new folder was put. */
  readonly setAside: string | null;
  /** Why the labels could not be carried over: they are still where they were. */
  readonly problem: MuscError | null;
}

/**
 * Points a run at the folder its pictures moved to, and carries the reviewers' labels over to it; the old label file stays.
 * Throws FOLDER_NOT_FOUND when none of its pictures are there, FOLDER_READ_ONLY and the like when the run can't be rewritten.
 */
export async function relinkRun({ run, file }: OpenRun, root: string): Promise<Relinked> {
  const tries = Math.min(TRIES, run.images.length);
  const found = await Promise.all(
    Array.from({ length: tries }, (_, i) => {
      const { path: picture } = run.images[Math.floor((i * run.images.length) / tries)];
      return access(joinInside(root, picture)).then(
        () => true,
        () => false,
      );
    }),
  );
  if (!found.includes(true))
    throw new MuscError('FOLDER_NOT_FOUND', l10n.t("none of the run's pictures are there"), {
      where: root,
      hint: l10n.t('choose the folder that holds them'),
    });
  const moved = { ...run, root: rootFromRun(path.dirname(file), root) };
  const labels = await carried(labelKeys(file, run).folder, labelKeys(file, moved).folder);
  await rewriteRun(file, moved);
  return labels;
}

/** Before the run points to the new folder: were this cut off, nothing would be out of sight. */
async function carried(from: string, to: string): Promise<Relinked> {
  try {
    const { conflicts, setAside } = await carryLabels(from, to);
    return { conflicts, setAside, problem: null };
  } catch (error) {
    return { conflicts: [], setAside: null, problem: toMuscError(error, from) }; // the pictures can be looked at all the same
  }
}
