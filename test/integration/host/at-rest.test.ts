import { createHistogram } from 'node:perf_hooks';
import type * as hooks from 'node:perf_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAtRest } from '../../../extension/host/at-rest';

/** Ticks of the event loop, as they are made up; null: as they are. */
const loop = vi.hoisted(() => ({ ticks: null as number[] | null }));
vi.mock('node:perf_hooks', async (original) => {
  const { monitorEventLoopDelay, ...others } = await original<typeof hooks>();
  const madeUp = (ticks: number[]) => {
    const histogram = createHistogram();
    for (const ms of ticks) histogram.record(ms * 1e6);
    return Object.assign(histogram, { enable: () => true, disable: () => true });
  };
  return {
    ...others,
    monitorEventLoopDelay: (options: object) => (loop.ticks ? madeUp(loop.ticks) : monitorEventLoopDelay(options)),
  };
});
const ticks = (...others: number[]) => [...Array<number>(180).fill(11), ...others];
afterEach(() => void (loop.ticks = null));

describe('a window at rest', () => {
  it('is none where work comes in short pieces', async () => {
    let working = true;
    const work = () => {
      const began = performance.now();
      while (performance.now() - began < 60);
      if (working) setImmediate(work);
    };
    setImmediate(work);
    expect(await isAtRest(500)).toBe(false);
    working = false;
  });

  it.each([
    ['nothing is late', ticks(), true],
    ['the garbage is collected', ticks(62), true],
    ['timers are as coarse as those of Windows', Array<number>(128).fill(16), true],
    ['work comes every half second', ticks(60, 60, 60, 60), false],
    ['the loop is held all the time', [500, 500, 500, 500], false],
  ])('where %s: %j', async (_, made, rest) => {
    loop.ticks = made;
    expect(await isAtRest(1)).toBe(rest);
  });
});
