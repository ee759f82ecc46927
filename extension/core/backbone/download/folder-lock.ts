import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import { ownerIsGone, ownerLine } from '../../run/file-lock';

/** How often the holder shows that it is alive, and after how long without that a lock counts as left behind; ms. */
const HEARTBEAT = 20_000;
const STALE_AFTER = 120_000;

/**
 * Runs `work` while holding the lock file, so that no second process does the same. A lock whose process is gone, or that was not
 * touched for two minutes, is taken over. Throws BUSY, saying `busy`, while another process holds it.
 */
export async function withLock<T>(file: string, busy: string, work: () => Promise<T>): Promise<T> {
  await take(file, busy);
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), HEARTBEAT);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function take(file: string, busy: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(ownerLine());
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await held(file)) break;
      await rm(file, { force: true });
    }
  }
  throw new MuscError('BUSY', busy, { where: file, hint: l10n.t('wait for it, or end it') });
}

async function held(file: string): Promise<boolean> {
  const touched = await stat(file).catch(() => null);
  if (!touched || Date.now() - touched.mtimeMs > STALE_AFTER) return false;
  return !ownerIsGone(await readFile(file, 'utf8').catch(() => '')); // not readable yet: its owner has only just made it
}
