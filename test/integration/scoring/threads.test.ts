import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cells } from '../../../extension/core/array/grid';
import { FeatureStore } from '../../../extension/core/scoring/feature-store';
import { scoreMutually } from '../../../extension/core/scoring/mutual-scoring';
import { readScoreState, writeScoreState } from '../../../extension/core/scoring/score-state';
import { bundleWorker } from '../../unit/scoring/bundle-worker';
import { madeUpImages, options, sourceOf } from '../../unit/scoring/features';

const GRID = { height: 6, width: 7 };
const CHANNELS = [16, 24];
const IMAGES = 30;
const taps = CHANNELS.map((c, t) => madeUpImages(IMAGES, GRID, c, t + 1));
const sources = (count = IMAGES) => CHANNELS.map((c, t) => sourceOf(taps[t].slice(0, count), GRID, c));

let folder = '';
let workerFile = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'musc-scoring-'));
  workerFile = await bundleWorker();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (more: Parameters<typeof options>[0] = {}, from = sources()) =>
  scoreMutually(from, options({ scratchFolder: path.join(folder, 'scratch'), ...more }));

describe('scoreMutually, bit for bit the same', { timeout: 300_000 }, () => {
  it('with no worker, one and two', async () => {
    const alone = await run();
    for (const threads of [1, 2]) {
      const { scores, neighbours } = await run({ threads, workerFile });
      expect(scores).toEqual(alone.scores);
      expect(neighbours).toEqual(alone.neighbours);
    }
  });

  it('with features and distances on disk, of which nothing is left', async () => {
    const scratchFolder = path.join(folder, 'disk');
    const store = await FeatureStore.create({
      images: IMAGES,
      grid: GRID,
      channels: CHANNELS,
      memoryBytes: 1000,
      scratchFolder,
    });
    expect(store.inMemory).toBe(false);
    taps.forEach((images, tap) => images.forEach((x, image) => store.put(image, tap, x)));
    expect(await store.source(1).load(7)).toEqual(taps[1][7]);
    const onDisk = await run(
      { threads: 2, workerFile, memoryBytes: 1000, scratchFolder },
      CHANNELS.map((_, t) => store.source(t)),
    );
    await store.close();
    expect(onDisk.scores).toEqual((await run()).scores);
    expect(readdirSync(scratchFolder)).toEqual([]);
  });

  it('when pictures are added to a scored folder, also twice and after storing the state', async () => {
    const whole = await run({ keepState: true });
    let { state } = await run({ keepState: true }, sources(20));
    for (const count of [23, IMAGES]) {
      if (!state) throw new Error('no state');
      const file = path.join(folder, 'state.musc');
      await writeScoreState(file, state, 'key');
      await expect(readScoreState(file, 'another')).rejects.toMatchObject({ code: 'FILE_INVALID' });
      const pairs = { total: 0 };
      const grown = await run(
        {
          keepState: true,
          previous: await readScoreState(file, 'key'),
          progress: (_, total) => (pairs.total = total),
          threads: 2,
          workerFile,
        },
        sources(count),
      );
      const old = state.images;
      expect(pairs.total).toBe((2 * (count * (count - 1) - old * (old - 1))) / 2);
      if (count === IMAGES) expect(grown.scores).toEqual(whole.scores);
      expect(grown.neighbours.images.length).toBe(count * cells(GRID) * 16);
      state = grown.state;
    }
  });

  it('from scratch where the state is too small for the pictures added', async () => {
    const { state } = await run({ keepState: true }, sources(10));
    const keep = [0, 12] as const;
    const grown = await run({ previous: { ...(state as NonNullable<typeof state>), count: 5 }, keep });
    expect(grown.scores).toEqual((await run({ keep })).scores);
  });

  it('after being cancelled and resumed at any place', async () => {
    const whole = await run();
    const checkpoint = { folder: path.join(folder, 'checkpoint'), everySeconds: 0, key: 'key' };
    let runs = 0;
    let scores: Float32Array | null = null;
    const firstSeen: number[] = [];
    while (scores === null && runs++ < 60) {
      const abort = new AbortController();
      const begin = { done: -1 };
      const timer = setTimeout(() => abort.abort(), 200 + 150 * runs);
      try {
        const result = await run({
          checkpoint,
          threads: 2,
          workerFile: runs % 2 ? workerFile : null,
          signal: abort.signal,
          progress: (done) => begin.done < 0 && firstSeen.push((begin.done = done)),
        });
        scores = result.scores;
      } catch (error) {
        expect(error).toMatchObject({ code: 'CANCELLED' });
      } finally {
        clearTimeout(timer);
      }
    }
    expect(scores).toEqual(whole.scores);
    // what is finished stays until its run is written, and costs nothing to go on with
    expect(readdirSync(checkpoint.folder)).toEqual(['scoring.musc']);
    const steps: number[] = [];
    const again = await run({ checkpoint, progress: (done, total) => steps.push(total - done) });
    expect(again.scores).toEqual(whole.scores);
    expect(again.neighbours).toEqual(whole.neighbours);
    expect(steps.at(0)).toBe(0);
  });

  it('from the beginning where the checkpoint belongs to something else', async () => {
    const checkpoint = { folder: path.join(folder, 'other'), everySeconds: 0, key: 'one' };
    const abort = new AbortController();
    const first = run({ checkpoint, signal: abort.signal, progress: (done) => done > 40 && abort.abort() });
    await first.catch(() => undefined);
    const { scores } = await run({ checkpoint: { ...checkpoint, key: 'two' } });
    expect(scores).toEqual((await run()).scores);
  });
});

describe('scoreMutually, cancelled', () => {
  it.each(['workers', 'no workers'])('ends with CANCELLED at once: %s', async (how) => {
    const abort = new AbortController();
    const images = Array.from({ length: 400 }, (_, i) => taps[0][i % IMAGES]);
    const work = run(
      {
        threads: 2,
        memoryBytes: 1000,
        workerFile: how === 'workers' ? workerFile : null,
        signal: abort.signal,
        progress: () => abort.abort(),
      },
      [sourceOf(images, GRID, CHANNELS[0])],
    );
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(path.join(folder, 'scratch')).length).toBe(0);
    await expect(run({ signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
