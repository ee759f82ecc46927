import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { freeBytesOf } from '../free-bytes';
import { isProcessAlive } from '../process-alive';

const PREFIX = 'musc-scratch-';

/**
 * Makes a new folder for scratch files inside `parent` (made for this user alone if missing), named after this process, after removing
 * those that processes which are gone have left behind.
 */
export async function makeScratchFolder(parent: string): Promise<string> {
  await mkdir(path.dirname(parent), { recursive: true });
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await sweepScratchFolders(parent);
  return mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
}

/** Removes scratch folders of processes that no longer run. What can't be removed stays: it costs space, not results. */
export async function sweepScratchFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^musc-scratch-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isProcessAlive(Number(pid)))
      await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Throws DISK_FULL, with the numbers, where `folder`'s disk has less than `bytes` free. */
export async function requireDiskSpace(folder: string, bytes: number): Promise<void> {
  const free = await freeBytesOf(folder);
  if (free < bytes)
    throw new MuscError(
      'DISK_FULL',
      l10n.t('{0} of scratch space are needed and {1} are free', gigabytes(bytes), gigabytes(free)),
      {
        where: folder,
        hint: l10n.t('free some space, allow more memory, or use subsets'),
      },
    );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
