import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** The event loop is looked at this often, ms. */
const TICK = 10;
/** A tick that comes later than this (ms) tells that the window is at work. */
const LATE = 20;
/** Percent of the ticks that have to be in time: one may be late, as the garbage collector makes it. */
const IN_TIME = 99;

/** Whether the event loop had nothing to do for so long (ms), from now on. */
export async function isAtRest(time: number): Promise<boolean> {
  const loop = monitorEventLoopDelay({ resolution: TICK });
  loop.enable();
  await wait(time, undefined, { ref: false });
  loop.disable();
  return loop.percentile(IN_TIME) / 1e6 <= TICK + LATE;
}
