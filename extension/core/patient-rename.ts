import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows says of a file that a virus scanner, an indexer or another reader holds for a moment. */
const HELD: readonly (string | undefined)[] = ['EPERM', 'EACCES', 'EBUSY'];
/** Waits between tries, ms: five seconds in all. */
const WAITS = [20, 50, 100, 200, 400, 800, 1500, 2000];

/** Renames, and on Windows waits for who holds one of the files. Throws as the file system does. */
export async function patientRename(
  from: string,
  to: string,
  { platform = process.platform, move = rename, wait = sleep as (ms: number) => Promise<unknown> } = {},
): Promise<void> {
  for (const ms of platform === 'win32' ? WAITS : []) {
    try {
      return await move(from, to);
    } catch (error) {
      if (!HELD.includes((error as NodeJS.ErrnoException).code)) throw error;
    }
    await wait(ms);
  }
  await move(from, to);
}
