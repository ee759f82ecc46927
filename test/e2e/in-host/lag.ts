import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Time between two looks at the event loop, ms. */
const INTERVAL = 5;

/** Runs something and returns, beside its result, how late the event loop was meanwhile. */
export async function lagOf<T>(run: () => Promise<T>): Promise<[T, string]> {
  const delay = monitorEventLoopDelay({ resolution: INTERVAL });
  delay.enable();
  await wait(20); // it counts from its first tick on, and what comes now must be counted
  const result = await run();
  delay.disable();
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - INTERVAL).toFixed(1); // from look to look, so it has the interval in it
  return [result, `max ${ms(delay.max)} ms, 99 % ${ms(delay.percentile(99))} ms, mean ${ms(delay.mean)} ms`];
}
