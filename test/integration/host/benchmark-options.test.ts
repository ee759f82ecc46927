import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { askBenchmark } from '../../../extension/host/benchmark-options';
import type { EngineProcess } from '../../../extension/host/engine-process';
import { engineRequests } from '../../../extension/protocol/engine';
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
});

it('a benchmark of some categories is a request of them, whatever their names are', async () => {
  const options = await choose(11);
  expect(options).toEqual({ categories: names.slice(0, 11), protocol: 'reference', resume: false });
  expect(engineRequests.bench.safeParse({ folder: work, ...options }).success).toBe(true);
});

it('a benchmark of all categories names none: those that come later are of it, too', async () => {
  expect(await choose(12)).toEqual({ protocol: 'reference', resume: false });
});
