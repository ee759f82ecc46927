import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { MuscError, throwIfAborted, toMuscError } from '../errors';
import { isProcessAlive, processStart } from '../process-alive';

/** A holder needs milliseconds: one that shows no change for this long is taken for dead (on this machine a dead process counts at once). */
const STALE_MS = 10_000;
const RETRY_MS = 25;
const GIVE_UP_MS = 30_000;
/** On Windows a file that is just being deleted can't be opened for a moment; one that can't be for longer is no lock, but not ours to write. */
const REFUSED_MS = 2_000;

/** Names this process in a lock file. */
export const ownerLine = (): string =>
  [os.hostname(), process.pid, randomUUID(), processStart(process.pid) ?? ''].join('\n');

/** Whether the process that wrote a lock is known to be gone. */
export function ownerIsGone(content: string): boolean {
  const [host, pid, , start] = content.split('\n');
  return host === os.hostname() && /^\d+$/.test(pid ?? '') && !isProcessAlive(Number(pid), start || undefined);
}

/** Takes a stale lock away, unless another process was faster and it is a new one by now. */
async function breakLock(lock: string, seen: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside);
  if ((await readFile(aside, 'utf8')) !== seen) await link(aside, lock).catch(() => undefined); // a live one: put back
  await rm(aside, { force: true });
}

/**
 * Runs `work` while holding the lock file `lock`: one process at a time. A lock left by a crash is recognised by its dead
 * process, or by not changing for ten seconds as measured here (no wall clock: clocks jump).
 * Throws BUSY after thirty seconds, CANCELLED, FOLDER_READ_ONLY.
 */
export async function withLock<T>(lock: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const mine = ownerLine();
  const started = performance.now();
  let seen: string | null = null;
  let seenSince = started;
  let refusedSince: number | null = null;
  for (;;) {
    throwIfAborted(signal);
    let refused: unknown = null;
    try {
      const handle = await open(lock, 'wx');
      try {
        await handle.writeFile(mine);
      } finally {
        await handle.close();
      }
      break;
    } catch (error) {
      // Windows reports EPERM for a file that is just being deleted
      if (!['EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw toMuscError(error, lock);
      if ((error as NodeJS.ErrnoException).code === 'EPERM') refused = error;
      if (refused && process.platform !== 'win32') throw toMuscError(error, lock);
    }
    const content = await readFile(lock, 'utf8').catch(() => null);
    const now = performance.now();
    if (content !== null || !refused) refusedSince = null;
    else if (now - (refusedSince ??= now) > REFUSED_MS) throw toMuscError(refused, lock);
    if (content !== seen) [seen, seenSince] = [content, now];
    if (content !== null && (ownerIsGone(content) || now - seenSince > STALE_MS))
      await breakLock(lock, content).catch(() => undefined);
    else if (now - started > GIVE_UP_MS)
      throw new MuscError('BUSY', l10n.t('another window or process is writing'), {
        where: lock,
        hint: l10n.t('try again in a moment'),
      });
    else await sleep(RETRY_MS * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    if ((await readFile(lock, 'utf8').catch(() => '')) === mine) await rm(lock, { force: true });
  }
}
