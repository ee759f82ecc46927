import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { scoreMutually } from '../../../extension/core/scoring/mutual-scoring';
import { WorkerPool } from '../../../extension/core/scoring/worker-pool';
import { madeUpImages, options, plainScores, sourceOf, worstRelative } from './features';

const GRID = { height: 5, width: 6 };

describe('scoreMutually', () => {
  it.each([
    [2, [0, 0.3]],
    [3, [0, 0.3]],
    [4, [0, 0.3]],
    [5, [0, 0.5]],
    [9, [0.1, 0.6]],
    [9, [0.6, 0.1]],
    [12, [0, 4]],
    [12, [2, 5]],
    [12, [0, 100]],
  ] as const)('scores %i images, ranks %j, as the paper reads', async (n, keep) => {
    const taps = [8, 13].map((channels, t) => ({ channels, images: madeUpImages(n, GRID, channels, n + t) }));
    const sources = taps.map((t) => sourceOf(t.images, GRID, t.channels));
    const { scores } = await scoreMutually(sources, options({ keep }));
    expect(worstRelative(scores, plainScores(taps, GRID, [1, 3, 5], keep))).toBeLessThan(1e-5);
  });

  it('takes any odd degrees', async () => {
    const images = madeUpImages(6, GRID, 8, 3);
    for (const degrees of [[1], [3], [7, 1], [9, 3, 5]]) {
      const { scores } = await scoreMutually([sourceOf(images, GRID, 8)], options({ degrees }));
      expect(worstRelative(scores, plainScores([{ images, channels: 8 }], GRID, degrees, [0, 0.3]))).toBeLessThan(1e-5);
    }
  });

  it('tells which of the finished pairs an interrupted run had finished', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const checkpoint = { folder, everySeconds: 0, key: 'key' };
    const images = madeUpImages(6, GRID, 8, 3);
    const [first, second] = [sourceOf(images, GRID, 8), sourceOf(images, GRID, 8)];
    const gone = { ...second, load: () => Promise.reject(new Error('gone')) };
    await expect(scoreMutually([first, gone], options({ checkpoint }))).rejects.toThrow('gone');
    const told: number[][] = [];
    await scoreMutually([first, second], options({ checkpoint, progress: (...all) => told.push(all) }));
    expect(told.at(-1)).toEqual([30, 30, 15]);
    await rm(folder, { recursive: true });
  });

  it('starts no more workers than the budget has room for', async () => {
    const create = vi.spyOn(WorkerPool, 'create');
    const sources = [sourceOf(madeUpImages(3, GRID, 8, 3), GRID, 8)];
    await scoreMutually(sources, options({ threads: 8, memoryBytes: 1_000_000 })); // 115 kB of products each, in a quarter of it
    expect(create.mock.lastCall?.[1].threads).toBe(2);
    create.mockRestore();
  });

  it('moves scores along with the images', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 999 }), async (seed) => {
        const images = madeUpImages(7, GRID, 8, seed);
        const order = [3, 6, 0, 5, 1, 4, 2];
        const run = async (list: Float32Array[]) => (await scoreMutually([sourceOf(list, GRID, 8)], options())).scores;
        const scores = await run(images);
        const permuted = await run(order.map((i) => images[i]));
        order.forEach((from, to) =>
          expect(
            worstRelative(permuted.subarray(to * 30, to * 30 + 30), scores.subarray(from * 30, from * 30 + 30)),
          ).toBeLessThan(1e-5),
        );
      }),
      { numRuns: 5 },
    );
  });

  it('does not depend on the scale of a tap', async () => {
    const images = madeUpImages(5, GRID, 8, 1);
    const { scores } = await scoreMutually([sourceOf(images, GRID, 8)], options());
    const scaled = images.map((x) => x.map((v) => v * 37));
    const again = await scoreMutually([sourceOf(scaled, GRID, 8)], options());
    expect(worstRelative(again.scores, scores)).toBeLessThan(1e-5);
  });

  it('gives equal images next to nothing, and blank ones exactly nothing', async () => {
    const image = madeUpImages(1, GRID, 8, 5)[0];
    const twice = await scoreMutually([sourceOf([image, image, image], GRID, 8)], options());
    for (const s of twice.scores) expect(s).toBeLessThan(1e-3);
    const blank = new Float32Array(image.length);
    const { scores } = await scoreMutually([sourceOf([blank, blank, image, image], GRID, 8)], options());
    for (const s of scores.subarray(0, 60)) expect(s).toBe(0);
    const alone = await scoreMutually([sourceOf([blank, image], GRID, 8)], options());
    for (const s of alone.scores) expect(s).toBe(1);
  });

  it('lists the nearest images of every patch', async () => {
    const near = madeUpImages(6, GRID, 24, 1);
    const far = madeUpImages(6, GRID, 24, 2);
    const { neighbours } = await scoreMutually([sourceOf([...near, ...far], GRID, 24)], options());
    expect(neighbours.length).toBe(11);
    for (let patch = 0; patch < 12 * 30; patch++) {
      const image = Math.floor(patch / 30);
      const list = [...neighbours.images.subarray(patch * 11, patch * 11 + 11)];
      expect(new Set([...list, image]).size).toBe(12);
      expect(list.slice(0, 5).every((j) => j < 6 === image < 6)).toBe(true);
    }
  });

  it('refuses fewer than two images, and even degrees', async () => {
    const images = madeUpImages(2, GRID, 8, 1);
    await expect(scoreMutually([sourceOf(images.slice(1), GRID, 8)], options())).rejects.toMatchObject({
      code: 'TOO_FEW_IMAGES',
    });
    await expect(scoreMutually([sourceOf(images, GRID, 8)], options({ degrees: [2] }))).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
  });
});
