// How long the extension's own code holds the event loop of the host: the editor, other extensions and the garbage collector
// hold it too, and on a busy machine far longer.
import { type Profiler, Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Time between samples, µs; what lies between two samples of our own without another in between counts as one stretch. */
const INTERVAL = 500;
/** A sample that comes so late, µs, was not taken because the machine gave the host no time: that is nobody's share. */
const STARVED = 50_000;

/** Waits until a window that has just been opened has settled: nothing has held the loop for two seconds; half a minute at most. */
export async function settled(): Promise<void> {
  for (let tries = 0; tries < 15; tries++) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await wait(2000);
    delay.disable();
    if (delay.max < 25e6) return;
  }
}

/** Runs something and returns, beside its result, the longest time (ms) that code of `dist/host` held the loop without a pause. */
export async function longestOwnStretch<T>(extension: string, run: () => Promise<T>): Promise<[T, number]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
  const result = await run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return [result, longest(profile, extension)];
}

function longest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, extension: string): number {
  const parents = new Map(nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  const own = new Set<number>();
  for (const { id, callFrame } of nodes)
    if (callFrame.url.includes(extension) || own.has(parents.get(id) ?? -1)) own.add(id);
  let [most, stretch] = [0, 0];
  samples.forEach((id, i) => {
    const delta = timeDeltas[i + 1] ?? 0;
    stretch = own.has(id) ? stretch + (delta < STARVED ? delta : 0) : 0;
    most = Math.max(most, stretch);
  });
  return most / 1000;
}
