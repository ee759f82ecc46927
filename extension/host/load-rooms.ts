import { setImmediate as turn } from 'node:timers/promises';
import type * as headlines from './read-headlines';
import type * as rooms from './rooms';
import type * as settings from './settings';

// Each of these loads what it needs in a few turns of the event loop: all at once would hold the editor up.

/** Loads settings.ts. */
export async function loadSettings(): Promise<typeof settings> {
  await loadZod();
  return import('./settings');
}

/** Loads read-headlines.ts. */
export async function loadHeadlines(): Promise<typeof headlines> {
  await loadZod();
  return import('./read-headlines');
}

/** Loads rooms.ts. */
export async function loadRooms(): Promise<typeof rooms> {
  await loadSettings();
  await turn();
  await loadHeadlines();
  await turn();
  await import('./panel-session');
  await turn();
  return import('./rooms');
}

async function loadZod(): Promise<void> {
  await import('./zod-core');
  await turn();
}
