import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { scoreFolder } from '../../../extension/core/pipeline/score-folder';
import { readRun } from '../../../extension/core/run/run-store';
import { requestOf } from '../../../extension/host/run-request';
import type { ScoreRequest } from '../../../extension/protocol/engine';
import { Uri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const PICTURES = 5;
let work: string;
beforeAll(async () => void (work = await mkdtemp(path.join(os.tmpdir(), 'musc-again-'))));
afterAll(() => rm(work, { recursive: true, force: true }));

/** A new folder of textured pictures of a shape. */
async function pictures(width: number, height: number): Promise<string> {
  const folder = await mkdtemp(path.join(work, 'pictures-'));
  for (let i = 0; i < PICTURES; i++) {
    const raw = Uint8Array.from({ length: width * height * 3 }, (_, k) => (k * k * (i + 3) + k * 7) % 251);
    await sharp(raw, { raw: { width, height, channels: 3 } }).toFile(path.join(folder, `${i}.png`));
  }
  return folder;
}

/** The run that a request leads to. */
async function scored(request: ScoreRequest) {
  const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
  const { run } = await scoreFolder(request, context);
  return { file: run, run: await readRun(run) };
}

/** What a run is scored again with. */
async function overridesOf(file: string) {
  return (await requestOf(Uri.file(file) as unknown as Parameters<typeof requestOf>[0])).overrides;
}

it.each([
  ['16:9, as the defaults take them', 160, 90, {}, { height: 240, width: 432 }],
  ['3:2, at a size of their own', 150, 100, { imageSize: 96 }, { height: 80, width: 112 }],
])('pictures of %s, scored again, get the same input and scores', async (_, width, height, more, input) => {
  const folder = await pictures(width, height);
  const first = await scored({ folder, device: 'cpu', threads: 1, ...more });
  expect(first.run).toMatchObject({ input, settings: { fit: 'keep' } });
  const again = await scored({ folder, threads: 1, ...(await overridesOf(first.file)) });
  expect(again.run.input).toEqual(input);
  expect(again.run.images).toEqual(first.run.images);
});

it('a run of VisA that names a folder of masks, which was never used, is scored again without it', async () => {
  const folder = await pictures(64, 64);
  const { file, run } = await scored({ folder, device: 'cpu', threads: 1 });
  const masksOf = async (layout: 'visa' | 'mvtec') => {
    await writeFile(
      file,
      JSON.stringify({ ...run, dataset: { ...run.dataset, layout }, settings: { ...run.settings, masks: 'masks' } }),
    );
    return (await overridesOf(file)).masks;
  };
  expect(await masksOf('visa')).toBeUndefined();
  expect(await masksOf('mvtec')).toBe(path.join(folder, 'masks'));
});
