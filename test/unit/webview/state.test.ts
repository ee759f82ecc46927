import { describe, expect, it, vi } from 'vitest';
import type { PanelCall } from '../../../extension/protocol/panel';
import { Speed } from '../../../webview/model/speed';
import { BatchCache } from '../../../webview/state/batch-cache';
import { CancelledError, Channel } from '../../../webview/state/channel';
import { patchMaps } from '../../../webview/state/patch-maps';
import { memo, Store } from '../../../webview/state/store';
import { DEFAULT_VIEW, readView } from '../../../webview/state/view';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('channel', () => {
  function channel() {
    const posted: PanelCall[] = [];
    const events: string[] = [];
    return {
      posted,
      events,
      channel: new Channel(
        (c) => posted.push(c),
        (e) => events.push(e.event),
      ),
    };
  }

  it('matches answers to calls by id, whatever their order', async () => {
    const { channel: c, posted } = channel();
    const [a, b] = [c.call('mask', { image: 1 }), c.call('mask', { image: 2 })];
    expect(posted.map((p) => 'id' in p && p.id)).toEqual([1, 2]);
    c.receive({ id: 2, ok: true, result: null });
    c.receive({ id: 1, ok: false, error: 'gone' });
    await expect(b).resolves.toBeNull();
    await expect(a).rejects.toThrow('gone');
  });

  it('tells the host of a cancelled call and ignores its late answer', async () => {
    const { channel: c, posted } = channel();
    const controller = new AbortController();
    const call = c.call('pixelCurves', {}, controller.signal);
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    expect(posted[1]).toEqual({ cancel: 1 });
    expect(() => c.receive({ id: 1, ok: true, result: null })).not.toThrow();
    await expect(c.call('mask', { image: 0 }, controller.signal)).rejects.toBeInstanceOf(CancelledError);
  });

  it('passes events on, ignores strangers, and gives up on closing', async () => {
    const { channel: c, events } = channel();
    for (const message of [null, 3, 'x', {}, { id: 'a' }, { id: 9, ok: true }]) c.receive(message);
    c.receive({ event: 'job', job: null });
    expect(events).toEqual(['job']);
    const call = c.call('ready', {});
    c.close();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('store', () => {
  it('tells listeners of changes and only of changes', () => {
    const store = new Store({ a: 1, b: 'x' });
    const listener = vi.fn();
    const stop = store.subscribe(listener);
    store.update({ a: 1 });
    store.update({ a: 2 });
    stop();
    store.update({ a: 3 });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(store.state).toEqual({ a: 3, b: 'x' });
  });

  it('memo computes again only for other arguments', () => {
    const compute = vi.fn((a: number, b: number) => a + b);
    const remembered = memo(compute);
    expect([remembered(1, 2), remembered(1, 2), remembered(2, 2)]).toEqual([3, 3, 4]);
    expect(compute).toHaveBeenCalledTimes(2);
  });
});

describe('batch cache', () => {
  it('loads in batches, first wanted first, and drops what is no longer wanted', async () => {
    const asked: number[][] = [];
    let release: () => void = () => undefined;
    const cache = new BatchCache<number>(
      async (images) => {
        asked.push(images);
        await new Promise<void>((resolve) => (release = resolve));
        return images.map((i) => i * 10);
      },
      { batch: 2, parallel: 1, capacity: 3 },
    );
    cache.want([1, 2, 3, 4]);
    cache.want([7, 8]);
    release();
    await settled();
    release();
    await settled();
    expect(asked).toEqual([
      [1, 2],
      [7, 8],
    ]);
    expect([cache.peek(1), cache.peek(2), cache.peek(7), cache.peek(8)]).toEqual([undefined, 20, 70, 80]);
  });

  it('keeps the error of a failed load, and forgets all when cleared', async () => {
    const cache = new BatchCache<number>(() => Promise.reject(new Error('no disk')), {
      batch: 4,
      parallel: 1,
      capacity: 4,
    });
    cache.want([5]);
    await settled();
    expect(cache.errorOf(5)).toBe('no disk');
    cache.clear();
    expect(cache.errorOf(5)).toBeUndefined();
  });

  it('keeps an error of what fails by itself or is not answered, and what comes with it', async () => {
    const load = (images: number[]) => Promise.resolve([images[0], new Error('damaged')]);
    const cache = new BatchCache<number>(load, { batch: 4, parallel: 1, capacity: 4 });
    const told = vi.fn();
    cache.subscribe(told);
    cache.want([5, 6, 7]);
    await settled();
    expect([5, 6, 7].map((image) => cache.peek(image))).toEqual([5, undefined, undefined]);
    expect([5, 6].map((image) => cache.errorOf(image))).toEqual([undefined, 'damaged']);
    expect(cache.errorOf(7)).toContain('did not answer');
    expect(told).toHaveBeenCalledWith([5, 6, 7]);
  });

  it('asks again for what was not there, and shows what it knows until it is', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let there = false;
    const asked: number[][] = [];
    const cache = new BatchCache<{ uri: string | null }>(
      (images) => {
        asked.push(images);
        return Promise.resolve(images.map((i) => ({ uri: there || i === 1 ? `${i}` : null })));
      },
      { batch: 4, parallel: 1, capacity: 10, isEmpty: ({ uri }) => uri === null },
    );
    const want = async () => {
      cache.want([0, 1]);
      await Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => undefined);
    };
    await want();
    await vi.waitFor(() => expect(cache.peek(0)).toEqual({ uri: null }));
    there = true;
    vi.advanceTimersByTime(4000);
    await want();
    expect(asked).toEqual([[0, 1]]);
    vi.advanceTimersByTime(2000);
    await want();
    expect(cache.peek(0)).toBeDefined();
    await vi.waitFor(() => expect(cache.peek(0)).toEqual({ uri: '0' }));
    vi.advanceTimersByTime(9000);
    await want();
    expect(asked).toEqual([[0, 1], [0]]);
    vi.useRealTimers();
  });

  it('asks again for what has failed when it is wanted some seconds later, and says why until it is here', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    let works = false;
    const load = vi.fn((images: number[]) =>
      works ? Promise.resolve(images) : Promise.reject(new Error('no engine')),
    );
    const cache = new BatchCache<number>(load, { batch: 4, parallel: 1, capacity: 4 });
    cache.want([5]);
    await settled();
    works = true;
    now.mockReturnValue(4000);
    cache.want([5]);
    expect(load).toHaveBeenCalledTimes(1);
    now.mockReturnValue(6000);
    cache.want([5]);
    expect(cache.errorOf(5)).toBe('no engine');
    await settled();
    expect([cache.peek(5), cache.errorOf(5)]).toEqual([5, undefined]);
    now.mockRestore();
  });
});

it('maps of a batch are cut from the answer in the order asked, an error for each that could not be read', () => {
  const grid = { height: 1, width: 2 };
  const maps = patchMaps(grid, 3, { scores: Float32Array.of(1, 2, 0, 0, 5, 6), unread: [[1, 'damaged']] });
  expect(maps).toEqual([
    { ...grid, data: Float32Array.of(1, 2) },
    new Error('damaged'),
    { ...grid, data: Float32Array.of(5, 6) },
  ]);
});

describe('stored view', () => {
  it('is read with defaults, and never keeps a run from opening', () => {
    expect(readView(null)).toEqual(DEFAULT_VIEW);
    expect(readView({ size: 'L' })).toEqual({ ...DEFAULT_VIEW, size: 'L' });
    expect(readView({ size: 'XXL' })).toEqual(DEFAULT_VIEW);
    expect(readView('nonsense')).toEqual(DEFAULT_VIEW);
  });
});

describe('speed', () => {
  it('is work per second over the last ten seconds of a stage', () => {
    const speed = new Speed();
    speed.note('features', 0, 0);
    expect(speed.perSecond).toBeNull();
    speed.note('features', 30, 3000);
    expect(speed.perSecond).toBe(10);
    speed.note('scoring', 1, 4000);
    expect(speed.perSecond).toBeNull();
  });
});
