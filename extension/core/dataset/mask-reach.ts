import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { MASK_CLIMB } from '../run/safe-path';
import { isInside } from './folder-reader';

/**
 * A run names its masks from the folder of its pictures, and opens them again only where that leads. Throws SETTING_INVALID where it
 * can't, before any work is done.
 */
export async function checkReach(root: string, masks: string): Promise<void> {
  const relative = path.relative(root, masks);
  const up = relative.split(path.sep).filter((part) => part === '..').length;
  if (up > MASK_CLIMB || path.isAbsolute(relative))
    throw new MuscError('SETTING_INVALID', l10n.t('the masks lie too far from the pictures'), {
      where: masks,
      hint: l10n.t('put them on the same drive, at most {0} folders up from the pictures', MASK_CLIMB),
    });
  const border = path.resolve(root, ...Array<string>(up).fill('..'));
  const [realBorder, real] = await Promise.all([border, masks].map((folder) => realpath(folder)));
  if (!isInside(realBorder, real))
    throw new MuscError('SETTING_INVALID', l10n.t('the folder of masks is a link that leads elsewhere'), {
      where: masks,
      hint: l10n.t('name the folder that it leads to'),
    });
}
