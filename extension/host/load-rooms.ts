import { setImmediate as turn } from 'node:timers/promises';
import type * as rooms from './rooms';

/** Loads rooms.ts and what it needs, in a few turns of the event loop: all at once would hold the editor up. */
export async function loadRooms(): Promise<typeof rooms> {
  await import('./zod-core');
  await turn();
  await import('./settings');
  await turn();
  await import('./read-headlines');
  await turn();
  await import('./panel-session');
  await turn();
  return import('./rooms');
}
