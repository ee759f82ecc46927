import { access } from 'node:fs/promises';
import path from 'node:path';
import { MuscError } from '../core/errors';
import { rootFromRun } from '../core/run/run-folder';
import { rewriteRun } from '../core/run/run-store';
import { joinInside } from '../core/run/safe-path';
import type { OpenRun } from './open-run';

/** Pictures looked for before a folder is believed to be the moved one. */
const TRIES = 50;

/** Points a run at the folder its pictures moved to. Throws FOLDER_NOT_FOUND when none of its pictures are there. */
export async function relinkRun({ run, file }: OpenRun, root: string): Promise<void> {
  const found = await Promise.all(
    run.images.slice(0, TRIES).map((image) =>
      access(joinInside(root, image.path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!found.includes(true))
    throw new MuscError('FOLDER_NOT_FOUND', "none of the run's pictures are there", {
      where: root,
      hint: 'choose the folder that holds them',
    });
  await rewriteRun(file, { ...run, root: rootFromRun(path.dirname(file), root) });
}
