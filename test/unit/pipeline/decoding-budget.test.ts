import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Backbone } from '../../../extension/core/backbone/backbone';
import type { Dataset } from '../../../extension/core/dataset/dataset';
import type * as source from '../../../extension/core/image/source';
import { ContentIndex } from '../../../extension/core/pipeline/content-index';
import { readFeatures } from '../../../extension/core/pipeline/read-features';

/** What headers say of the pictures, and how many were decoded at the same time. */
const pictures = vi.hoisted(() => ({ megapixels: 0, under: 0, most: 0, begun: 0 }));
vi.mock('../../../extension/core/image/source', async (original) => ({
  ...(await original<typeof source>()),
  pictureSize: () => Promise.resolve({ bytes: 3e6 * pictures.megapixels }),
}));
vi.mock('../../../extension/core/image/prepare', () => ({
  prepare: async () => {
    pictures.begun++;
    pictures.most = Math.max(pictures.most, ++pictures.under);
    await wait(1);
    pictures.under--;
    return { width: 4, height: 4, pixels: new Float32Array(48) };
  },
}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-decoding-'));
  Object.assign(pictures, { under: 0, most: 0, begun: 0 });
});
afterEach(() => rm(folder, { recursive: true }));

const BATCH = 32;
const backbone = {
  info: { preprocess: {} },
  device: { name: 'cpu' },
  input: { height: 4, width: 4 },
  grid: { height: 1, width: 1 },
  channels: [1],
  batch: BATCH,
  run: (_: unknown, n: number) => Promise.resolve({ taps: [new Float32Array(n)], embedding: null }),
} as unknown as Backbone;

/** Reads 40 pictures. Returns how many have features. */
async function read(megapixels: number, signal?: AbortSignal): Promise<number> {
  pictures.megapixels = megapixels;
  const images = Array.from({ length: 40 }, (_, i) => ({ path: `${i}.png` }));
  for (const [i, image] of images.entries()) await writeFile(path.join(folder, image.path), `picture ${i}`);
  let found = 0;
  for await (const { kind } of readFeatures({
    dataset: { root: folder, images } as unknown as Dataset,
    backbone,
    protocol: 'exact',
    cache: { get: () => Promise.resolve(null), put: () => Promise.resolve() },
    index: await ContentIndex.open(path.join(folder, 'content.json')),
    signal,
  }))
    if (kind === 'features') found++;
  return found;
}

it.each([
  ['all at a time', 1, BATCH + 4],
  ['a gigabyte at a time', 100, 3],
  ['one at a time', 1000, 1],
])('decodes pictures %s where they have %i megapixels', async (_, megapixels, most) => {
  expect(await read(megapixels)).toBe(40);
  expect(pictures.most).toBeLessThanOrEqual(most);
  if (megapixels > 1) expect(pictures.most).toBe(most);
});

it('decodes none of those that wait once it is cancelled', async () => {
  const abort = new AbortController();
  const work = read(1000, abort.signal);
  while (pictures.begun < 2) await wait(1);
  abort.abort();
  await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
  await wait(50);
  expect(pictures.begun).toBeLessThan(5);
});
