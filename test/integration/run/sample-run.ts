import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach } from 'vitest';
import { RUN_VERSION, type RunFile, type RunImage } from '../../../extension/protocol/run-file';
import { newRunId, runsFolder, writeRun } from '../../../extension/core/run/run-store';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A temporary folder, gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'musc-run-'));
  folders.push(folder);
  return folder;
}

export const GRID = { height: 4, width: 4 };
export const SIZE = { height: 30, width: 40 };

/** A run file of these pictures. */
export function runOf(root: string, images: RunImage[], changes: Partial<RunFile> = {}): RunFile {
  return {
    format: 'musc-run',
    version: RUN_VERSION,
    id: newRunId(),
    name: 'sample',
    createdAt: '2026-01-02T03:04:05.000Z',
    appVersion: '0.0.0',
    root,
    dataset: { layout: 'folder', category: null, name: 'sample', notes: [] },
    settings: {
      backbone: 'test',
      taps: ['0'],
      degrees: [1, 3, 5],
      keep: [0, 0.3],
      rscin: 'off',
      subsets: 1,
      seed: 0,
      protocol: 'exact',
      fit: 'squash',
    },
    backbone: { id: 'test', name: 'Test', sha256: '', licence: 'MIT', note: '' },
    device: { name: 'cpu', label: 'CPU', requested: 'cpu', fallback: null },
    input: { height: 32, width: 32 },
    grid: GRID,
    images,
    skipped: [],
    metrics: null,
    seconds: { features: 1, scoring: 1, metrics: 1, total: 3 },
    ...changes,
  };
}

/** Entry of a picture. */
export const picture = (name: string, changes: Partial<RunImage> = {}): RunImage => ({
  path: name,
  type: '',
  truth: null,
  mask: null,
  bytes: 0,
  modified: 0,
  ...SIZE,
  score: 0.5,
  rawScore: 0.5,
  ...changes,
});

export interface SampleRun {
  readonly folder: string;
  readonly runPath: string;
  readonly run: RunFile;
}

/**
 * A folder of six real pictures with a scored run: two good, four with a defect in the upper left patch, one of them with a mask. Scores
 * fall from the last to the first.
 */
export async function sampleRun(changes: Partial<RunFile> = {}): Promise<SampleRun> {
  const folder = await temporaryFolder();
  const names = ['good/0.png', 'good/1.jpg', 'crack/0.png', 'crack/1.bmp.png', 'crack/-2.png', 'hole/<b>&.png'];
  const images: RunImage[] = [];
  for (const [i, name] of names.entries()) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    const image = sharp({ create: { ...SIZE, channels: 3, background: { r: 90 + i, g: 120, b: 60 } } });
    await (name.endsWith('.jpg') ? image.jpeg() : image.png()).toFile(file);
    const { size, mtimeMs } = await stat(file);
    const type = name.split('/')[0];
    const score = (i + 1) / 10;
    const truth = type === 'good' ? 'good' : 'defect';
    images.push(picture(name, { type, truth, bytes: size, modified: mtimeMs, score, rawScore: score }));
  }
  await mkdir(path.join(folder, 'masks'));
  const marked = new Uint8Array(SIZE.height * SIZE.width);
  for (const p of [0, 1, SIZE.width, 5 * SIZE.width + 7]) marked[p] = 255;
  await sharp(marked, { raw: { ...SIZE, channels: 1 } })
    .png()
    .toFile(path.join(folder, 'masks/0.png'));
  images[2] = { ...images[2], mask: 'masks/0.png' };
  const maps = new Float32Array(names.length * 16);
  for (let i = 0; i < names.length; i++) maps[i * 16] = images[i].rawScore;
  const metrics = {
    image: { auroc: { value: 1 }, f1max: { value: 1 }, ap: { value: 1 } },
    pixel: { auroc: { value: 0.9 }, f1max: { value: 0.8 }, ap: { value: 0.7 }, aupro: { absent: 'for this <test>' } },
  };
  const run = runOf(folder, images, { metrics, ...changes });
  const runPath = await writeRun(await runsFolder(folder), run, maps);
  return { folder, runPath, run };
}

/** Writes a text file, its folder made if need be. */
export async function put(file: string, text: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}
