import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { throwIfAborted, toMuscError } from '../errors';
import { patientRename } from '../patient-rename';
import { isProcessAlive } from '../process-alive';

/** Marks files that are being written: whatever carries it is left over from a crash and means nothing. */
export const TEMPORARY = '.musc-tmp';

/** This machine in a file's name: processes of another have numbers of their own. */
export const HERE = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
const OWNED = /\.([0-9a-f]{8})-(\d+)-[0-9a-f-]{36}\.musc-tmp$/;

/** A name beside `target` that no other process uses, and that says whose it is. */
export const temporaryName = (target: string): string =>
  path.join(
    path.dirname(target),
    `.${path.basename(target).slice(0, 80)}.${HERE}-${process.pid}-${randomUUID()}${TEMPORARY}`,
  );

/** Makes a rename last through a power cut. Windows can't sync a folder and needs no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // some network file systems refuse to sync a folder: the rename is done all the same
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that a crash or a power cut leaves the old one or the new one, never half: temporary name, sync,
 * rename, sync of the folder. `parts` are written one after the other. Throws DISK_FULL, FOLDER_READ_ONLY, FILE_IO, and CANCELLED up to
 * the last moment: the old one stays.
 */
export async function writeAtomic(
  target: string,
  parts: string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = temporaryName(target);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      const pieces = typeof parts === 'string' || parts instanceof Uint8Array ? [parts] : parts;
      for await (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    throwIfAborted(signal);
    await patientRename(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toMuscError(error, target);
  }
}

/** A folder is left alone for so long, ms: the process that fills it may be of a machine of the same name (a container). */
const FOLDER_AGE = 24 * 60 * 60 * 1000;

/** Removes what processes of this machine that are gone were writing in `folder`: files, and folders of a day ago. Never fails: it is housekeeping. */
export async function sweepAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, machine, pid] = OWNED.exec(name) ?? [];
    if (machine !== HERE || isProcessAlive(Number(pid))) continue;
    const left = path.join(folder, name);
    const state = await stat(left).catch(() => null);
    if (state?.isDirectory() && Date.now() - state.mtimeMs < FOLDER_AGE) continue;
    await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Removes what crashed writers of `target` left behind. Only for one who knows that nobody else is writing it (who holds its lock).
 * Never fails: it is housekeeping.
 */
export async function sweepTemporaries(target: string): Promise<void> {
  const folder = path.dirname(target);
  const names = await readdir(folder).catch(() => []);
  const mine = names.filter((n) => n.startsWith(`.${path.basename(target)}.`) && n.endsWith(TEMPORARY));
  await Promise.all(mine.map((n) => rm(path.join(folder, n), { force: true }).catch(() => undefined)));
}
