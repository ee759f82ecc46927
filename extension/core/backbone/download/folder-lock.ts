import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import * as z from 'zod';
import { MuscError } from '../../errors';
import { isProcessAlive } from '../../process-alive';

/** How often the holder shows that it is alive, and after how long without that a lock counts as left behind; ms. */
const HEARTBEAT = 20_000;
const STALE_AFTER = 120_000;

const holderSchema = z.object({ pid: z.number().int(), host: z.string() });

/**
 * Runs `work` while holding the lock file, so that no second process does the same. A lock whose process is gone, or that was not
 * touched for two minutes, is taken over. Throws BUSY while another process holds it.
 */
export async function withLock<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  await take(file, what);
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), HEARTBEAT);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function take(file: string, what: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: os.hostname() }));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await held(file)) break;
      await rm(file, { force: true });
    }
  }
  throw new MuscError('BUSY', `another process is ${what}`, { where: file, hint: 'wait for it, or end it' });
}

async function held(file: string): Promise<boolean> {
  const touched = await stat(file).catch(() => null);
  if (!touched) return false;
  if (Date.now() - touched.mtimeMs > STALE_AFTER) return false;
  const holder = holderSchema.safeParse(
    await readFile(file, 'utf8')
      .then(
        (text): unknown => JSON.parse(text),
        () => null,
      )
      .catch(() => null),
  );
  // Not readable yet: its owner has only just made it.
  if (!holder.success) return true;
  return holder.data.host !== os.hostname() || isProcessAlive(holder.data.pid);
}
