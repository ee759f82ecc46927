import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError } from './errors';

/** Opening a pipe waits for its other end unless told not to; Windows has no such pipes among its files. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file for reading that must be a regular one: what lies in a stranger's folder may be a link to a device that
 * never ends, or a pipe that never begins. Throws FILE_INVALID, or the file system's error.
 */
export async function openRegularFile(file: string): Promise<FileHandle> {
  const handle = await open(file, READ);
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw new MuscError('FILE_INVALID', l10n.t('not a regular file'), { where: file, hint: l10n.t('delete it') });
}

/** A whole regular file of at most `limit` bytes. Throws FILE_INVALID, or the file system's error. */
export async function readRegularFile(file: string, limit: number): Promise<Buffer> {
  const handle = await openRegularFile(file);
  try {
    const { size } = await handle.stat();
    if (size > limit)
      throw new MuscError('FILE_INVALID', l10n.t('too large: {0} MB', Math.round(size / 1e6)), {
        where: file,
        hint: l10n.t('delete it'),
      });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
