import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backbone } from '../../../extension/core/backbone/backbone';
import type { Collected } from '../../../extension/core/pipeline/collect-features';
import { ScoreMemory } from '../../../extension/core/pipeline/score-memory';
import { scoreSubsets } from '../../../extension/core/pipeline/score-subsets';
import type { Progress } from '../../../extension/core/progress';
import { FeatureStore } from '../../../extension/core/scoring/feature-store';
import type * as mutualScoring from '../../../extension/core/scoring/mutual-scoring';
import { DEFAULT_SETTINGS } from '../../../extension/core/settings';
import { madeUpImages } from '../scoring/features';

/** What is told of progress instead of the truth, if anything. */
const told: { instead: ((progress: NonNullable<mutualScoring.MutualScoringOptions['progress']>) => void) | null } = {
  instead: null,
};
vi.mock('../../../extension/core/scoring/mutual-scoring', async (original) => {
  const real = await original<typeof mutualScoring>();
  return {
    ...real,
    scoreMutually: async (...[sources, options]: Parameters<typeof real.scoreMutually>) => {
      if (!told.instead) return real.scoreMutually(sources, options);
      const scores = await real.scoreMutually(sources, { ...options, progress: undefined });
      told.instead(options.progress!);
      return scores;
    },
  };
});

const GRID = { height: 3, width: 3 };
const CHANNELS = 8;
const TAPS = 2;
const features = madeUpImages(30, GRID, CHANNELS, 1);
const settings = { ...DEFAULT_SETTINGS, degrees: [1, 3], threads: 1 };
const backbone = {
  info: { folderStatistics: 'none' },
  device: { name: 'cpu' },
  grid: GRID,
  taps: ['a', 'b'],
} as unknown as Backbone;

let cache: string;
beforeEach(async () => void (cache = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'))));
afterEach(async () => {
  told.instead = null;
  vi.useRealTimers();
  await rm(cache, { recursive: true, force: true });
});

/** Scores the first `count` pictures in `subsets` equal parts, and remembers them. */
async function scored(count: number, subsets = 1) {
  const steps: Progress[] = [];
  const logged: string[] = [];
  const memory = await ScoreMemory.open(cache, { test: true });
  const groups = Array.from({ length: subsets }, (_, s) =>
    Array.from({ length: count / subsets }, (_, i) => s + i * subsets),
  );
  const parts = await Promise.all(
    groups.map(async (members) => {
      const store = await FeatureStore.create({
        images: members.length,
        grid: GRID,
        channels: Array<number>(TAPS).fill(CHANNELS),
        memoryBytes: 1e9,
        scratchFolder: cache,
      });
      for (let tap = 0; tap < TAPS; tap++) members.forEach((i, slot) => store.put(slot, tap, features[i]));
      return { members, sources: Array.from({ length: TAPS }, (_, tap) => store.source(tap)) };
    }),
  );
  const collected = {
    root: cache,
    images: features.slice(0, count).map((_, i) => ({ state: { hash: String(i) } })),
    skipped: [],
    subsets: parts,
    memory,
    grown: memory.pictures.length > 0,
  } as unknown as Collected;
  const { saved, remember } = await scoreSubsets(
    { collected, backbone, settings, memoryBytes: 1e9, resume: true },
    {
      signal: new AbortController().signal,
      progress: (step) => steps.push(step),
      log: (_, text) => logged.push(text),
    },
  );
  await remember();
  for (const checkpoint of saved) await checkpoint.release();
  return { last: steps.at(-1), logged: logged.join('\n') };
}

const pairs = (n: number) => (TAPS * n * (n - 1)) / 2;

describe('progress of scoring', () => {
  it('is of all pairs, or, where pictures were added, of the new ones, and says so', async () => {
    const first = await scored(6);
    expect(first).toMatchObject({ last: { done: pairs(6), total: pairs(6) }, logged: '' });
    const added = pairs(8) - pairs(6);
    expect(await scored(8)).toMatchObject({
      last: { done: added, total: added },
      logged: 'Only the pairs of 2 added pictures are new.',
    });
  });

  it('does not say that few pairs are new where too little is remembered for that', async () => {
    await scored(8);
    expect(await scored(30)).toMatchObject({ last: { done: pairs(30), total: pairs(30) }, logged: '' });
  });

  it('is of the pairs of all subsets', async () => {
    expect((await scored(12, 3)).last).toMatchObject({ done: 3 * pairs(4), total: 3 * pairs(4) });
  });

  it('takes nothing that an interrupted run had done for speed', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    told.instead = (progress) => {
      vi.advanceTimersByTime(2000);
      progress(50, 56, 40);
    };
    expect((await scored(8)).last).toEqual({ stage: 'scoring', done: 50, total: 56, secondsLeft: (2 / 10) * 6 });
  });
});
