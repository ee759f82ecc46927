import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runNeighbours } from '../../../extension/core/pipeline/run-neighbours';
import { GRID, sampleRun } from './sample-run';

/** The backbone: when it opens, how often it was, and how many pictures went through it at a time. */
const backbone = vi.hoisted(() => ({ opened: 0, failures: 0, hold: Promise.resolve(), read: [] as number[] }));
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
  readFeatures: function* ({ dataset }: { dataset: { images: { path: string }[] } }) {
    const taps = Float32Array.from({ length: 16 }, (_, i) => i);
    backbone.read.push(dataset.images.length);
    for (const image of dataset.images)
      yield { kind: 'features', image, features: { width: 40, height: 30, taps, embedding: null } };
  },
}));

const ask = (run: string, signal = new AbortController().signal) =>
  runNeighbours({ run, image: 0, row: 0, column: 0, k: 2 }, signal);

beforeEach(() => void Object.assign(backbone, { opened: 0, failures: 0, hold: Promise.resolve(), read: [] }));

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
    await vi.waitFor(() => expect(backbone.opened).toBe(1), 20_000);
    const next = ask(runPath);
    first.abort();
    release();
    await expect(asked).rejects.toThrow();
    expect((await next).length).toBe(2);
    expect((await ask(runPath)).length).toBe(2);
    expect(backbone.opened).toBe(1);
  });

  it('are not waited for by who takes the click back', async () => {
    const { runPath } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    let release = (): void => undefined;
    backbone.hold = new Promise((resolve) => (release = resolve));
    const click = new AbortController();
    const asked = ask(runPath, click.signal);
    await vi.waitFor(() => expect(backbone.opened).toBe(1), 20_000);
    click.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' }); // while the backbone is still being opened
    release();
    expect((await ask(runPath)).length).toBe(2);
    expect(backbone.opened).toBe(1);
  });

  it('are found with each picture read once that nothing is kept of', async () => {
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    const { runPath, run } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    await ask(runPath);
    expect(sum(backbone.read)).toBe(run.images.length);
    await ask(runPath);
    expect(sum(backbone.read)).toBe(run.images.length);
  });

  it('are found among the pictures that are still there', async () => {
    const { runPath, run, folder } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    await rm(path.join(folder, run.images[1].path));
    expect((await ask(runPath)).map(({ image }) => image)).toEqual([2, 3]);
  });

  it('can not be told of a picture that is gone', async () => {
    const { runPath, run, folder } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    await rm(path.join(folder, run.images[0].path));
    await expect(ask(runPath)).rejects.toMatchObject({ code: 'FILE_IO' });
  });

  it('are not said to be none where no other picture can be read', async () => {
    const { runPath, run, folder } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    for (const { path: name } of run.images.slice(1)) await rm(path.join(folder, name));
    await expect(ask(runPath)).rejects.toMatchObject({ code: 'FILE_IO' });
  });

  it('are asked for again where the backbone would not open', async () => {
    const { runPath } = await sampleRun({ features: { cache: 'a'.repeat(24), channels: [1] } });
    backbone.failures = 1;
    await expect(ask(runPath)).rejects.toThrow('no memory');
    expect((await ask(runPath)).length).toBe(2);
  });
});
