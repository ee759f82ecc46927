import { describe, expect, it } from 'vitest';
import { cachedSources } from '../../../extension/core/pipeline/cached-sources';
import { sharedWhileWanted, sharedWork } from '../../../extension/core/shared-work';

const features = { width: 4, height: 4, taps: Float32Array.of(1, 2, 3, 5), embedding: new Float32Array(0) };

describe('features kept for a look at single patches', () => {
  it('are read once, and again after a failure', async () => {
    const asked: number[] = [];
    let broken = true;
    const sources = cachedSources(3, { height: 1, width: 2 }, [1, 1], (image) => {
      asked.push(image);
      return broken ? Promise.reject(new Error('away')) : Promise.resolve(features);
    });
    await expect(sources[0].load(1)).rejects.toThrow('away');
    broken = false;
    expect((await sources[0].load(1)).length).toBe(2);
    await sources[1].load(1);
    expect(asked).toEqual([1, 1]);
  });
});

describe('shared work', () => {
  it('is done once for all who wait, and once more after it failed', async () => {
    let begun = 0;
    const work = sharedWork(() => (++begun === 1 ? Promise.reject(new Error('away')) : Promise.resolve(begun)));
    const both = await Promise.allSettled([work(), work()]);
    expect(both.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect([await work(), await work(), begun]).toEqual([2, 2, 2]);
  });

  it('that is wanted goes on while one of its callers is left, and is kept once it is done', async () => {
    const begun: { signal: AbortSignal; end: (result: string) => void }[] = [];
    const work = sharedWhileWanted((signal) => new Promise<string>((end) => begun.push({ signal, end })));
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
    const asked = [work(one.signal), work(two.signal)];
    one.abort();
    await expect(asked[0]).rejects.toMatchObject({ code: 'CANCELLED' });
    expect([begun.length, begun[0].signal.aborted]).toEqual([1, false]);
    two.abort();
    await expect(asked[1]).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(begun[0].signal.aborted).toBe(true);
    const again = work(three.signal);
    begun[1].end('done');
    expect([await again, await work(three.signal), begun.length]).toEqual(['done', 'done', 2]);
    expect(begun[1].signal.aborted).toBe(false);
  });

  it('that is wanted is begun again after it failed', async () => {
    let begun = 0;
    const work = sharedWhileWanted(() => (++begun === 1 ? Promise.reject(new Error('away')) : Promise.resolve(begun)));
    const { signal } = new AbortController();
    await expect(work(signal)).rejects.toThrow('away');
    expect(await work(signal)).toBe(2);
  });
});
