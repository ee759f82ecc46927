import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from './errors';

/** Lets other work in (a cancel message, somebody's thumbnails), and stops when cancelled. Throws CANCELLED. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  throwIfAborted(signal);
}
