import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ErrorCode, MuscError } from '../../../extension/core/errors';
import { benchKey } from '../../../extension/core/pipeline/bench-key';
import { benchRoot } from '../../../extension/core/pipeline/bench-root';
import type { ScoreContext } from '../../../extension/core/pipeline/score-folder';
import { readBench } from '../../../extension/core/benchmark/bench-store';
import { benchCaption } from '../../../extension/core/benchmark/bench-text';
import type { Progress } from '../../../extension/core/progress';
import { runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { dispatch } from '../../../extension/engine/dispatch';
import type { ScoreRequest } from '../../../extension/protocol/engine';
import type { RunFile } from '../../../extension/protocol/run-file';
import { picture, runOf, temporaryFolder } from '../run/sample-run';

/** The categories that were scored, and what comes of those that fail. */
const scored: (string | undefined)[] = [];
const failures = new Map<string, ErrorCode>();
/** What the runs have besides what all have, and the model input of those that have another. */
let changes: Partial<RunFile> = {};
const inputs = new Map<string, RunFile['input']>();
/** Checksums of the network that runs of these categories are scored with; '' of all others. */
const networks = new Map<string, string>();
/** How pictures were to be fitted. */
const fits = new Set<string | undefined>();
vi.mock('../../../extension/core/pipeline/score-folder', () => ({
  scoreFolder: async ({ folder, category = '', name, fit }: ScoreRequest, { progress }: ScoreContext) => {
    scored.push(category);
    fits.add(fit);
    progress({ stage: 'features', done: 1, total: 1, secondsLeft: null });
    const code = failures.get(category);
    if (code) throw new MuscError(code, `of ${category}`);
    const input = inputs.get(category);
    const { backbone, ...plain } = runOf(folder, [picture('0.png')], { name: name ?? '', ...changes });
    const sha256 = networks.get(category) ?? backbone.sha256;
    const run = { ...plain, backbone: { ...backbone, sha256 }, ...(input ? { input } : {}) };
    const file = await writeRun(await runsFolder(folder), run, new Float32Array(16));
    return { run: file, images: 1, skipped: [], metrics: null, absent: {}, seconds: run.seconds };
  },
}));

vi.mock('../../../extension/core/pipeline/open-for-dataset', () => ({
  openForDataset: (_: unknown, __: unknown, { root }: { root: string }) =>
    Promise.resolve({ info: runOf(root, [picture('0.png')]).backbone, close: () => Promise.resolve() }),
}));

async function rootOf(...categories: string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const category of categories) {
    const good = path.join(root, category, 'test/good');
    await mkdir(good, { recursive: true });
    for (const name of ['0.png', '1.png']) await writeFile(path.join(good, name), '');
  }
  return root;
}

let steps: Progress[];
const context = (signal = new AbortController().signal) => ({
  signal,
  progress: (step: Progress) => steps.push(step),
  log: () => undefined,
});
const bench = (params: object) => dispatch('bench', params, context());
beforeEach(() => {
  scored.length = 0;
  failures.clear();
  changes = {};
  inputs.clear();
  networks.clear();
  fits.clear();
  steps = [];
});

describe('categories', () => {
  const names = Array.from({ length: 12 }, (_, i) => `screws, of lot ${10 + i}, all of one length`);

  it('are named in a list: however long it is, and with commas in them', async () => {
    const folder = await rootOf(...names, 'nut');
    expect(await bench({ folder, category: 'all', categories: names })).toMatchObject({ categories: 12 });
    expect(scored).toEqual(names);
    scored.length = 0;
    await expect(bench({ folder, categories: ['nut,bolt'] })).rejects.toThrow('there is no category nut,bolt');
    for (const wrong of [[], [''], ['n'.repeat(256)]])
      await expect(bench({ folder, categories: wrong })).rejects.toMatchObject({ code: 'USAGE' });
    expect(scored).toEqual([]);
  });

  it('have commas between them in a text, as on the command line and in jobs that older versions remember', async () => {
    const folder = await rootOf('bolt', 'nut', 'screw');
    await bench({ folder, category: 'screw, bolt' });
    await bench({ folder, category: 'all' });
    await bench({ folder });
    expect(scored).toEqual(['bolt', 'screw', 'bolt', 'nut', 'screw', 'bolt', 'nut', 'screw']);
  });

  it('do not decide what is gone on with', () => {
    const request = { folder: '/mvtec', categories: names };
    expect(benchKey(request)).toBe(benchKey({ folder: '/mvtec', category: 'all' }));
  });
});

it('tells the run of each category once it is written, and which category it is of', async () => {
  failures.set('nut', 'TOO_FEW_IMAGES');
  const { runs } = await bench({ folder: await rootOf('bolt', 'nut', 'screw') });
  const told = steps.flatMap(({ run, part }) => (run === undefined ? [] : [[run, part?.name]]));
  expect(told).toEqual([
    [runs[0], 'bolt'],
    [runs[1], 'screw'],
  ]);
});

