import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ErrorCode, MuscError } from '../../../extension/core/errors';
import { benchKey } from '../../../extension/core/pipeline/bench-key';
import type { ScoreContext } from '../../../extension/core/pipeline/score-folder';
import { readBench } from '../../../extension/core/benchmark/bench-store';
import type { Progress } from '../../../extension/core/progress';
import { runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { dispatch } from '../../../extension/engine/dispatch';
import type { ScoreRequest } from '../../../extension/protocol/engine';
import type { RunFile } from '../../../extension/protocol/run-file';
import { picture, runOf, temporaryFolder } from '../run/sample-run';

/** The categories that were scored, and what comes of those that fail. */
const scored: (string | undefined)[] = [];
const failures = new Map<string, ErrorCode>();
/** What the runs have besides what all have. */
let changes: Partial<RunFile> = {};
vi.mock('../../../extension/core/pipeline/score-folder', () => ({
  scoreFolder: async ({ folder, category = '', name }: ScoreRequest, { progress }: ScoreContext) => {
    scored.push(category);
    progress({ stage: 'features', done: 1, total: 1, secondsLeft: null });
    const code = failures.get(category);
    if (code) throw new MuscError(code, `of ${category}`);
    const run = runOf(folder, [picture('0.png')], { name: name ?? '', ...changes });
    const file = await writeRun(await runsFolder(folder), run, new Float32Array(16));
    return { run: file, images: 1, skipped: [], metrics: null, absent: {}, seconds: run.seconds };
  },
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
