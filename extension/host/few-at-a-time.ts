import { setImmediate as turn } from 'node:timers/promises';

/** Files read together: the disk is kept busy, and what they hold is checked in short turns of the event loop. */
const FEW = 4;

/** What `read` finds in each of them, in their order. */
export async function fewAtATime<T, R>(items: readonly T[], read: (item: T) => Promise<readonly R[]>): Promise<R[]> {
  const found: R[] = [];
  for (let from = 0; from < items.length; from += FEW) {
    found.push(...(await Promise.all(items.slice(from, from + FEW).map(read))).flat());
    await turn();
  }
  return found;
}
