import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runNeighbours } from '../../../extension/core/pipeline/run-neighbours';
import { GRID, sampleRun } from './sample-run';

/** The backbone: when it opens, and how often it was. */
const backbone = vi.hoisted(() => ({ opened: 0, failures: 0, hold: Promise.resolve() }));
vi.mock('../../../extension/core/backbone/open-backbone', () => ({
  openBackbone: async (_: unknown, { signal }: { signal?: AbortSignal }) => {
    backbone.opened++;
    await backbone.hold;
    signal?.throwIfAborted();
    if (backbone.failures-- > 0) throw new Error('no memory');
    return { info: { sha256: '' }, channels: [1], grid: GRID, taps: [], device: {}, close: () => Promise.resolve() };
  },
}));
vi.mock('../../../extension/core/pipeline/read-features', () => ({
  readFeatures: function* () {
    const taps = Float32Array.from({ length: 16 }, (_, i) => i);
    yield { kind: 'features', features: { width: 40, height: 30, taps, embedding: null } };
  },
}));

const ask = (run: string, signal = new AbortController().signal) =>
  runNeighbours({ run, image: 0, row: 0, column: 0, k: 2 }, signal);

beforeEach(() => void Object.assign(backbone, { opened: 0, failures: 0, hold: Promise.resolve() }));

describe('neighbours of patches', () => {
  it.each([
    ['whose channels only the backbone knows', {}],
    ['whose features are gone', { features: { cache: 'a'.repeat(24), channels: [1] } }],
  ])('of a run %s are found after a click that was taken back', async (_, changes) => {
    const { runPath } = await sampleRun(changes);
    let release = (): void => undefined;
    backbone.hold = new Promise((resolve) => (release = resolve));
    const first = new AbortController();
    const asked = ask(runPath, first.signal);
    await vi.waitFor(() => expect(backbone.opened).toBe(1));
    const next = ask(runPath);
    first.abort();
    release();
    await expect(asked).rejects.toThrow();
    expect((await next).length).toBe(2);
    expect((await ask(runPath)).length).toBe(2);
    expect(backbone.opened).toBe(1);
  });

  it('are asked for again where the backbone would not open', async () => {
    const { runPath } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    backbone.failures = 1;
    await expect(ask(runPath)).rejects.toThrow('no memory');
    expect((await ask(runPath)).length).toBe(2);
  });
});
