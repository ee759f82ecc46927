import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import { estimateRun } from '../../../extension/core/pipeline/estimate-run';
import { scoreFolder } from '../../../extension/core/pipeline/score-folder';
import type { Progress } from '../../../extension/core/progress';
import { tinyConvolution } from '../../unit/backbone/tiny-network';
import { writePicture } from '../engine/small-folder';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-fine-'));
  await writeFile(path.join(folder, 'free.onnx'), encodeModel(tinyConvolution()));
  for (const i of [0, 1, 2]) await writePicture(path.join(folder, 'pictures', `${i}.png`), i);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['run', scoreFolder],
  ['estimate', estimateRun],
])('a grid too fine to compare ends a %s before any picture is read', async (_, work) => {
  const seen: Progress[] = [];
  const pictures = path.join(folder, 'pictures');
  const request = {
    folder: pictures,
    backbone: path.join(folder, 'free.onnx'),
    taps: ['fine'], // a patch for every four pixels
    imageSize: 768,
    device: 'cpu' as const,
    threads: 1,
  };
  const context = {
    signal: new AbortController().signal,
    progress: (step: Progress) => seen.push(step),
    log: () => undefined,
  };
  await expect(work(request, context)).rejects.toMatchObject({
    code: 'SETTING_INVALID',
    message: 'a grid of 192 x 192 patches is too fine to compare',
  });
  expect(seen.filter(({ stage }) => stage === 'features')).toEqual([]);
  expect(existsSync(path.join(pictures, '.musc', 'cache'))).toBe(false);
});