it('is given up while its categories are still looked for, which is told', async () => {
  const folder = await rootOf('bolt', 'nut');
  for (const method of ['bench', 'categories'] as const)
    await expect(dispatch(method, { folder }, context(AbortSignal.abort()))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  expect(scored).toEqual([]);
  expect(steps).toEqual([{ stage: 'discover', done: 0, total: 1, secondsLeft: null }]);
});

it('compares with the published mean where its categories are the published ones, and no others', async () => {
  changes = {
    backbone: { id: 'clip-vit-l-14-336-openai', name: 'CLIP', sha256: '', licence: 'MIT', note: '' },
    input: { height: 518, width: 518 },
  };
  const published = async (...categories: string[]) => {
    const { file } = await bench({ folder: await rootOf(...categories) });
    return (await readBench(file)).published;
  };
  expect((await published('bottle', 'cable'))?.mean.image_auroc).toBeGreaterThan(0.9);
  expect(await published('bolt', 'nut')).toBeNull();
  expect(await published('bottle', 'nut')).toBeNull();
});

describe('the shape of the pictures', () => {
  const exact = async (fit?: 'auto' | 'keep' | 'squash') =>
    bench({ folder: await rootOf('bottle', 'cable'), protocol: 'exact', fit });

  it('is kept where that was asked for only: a mean is over inputs of one size', async () => {
    for (const fit of [undefined, 'auto', 'squash'] as const) await exact(fit);
    expect([...fits]).toEqual(['squash']);
    await exact('keep');
    expect([...fits]).toEqual(['squash', 'keep']);
    const key = (fit?: 'auto' | 'keep' | 'squash') => benchKey({ folder: '/mvtec', protocol: 'exact', fit });
    expect([key('auto'), key('squash')]).toEqual([key(), key()]);
    expect(key('keep')).not.toBe(key());
  });

  it('that differs by category has a mean that stands beside nothing, and a document that says so', async () => {
    changes = {
      backbone: { id: 'clip-vit-l-14-336-openai', name: 'CLIP', sha256: '', licence: 'MIT', note: '' },
      input: { height: 518, width: 518 },
    };
    inputs.set('cable', { height: 448, width: 602 });
    const { file } = await exact('keep');
    const document = await readBench(file);
    expect(document.published).toBeNull();
    expect(document.categories.map(({ input, published }) => [input?.width, published === null])).toEqual([
      [518, false],
      [602, true],
    ]);
    expect(benchCaption(document)).toContain('CLIP at mixed sizes, exact protocol');
  });
});

it('ends where the file of the backbone changes between two categories: a document is of one network', async () => {
  const folder = await rootOf('bolt', 'nut', 'screw');
  networks.set('nut', 'f'.repeat(64));
  await expect(bench({ folder })).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  expect(scored).toEqual(['bolt', 'nut']);
  const [name] = await readdir(path.join(folder, '.musc/bench'));
  const { categories } = await readBench(path.join(folder, '.musc/bench', name));
  expect(categories.map((category) => category.name)).toEqual(['bolt']);
});

describe('a category that fails', () => {
  it.each<ErrorCode>(['CHECKSUM_MISMATCH', 'BACKBONE_MISSING', 'DISK_FULL', 'CANCELLED'])(
    'by %s ends the benchmark: the others would too',
    async (code) => {
      failures.set('nut', code);
      await expect(bench({ folder: await rootOf('bolt', 'nut', 'screw') })).rejects.toMatchObject({ code });
      expect(scored).toEqual(['bolt', 'nut']);
    },
  );

  it('is none where none is named', async () => {
    const asked = bench({ folder: await rootOf('bolt', 'nut'), category: ' , ' });
    await expect(asked).rejects.toMatchObject({ code: 'USAGE', hint: 'bolt, nut' });
  });

  it('by anything else is left out', async () => {
    for (const [name, code] of [['bolt', 'DEVICE_FAILED'] as const, ['nut', 'TOO_FEW_IMAGES'] as const])
      failures.set(name, code);
    const folder = await rootOf('bolt', 'nut', 'screw');
    expect(await bench({ folder })).toMatchObject({ categories: 3, runs: [expect.any(String)] });
  });

  it('is not the data set to blame for where all do, and one for another reason than its pictures', async () => {
    for (const [name, code] of [['bolt', 'TOO_FEW_IMAGES'] as const, ['nut', 'BUSY'] as const])
      failures.set(name, code);
    await expect(bench({ folder: await rootOf('bolt', 'nut') })).rejects.toMatchObject({
      code: 'BUSY',
      message: 'of nut',
    });
  });

  it('is the data set to blame for where all do for their pictures', async () => {
    for (const name of ['bolt', 'nut']) failures.set(name, 'TOO_FEW_IMAGES');
    await expect(bench({ folder: await rootOf('bolt', 'nut') })).rejects.toMatchObject({
      code: 'DATASET_UNCLEAR',
      hint: 'TOO_FEW_IMAGES: of bolt',
    });
    expect(scored).toEqual(['bolt', 'nut']);
  });
});

it('tells of the document that it goes on with before anything is scored', async () => {
  const folder = await rootOf('bottle', 'cable', 'capsule');
  const told: [string[], number][] = [];
  const go = (resume: boolean) =>
    benchRoot(
      { folder, resume },
      { ...context(), written: ({ bench }, left) => told.push([bench.categories.map((c) => c.name), left]) },
    );
  failures.set('cable', 'CANCELLED');
  await expect(go(false)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(told.splice(0)).toEqual([[['bottle'], 2]]);
  failures.set('bottle', 'CANCELLED'); // it has no figures, so that it is scored again
  await expect(go(true)).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(told).toEqual([[['bottle'], 3]]);
});
