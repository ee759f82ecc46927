import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backbone } from '../../../extension/core/backbone/backbone';
import type * as sha256 from '../../../extension/core/file-sha256';
import type { Dataset } from '../../../extension/core/dataset/dataset';
import { cacheFolder, collectFeatures, featureKey } from '../../../extension/core/pipeline/collect-features';
import { ScoreMemory } from '../../../extension/core/pipeline/score-memory';
import type { Progress } from '../../../extension/core/progress';
import { DEFAULT_SETTINGS } from '../../../extension/core/settings';

/** The pictures that were hashed, and what happens then: each takes so long that it is told. */
const hashed: string[] = [];
let atHash: () => void = () => undefined;
vi.mock('../../../extension/core/file-sha256', async (original) => {
  const real = await original<typeof sha256>();
  return {
    fileSha256: (file: string, signal?: AbortSignal) => {
      hashed.push(path.basename(file));
      vi.advanceTimersByTime(1000);
      atHash();
      return real.fileSha256(file, signal);
    },
  };
});

const NAMES = ['0.png', '1.png', '2.png', '3.png'];
const settings = { ...DEFAULT_SETTINGS, degrees: [1], threads: 1 };
const backbone = {
  info: { sha256: '', preprocess: {}, folderStatistics: 'none' },
  device: { name: 'cpu' },
  input: { height: 4, width: 4 },
  grid: { height: 1, width: 1 },
  taps: ['0'],
  channels: [1],
  form: '',
  batch: 1,
} as unknown as Backbone;

let root: string;
let dataset: Dataset;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  hashed.length = 0;
  atHash = () => undefined;
  root = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
  for (const name of NAMES) await writeFile(path.join(root, name), `no picture ${name}`);
  const images = NAMES.map((name) => ({ path: name, type: '', truth: null, mask: null }));
  dataset = { root, layout: 'folder', category: null, name: 'test', images, notes: [] };
  const { degrees, keep } = settings;
  const memory = await ScoreMemory.open(cacheFolder(root), { ...featureKey(backbone, settings), degrees, keep });
  const neighbours = { length: 0, images: new Uint32Array(0), bounds: new Float32Array(0) };
  await memory.remember({ images: 2, grid: backbone.grid, degrees, count: 1, taps: [], neighbours }, ['a', 'b']);
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(root, { recursive: true, force: true });
});

const collect = (signal: AbortSignal, progress: (step: Progress) => void) =>
  collectFeatures({ dataset, backbone, settings, memoryBytes: 1e9, signal, progress, log: () => undefined });

describe('pictures that are looked at for those of the remembered run', () => {
  it('are told, but not as done', async () => {
    const told: Progress[] = [];
    await (await collect(new AbortController().signal, (step) => told.push(step))).close();
    const looked = told.filter(({ done, item }) => done === 0 && item !== undefined);
    expect(looked).toMatchObject(
      NAMES.map((item) => ({ stage: 'features', total: 4, item, file: path.join(root, item) })),
    );
    expect(told.at(-1)).toMatchObject({ done: 4, total: 4 });
  });

  it('are no more looked at once that is given up', async () => {
    const abort = new AbortController();
    atHash = () => hashed.length === 2 && abort.abort();
    await expect(collect(abort.signal, () => undefined)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(hashed).toEqual(NAMES.slice(0, 2));
  });
});
