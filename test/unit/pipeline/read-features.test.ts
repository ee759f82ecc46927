import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Backbone } from '../../../extension/core/backbone/backbone';
import { PREPROCESS_PRESETS } from '../../../extension/core/backbone/preprocess-presets';
import type { Dataset } from '../../../extension/core/dataset/dataset';
import { ContentIndex } from '../../../extension/core/pipeline/content-index';
import { type PictureOutcome, readFeatures } from '../../../extension/core/pipeline/read-features';
import { writePicture } from '../../integration/engine/small-folder';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'musc-read-'))));
afterEach(() => rm(folder, { recursive: true }));

it('skips pictures whose features are not finite, keeps none of theirs and goes on', async () => {
  const names = ['a.png', 'b.png', 'c.png', 'd.png'];
  for (const [seed, name] of names.entries()) await writePicture(path.join(folder, name), seed);
  const taps = [Float32Array.of(1, 2, NaN, 4), Float32Array.of(5, 6, 7, 8)]; // two batches of two pictures
  const embeddings = [Float32Array.of(1, 2), Float32Array.of(-Infinity, 4)];
  const backbone = {
    info: { preprocess: PREPROCESS_PRESETS.clip },
    device: { name: 'cpu' },
    input: { height: 4, width: 4 },
    grid: { height: 1, width: 2 },
    channels: [1],
    batch: 2,
    run: () => Promise.resolve({ taps: [taps.shift()!], embedding: embeddings.shift()! }),
  } as unknown as Backbone;
  const kept: number[][] = [];
  const outcomes: PictureOutcome[] = [];
  for await (const outcome of readFeatures({
    dataset: { root: folder, images: names.map((name) => ({ path: name })) } as unknown as Dataset,
    backbone,
    protocol: 'exact',
    cache: {
      get: () => Promise.resolve(null),
      put: (_, features) => Promise.resolve(void kept.push([...features.taps])),
    },
    index: await ContentIndex.open(path.join(folder, 'content.json')),
  }))
    outcomes.push(outcome);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['features', 'skipped', 'skipped', 'features']);
  expect(outcomes[1]).toMatchObject({
    image: { path: 'b.png' },
    reason: 'the network gives values for it that are not finite',
  });
  expect(kept).toEqual([
    [1, 2],
    [7, 8],
  ]);
});
