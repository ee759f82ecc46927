import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { l10n } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import { writeAtomic } from '../core/run/atomic-write';
import { formatRun } from '../core/run/run-format';
import { MAPS_FILE } from '../core/run/run-folder';
import type { OpenRun } from './open-run';

/** Writes a copy of a run to `target`, its heatmaps beside it; the copy names its pictures' folder in full. Never over another run's heatmaps. */
export async function copyRun({ run, file, root }: OpenRun, target: string): Promise<void> {
  const maps = path.join(path.dirname(target), MAPS_FILE);
  try {
    await copyFile(path.join(path.dirname(file), MAPS_FILE), maps, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new MuscError('FILE_IO', l10n.t('another run lies in this folder'), {
        where: maps,
        hint: l10n.t('choose an empty folder'),
      });
    throw toMuscError(error, maps);
  }
  await writeAtomic(target, formatRun({ ...run, root: root.split(path.sep).join('/') }));
}
