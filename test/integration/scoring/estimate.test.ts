import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { estimateRun } from '../../../extension/core/pipeline/estimate-run';
import { scoreFolder } from '../../../extension/core/pipeline/score-folder';
import { smallCategory } from '../engine/small-folder';

let folder: string;
beforeAll(async () => {
  folder = await smallCategory();
});
afterAll(() => rm(path.dirname(folder), { recursive: true, force: true }));

const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
const request = () => ({ folder, imageSize: 64, threads: 1, device: 'cpu' as const });

it('an estimate counts every stage of a run and leaves the folder as it was', async () => {
  const estimate = await estimateRun(request(), context);
  expect(estimate).toMatchObject({ images: 10, subsets: 1, backbone: 'MuSc embedded' });
  for (const seconds of Object.values(estimate.seconds)) expect(seconds).toBeGreaterThan(0);
  expect(existsSync(path.join(folder, '.musc'))).toBe(false);
});

it('looks at what an earlier run has kept without touching it', async () => {
  await scoreFolder(request(), context);
  const cache = path.join(folder, '.musc', 'cache');
  const before = await readdir(cache, { recursive: true });
  const estimate = await estimateRun({ ...request(), subsets: 2 }, context);
  expect(estimate.subsets).toBe(2);
  expect(await readdir(cache, { recursive: true })).toEqual(before);
});
