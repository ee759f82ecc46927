import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { isPictureName } from '../image/format';

/** How far up a mask may lie: a type folder of MVTec AD reaches its masks two levels up; three more for folders of masks elsewhere. */
export const MASK_CLIMB = 5;
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

export interface InsideOptions {
  /** Levels that the path may climb above `root` with leading "..": default none. */
  readonly climb?: number;
  readonly platform?: NodeJS.Platform;
}

const refuse = (relative: string, what: string): MuscError =>
  new MuscError('FILE_INVALID', what, {
    where: relative.slice(0, 200),
    hint: l10n.t('the file was damaged or made to read elsewhere: score the folder again'),
  });

/**
 * The absolute path of `relative` below `root`, by its text alone. Throws FILE_INVALID for what is absolute, has a drive, backslash,
 * NUL, empty or "." segments, ".." beyond what `climb` allows, and on Windows for device names, streams and trailing dots.
 */
export function joinInside(root: string, relative: string, options: InsideOptions = {}): string {
  const { climb = 0, platform = process.platform } = options;
  if (relative === '' || relative.length > 4096)
    throw refuse(relative, l10n.t('a path of the file is empty or too long'));
  if (relative.includes('\0')) throw refuse(relative, l10n.t('a path of the file holds a NUL character'));
  if (relative.startsWith('/') || relative.includes('\\') || /^[A-Za-z]:/.test(relative))
    throw refuse(relative, l10n.t('a path of the file is not relative with forward slashes'));
  const segments = relative.split('/');
  const up = segments.findIndex((s) => s !== '..');
  if (up < 0 || up > climb) throw refuse(relative, l10n.t('a path of the file leads out of the folder'));
  for (const segment of segments.slice(up)) {
    if (segment === '..') throw refuse(relative, l10n.t('a path of the file leads out of the folder'));
    if (segment === '' || segment === '.') throw refuse(relative, l10n.t('a path of the file has an empty part'));
    if (platform === 'win32' && (DEVICE.test(segment) || segment.includes(':') || /[. ]$/.test(segment)))
      throw refuse(relative, l10n.t('a path of the file names a device'));
  }
  return path.resolve(root, ...segments);
}

/**
 * As `joinInside`, and the file must exist and, with all links followed, still lie below `root` (or the folder climbed to).
 * Throws FILE_INVALID for a path that leads out, FILE_IO where there is no such file.
 */
export async function resolveInside(root: string, relative: string, options: InsideOptions = {}): Promise<string> {
  const target = joinInside(root, relative, options);
  const up = relative.split('/').findIndex((s) => s !== '..');
  const border = path.resolve(root, ...Array<string>(up).fill('..'));
  const [realBorder, real] = await Promise.all([border, target].map((p) => realpath(p))).catch((cause: unknown) => {
    throw new MuscError('FILE_IO', l10n.t('not found'), { where: relative, hint: l10n.t('moved or deleted?'), cause });
  });
  const inside = path.relative(realBorder, real);
  if (inside === '' || inside.split(path.sep)[0] === '..' || path.isAbsolute(inside))
    throw refuse(relative, l10n.t('a path of the file leads out of the folder through a link'));
  return real;
}

/** A mask of a run: a picture file that may lie up to five levels above the data set's root. Throws as `resolveInside`. */
export async function resolveMask(root: string, relative: string): Promise<string> {
  if (!isPictureName(relative))
    throw refuse(relative, l10n.t('a path of the file is named as a mask but is no picture'));
  return resolveInside(root, relative, { climb: MASK_CLIMB });
}
