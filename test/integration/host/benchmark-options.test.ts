import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { writeBench } from '../../../extension/core/benchmark/bench-store';
import { benchKey } from '../../../extension/core/pipeline/bench-key';
import { askBenchmark } from '../../../extension/host/benchmark-options';
import type { EngineProcess } from '../../../extension/host/engine-process';
import { settingsFor } from '../../../extension/host/settings';
import { engineRequests } from '../../../extension/protocol/engine';
import { category, sampleBench } from '../../unit/benchmark/sample-bench';
import { Uri as FakeUri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const work = await mkdtemp(path.join(os.tmpdir(), 'musc-benchmark-'));
afterAll(() => rm(work, { recursive: true, force: true }));
const root = FakeUri.file(work) as unknown as Uri;
const names = Array.from({ length: 12 }, (_, i) => `screws, of lot ${10 + i}, all of one length`);
const engine = {
  call: () =>
    Promise.resolve({
      layout: 'mvtec',
      categories: names.map((name) => ({ name, images: 9, expected: null })),
      missing: [],
    }),
} as unknown as EngineProcess;

/** Answers the two questions: the first `count` categories, and the reference protocol. */
function choose(count: number): Promise<object | undefined> {
  vi.spyOn(window, 'showQuickPick')
    .mockImplementationOnce((items) => Promise.resolve(items.slice(0, count) as never))
    .mockImplementationOnce((items) => Promise.resolve(items.find(({ label }) => label === 'reference')));
  return askBenchmark(engine, root);
}

beforeEach(() => {
  user.settings = { 'musc.modelsFolder': work };
  user.picks = [];
});

it('a benchmark of some categories is a request of them, whatever their names are', async () => {
  const options = await choose(11);
  expect(options).toEqual({ categories: names.slice(0, 11), protocol: 'reference', resume: true });
  expect(engineRequests.bench.safeParse({ folder: work, ...options }).success).toBe(true);
});

it('a benchmark of all categories names none: those that come later are of it, too', async () => {
  expect(await choose(12)).toEqual({ protocol: 'reference', resume: true });
});

describe('what an earlier benchmark of the same settings has left', () => {
  /** The document of one with these figures by category; of the settings but `subsets` auto, which to a benchmark is 1. */
  async function earlier(...rows: readonly (readonly [string, number | null])[]): Promise<void> {
    user.settings['musc.subsets'] = 'auto';
    const key = benchKey({ ...settingsFor(root), folder: work, protocol: 'reference', subsets: 1 });
    const dataset = { ...sampleBench().dataset, root: work };
    const categories = rows.map(([name, value]) => category(name, value));
    const file = path.join(work, '.musc/bench', `20260102-030405-mini-${key}.musc-bench.json`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeBench(file, sampleBench({ dataset, categories }));
  }
  afterEach(() => rm(path.join(work, '.musc'), { recursive: true, force: true }));

  it('is gone on with, unasked, where no category is done: the first has saved how far it came', async () => {
    await earlier([names[0], null]);
    expect(await choose(12)).toMatchObject({ resume: true });
  });

  it.each([
    ['some are done', [names[0]], 'Go on with the last one', true],
    ['some are done', [names[0]], 'Start anew', false],
    ['others are done than those asked for', ['bolt'], 'Go on with the last one', true],
  ])('is asked about where %s', async (_, done, answer, resume) => {
    await earlier(...done.map((name) => [name, 0.9] as const));
    user.picks = [answer];
    expect(await choose(12)).toMatchObject({ resume });
    expect(user.picks).toEqual([]);
  });

  it('is left as it is where all are done, or where the user leaves the question', async () => {
    await earlier(...names.map((name) => [name, 0.9] as const));
    expect(await choose(12)).toMatchObject({ resume: false });
    await earlier([names[0], 0.9]);
    expect(await choose(12)).toBeUndefined();
  });
});
