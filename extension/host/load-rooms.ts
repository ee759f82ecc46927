import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { isAtRest } from './at-rest';
import type * as headlines from './read-headlines';
import type * as rooms from './rooms';
import type * as settings from './settings';

// Each of these loads what it needs in a few turns of the event loop: all at once would hold the editor up.

/** How long the window is left alone before anything is loaded ahead of its use, and between two pieces of it, ms. */
const REST = 2000;
const PAUSE = 100;
/** So often is the window looked at; one that never comes to rest gets it all the same, after a minute. */
const LOOKS = 30;

type Turn = () => Promise<unknown>;

/** Loads settings.ts. */
export async function loadSettings(next: Turn = turn): Promise<typeof settings> {
  await loadZod(next);
  await import('../core/backbone/registry'); // which tells what the setting of the backbone may name
  await next();
  return import('./settings');
}

/** Loads read-headlines.ts. */
export async function loadHeadlines(next: Turn = turn): Promise<typeof headlines> {
  await loadZod(next);
  return import('./read-headlines');
}

/** Loads rooms.ts. */
export async function loadRooms(next: Turn = turn): Promise<typeof rooms> {
  await loadSettings(next);
  await next();
  await loadHeadlines(next);
  await next();
  await import('./panel-session');
  await next();
  return import('./rooms');
}

async function loadZod(next: Turn): Promise<void> {
  await import('./zod-core');
  await next();
  await import('./zod-whole');
  await next();
}

/** Loads everything while the window is at rest, so that the first command finds it there. Who comes earlier does not wait for it. */
export async function loadAhead(): Promise<typeof rooms> {
  for (let look = 0; look < LOOKS && !(await isAtRest(REST)); look++);
  return loadRooms(() => wait(PAUSE, undefined, { ref: false }));
}
