import { execFile, fork } from 'node:child_process';
import { appendFile, chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readNpy } from '../../../extension/core/array/npy';
import { findBackbone } from '../../../extension/core/backbone/registry';
import type { ScoreSummary } from '../../../extension/protocol/engine';
import { writeRandomCheckpoint } from '../../bench/random-checkpoint';
import { Hub } from '../download/hub';
import { smallCategory, writePicture } from './small-folder';

const CLI = path.resolve('dist/cli.js');
const FAST = ['--image-size', '64', '--threads', '1'];

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const musc = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
const score = async (...args: string[]): Promise<ScoreSummary> =>
  JSON.parse((await musc('score', ...args, ...FAST, '--json')).stdout) as ScoreSummary;

describe('the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await smallCategory();
  });
  afterAll(() => rm(path.dirname(folder), { recursive: true, force: true }));

  it('scores a folder and finds its defects', async () => {
    const summary = await score(folder);
    expect(summary.images).toBe(10);
    expect(summary.ranking.slice(0, 2).map((r) => r.label)).toEqual(['defect', 'defect']);
    expect(summary.metrics?.image.auroc).toBe(1);
    expect(summary.metrics?.pixel.auroc).toBeGreaterThan(0.9);
    expect(summary.skipped).toEqual([]);
    expect(summary.absent).toEqual({});
    expect(path.isAbsolute(summary.run)).toBe(true);
  });

  it('writes all of its JSON into a pipe, however long', async () => {
    const many = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const bytes = await Promise.all(
      [0, 1, 2].map((i) =>
        sharp({ create: { width: 32, height: 32, channels: 3, background: { r: 90 * i, g: 60, b: 30 } } })
          .png()
          .toBuffer(),
      ),
    );
    const name = 'a-picture-with-a-long-name-as-cameras-give-them'.repeat(3);
    await Promise.all(
      Array.from({ length: 400 }, (_, i) => writeFile(path.join(many, `${name}-${i}.png`), bytes[i % 3])),
    );
    const { stdout, code } = await musc('score', many, '--image-size', '32', '--threads', '1', '--json');
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(2 ** 16);
    expect((JSON.parse(stdout) as ScoreSummary).ranking).toHaveLength(400);
    await rm(many, { recursive: true });
  });

  it('prints ranking, seven metrics, device, time and the run for people, and nothing else on stdout', async () => {
    const { stdout, code } = await musc('score', folder, ...FAST);
    expect(code).toBe(0);
    expect(stdout).toMatch(/The 10 most anomalous of 10 pictures/);
    expect(stdout).toMatch(/Image {2}AUROC [\d.]+ {2}F1-max [\d.]+ {2}AP [\d.]+/);
    expect(stdout).toMatch(/Pixel {2}AUROC .* AUPRO/);
    expect(stdout).toMatch(/device CPU/);
    expect(stdout).toMatch(/run\.musc\.json\n$/);
  });

  it('scores with a checkpoint that was imported before, found by its name', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'musc-models-'));
    const checkpoint = path.join(home, 'tiny.safetensors');
    await writeRandomCheckpoint(checkpoint, {
      width: 64,
      depth: 4,
      patch: 8,
      grid: 4,
      mlpWidth: 128,
      layerScale: true,
    });
    vi.stubEnv('MUSC_MODELS', path.join(home, 'models'));
    try {
      const imported = await musc('models', 'import', checkpoint, '--taps', 'auto', '--id', 'mine');
      expect(imported.stdout).toMatch(/Imported as mine/);
      const summary = await score(folder, '--backbone', 'mine');
      expect(summary.backbone.id).toBe('mine');
      expect(summary.images).toBe(10);
    } finally {
      vi.unstubAllEnvs();
      await rm(home, { recursive: true });
    }
  });

  it('takes masks among the pictures, and records where they are from the root', async () => {
    const mixed = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    for (const i of [0, 1, 2]) await writePicture(path.join(mixed, `${i}.png`), i, i === 0);
    await copyFile(path.join(folder, 'ground_truth/hole/000_mask.png'), path.join(mixed, '0_mask.png'));
    const { run, ranking } = await score(mixed, '--masks', mixed);
    expect(ranking.map(({ path: name, label }) => `${name} ${label}`).sort()).toEqual([
      '0.png defect',
      '1.png good',
      '2.png good',
    ]);
    expect(JSON.parse(await readFile(run, 'utf8'))).toMatchObject({ settings: { masks: '.' } });
    await rm(mixed, { recursive: true });
  });

  it('gives the same scores whatever the number of threads, from the cache and without it', async () => {
    const first = await score(folder, '--threads', '2');
    await rm(path.join(folder, '.musc', 'cache'), { recursive: true });
    const second = await score(folder);
    expect(second.ranking).toEqual(first.ranking);
  });

  it('scores added pictures to what a whole new run gives', async () => {
    const grown = await smallCategory();
    await score(grown);
    await writePicture(path.join(grown, 'test', 'good', '100.png'), 55);
    await writePicture(path.join(grown, 'test', 'hole', '100.png'), 56, true);
    const added = await musc('score', grown, ...FAST, '--json');
    expect(added.stderr).toMatch(/Only the pairs of 2 added pictures are new/);
    await rm(path.join(grown, '.musc', 'cache'), { recursive: true });
    const anew = await score(grown);
    const scores = new Map(anew.ranking.map((r) => [r.path, r.score]));
    for (const r of (JSON.parse(added.stdout) as ScoreSummary).ranking)
      expect(r.score).toBeCloseTo(scores.get(r.path) ?? NaN, 6);
    await rm(path.dirname(grown), { recursive: true });
  });

  it('deals pictures out to subsets and pools them', async () => {
    const summary = await score(folder, '--subsets', '2', '--seed', '3');
    expect(summary.images).toBe(10);
    expect(new Set(summary.ranking.map((r) => r.path)).size).toBe(10);
  });

  it('skips what it cannot read, lists it with a reason, and goes on', async () => {
    const odd = await smallCategory();
    await writeFile(path.join(odd, 'test', 'good', 'empty.png'), '');
    await writeFile(path.join(odd, 'test', 'good', 'text.jpg'), 'this is no picture');
    const summary = await score(odd);
    expect(summary.images).toBe(10);
    expect(summary.skipped.map((s) => path.posix.basename(s.path)).sort()).toEqual(['empty.png', 'text.jpg']);
    expect(summary.skipped.every((s) => s.reason.length > 5)).toBe(true);
    await rm(path.dirname(odd), { recursive: true });
  });

  it.each([
    [['score'], 2, 'USAGE'],
    [['frob'], 2, 'USAGE'],
    [['score', 'x', '--no-such-flag'], 2, 'USAGE'],
    [['score', '/no/such/folder'], 1, 'FOLDER_NOT_FOUND'],
    [['export', 'x'], 2, 'USAGE'],
  ])('%j ends with %i and one line', async (args, code, word) => {
    const outcome = await musc(...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect(outcome.stderr).toMatch(new RegExp(`^musc: ${word}: `));
  });

  it.each([
    ['--backbone', 'no-such-backbone', 1, 'BACKBONE_UNKNOWN'],
    ['--taps', 'no-such-tap', 1, 'TAP_UNKNOWN'],
    ['--degrees', '2', 2, 'SETTING_INVALID'],
    ['--image-size', '7', 2, 'SETTING_INVALID'],
    ['--device', 'abacus', 2, 'USAGE'],
  ])('%s %s is refused', async (flag, value, code, word) => {
    const outcome = await musc('score', folder, flag, value);
    expect([outcome.code, outcome.stderr.trim().split('\n').at(-1)]).toEqual([
      code,
      expect.stringMatching(new RegExp(`^musc: ${word}: `)),
    ]);
  });

  it('refuses a single picture', async () => {
    const lonely = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    await writePicture(path.join(lonely, 'a.png'), 1);
    expect((await musc('score', lonely)).stderr).toMatch(/^musc: TOO_FEW_IMAGES: /);
    await rm(lonely, { recursive: true });
  });

  it.skipIf(process.getuid?.() === 0)('says at once that a folder is read-only', async () => {
    const locked = await smallCategory();
    await chmod(locked, 0o500);
    expect((await musc('score', locked)).stderr).toMatch(/^musc: FOLDER_READ_ONLY: /m); // after what was recognised
    await chmod(locked, 0o700);
    await rm(path.dirname(locked), { recursive: true });
  });

  it('benchmarks every category of a root and goes on where it was', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const { rename } = await import('node:fs/promises');
    for (const name of ['bolt', 'nut']) await rename(await smallCategory(), path.join(root, name));
    const first = await musc('bench', root, ...FAST, '--json');
    expect(first.code).toBe(0);
    const bench = JSON.parse(first.stdout) as {
      file: string;
      settings: { protocol: string };
      categories: { name: string; figures: { image_auroc: number } }[];
    };
    expect(bench.settings.protocol).toBe('reference');
    expect(bench.categories.map((c) => c.name)).toEqual(['bolt', 'nut']);
    expect(bench.categories.every((c) => c.figures.image_auroc === 1)).toBe(true);
    const again = JSON.parse((await musc('bench', root, ...FAST, '--json', '--resume')).stdout) as { file: string };
    expect(again.file).toBe(bench.file);

    // what is asked for now does not push out what is done, and another data set's document in the same place is not gone on with
    const out = path.join(root, 'out');
    const asked = async (...args: string[]) => {
      const { stdout, code } = await musc('bench', ...args, ...FAST, '--out', out, '--resume', '--json');
      return { code, ...(JSON.parse(stdout) as { file: string; categories: { name: string; problem: string }[] }) };
    };
    const names = ({ categories }: { categories: { name: string }[] }) => categories.map(({ name }) => name);
    const one = await asked(root, '--category', 'nut');
    const both = await asked(root, '--category', 'bolt');
    expect([both.file, names(one), names(both)]).toEqual([one.file, ['nut'], ['bolt', 'nut']]);
    const other = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    for (const name of ['bolt', 'gear']) await rename(await smallCategory(), path.join(other, name));
    await rm(path.join(other, 'gear/test/good'), { recursive: true });
    await rm(path.join(other, 'gear/test/hole/000.png'));
    const second = await asked(other);
    expect(second.file).not.toBe(one.file);
    // a category that could not be scored is in the table, and in the exit code
    expect([second.code, names(second)]).toEqual([1, ['bolt', 'gear']]);
    for (const wrong of [['--estimate'], ['--name', 'x'], ['--export', 'table.doc']])
      expect((await musc('bench', root, ...FAST, ...wrong)).code).toBe(2);
    await rm(other, { recursive: true });
    await rm(root, { recursive: true });
  });

  it('compares settings as a grid, and names the best', async () => {
    const grid = ['--image-size', '64,96', '--degrees', '1,3', '--degrees', '1', '--threads', '1'];
    const { stdout, code } = await musc('compare', folder, ...grid, '--json');
    expect(code).toBe(0);
    const trials = JSON.parse(stdout) as { varied: Record<string, string>; summary: ScoreSummary }[];
    expect(trials.map((t) => Object.values(t.varied).join(' ')).sort()).toEqual(['64 1', '64 1,3', '96 1', '96 1,3']);
    const auroc = trials.map((t) => t.summary.metrics?.image.auroc ?? 0);
    expect(auroc).toEqual([...auroc].sort((a, b) => b - a));
    const table = await musc('compare', folder, '--backbone', 'musc-embedded,nothing-of-this-name', ...FAST);
    expect([table.code, table.stdout]).toEqual([
      0,
      expect.stringMatching(/musc-embedded +100\.0[\s\S]*BACKBONE_UNKNOWN[\s\S]*Best by image AUROC: musc-embedded\./),
    ]);
    const estimated = await musc('compare', folder, '--subsets', '1,2', ...FAST, '--estimate');
    expect(estimated.stdout).toMatch(/subsets 1 .* MB[\s\S]*subsets 2 .* MB[\s\S]*Estimated/);
    expect((await musc('compare', folder, '--backbone', 'nothing-of-this-name')).code).toBe(1);
    const wrong = await musc('compare', folder, '--degrees', '2', '--json');
    expect([wrong.code, JSON.parse(wrong.stdout), wrong.stderr]).toEqual([
      2,
      [expect.objectContaining({ problem: expect.stringContaining('SETTING_INVALID') as string })],
      expect.stringMatching(/^musc: SETTING_INVALID: /m),
    ]);
  });

  it('exports a run', async () => {
    const { run } = await score(folder);
    const out = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    for (const format of ['csv', 'json', 'npy', 'coco', 'xlsx', 'html']) {
      const outcome = await musc(
        'export',
        path.dirname(run),
        '--format',
        format,
        '--out',
        path.join(out, `result.${format}`),
      );
      expect([format, outcome.code, outcome.stderr]).toEqual([format, 0, '']);
    }
    for (const format of ['masks', 'overlays', 'heatmaps']) {
      expect((await musc('export', run, '--format', format, '--out', path.join(out, format))).code).toBe(0);
      expect(
        (await readdir(path.join(out, format), { recursive: true })).filter((n) => /\.(png|jpe?g)$/.test(n)),
      ).toHaveLength(10);
    }
    await rm(out, { recursive: true });
  });

  it('exports with the options of each format, and refuses wrong ones', async () => {
    const { run } = await score(folder);
    const out = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const exported = async (format: string, ...flags: string[]) => {
      const file = path.join(out, flags.join('-'));
      const { code, stderr } = await musc('export', run, '--format', format, '--out', file, ...flags);
      return { code, stderr, file };
    };
    const pixels = async (folder: string): Promise<string[]> => {
      const data = await sharp(path.join(folder, 'test/good/000.png')).raw().toBuffer();
      return Array.from({ length: data.length / 3 }, (_, p) => data.subarray(p * 3, p * 3 + 3).join());
    };
    // as the authors' tool draws them: JET, each picture on its own scale, so that a good one has its whole range
    const heat = await exported('heatmaps', '--colormap', 'jet', '--scale', 'picture', '--type', 'png');
    expect([heat.code, heat.stderr]).toEqual([0, '']);
    const drawn = await pixels(heat.file);
    const deepest = [/^0,0,1[2-5]\d$/, /^1[2-5]\d,0,0$/]; // a cell's middle lies between pixels, so nearly the table's ends
    for (const end of deepest) expect(drawn.some((rgb) => end.test(rgb))).toBe(true);
    const over = await exported('overlays', '--opacity', '1', '--blend', 'even', '--colormap', 'grey', '--type', 'png');
    for (const rgb of await pixels(over.file)) expect(rgb).toMatch(/^(\d+),\1,\1$/); // nothing of the picture is left
    expect((await readNpy((await exported('npy', '--size', 'patch')).file)).shape).toEqual([10, 4, 4]);
    expect(await readFile((await exported('labels', '--as', 'csv')).file, 'utf8')).toMatch(/^path,label,/);
    for (const wrong of ['--opacity=much', '--opacity=2', '--blend=some', '--threshold=high', '--threshold='])
      expect([wrong, (await exported('overlays', wrong)).code]).toEqual([wrong, 2]);
    await rm(out, { recursive: true });
  });

  it('refuses a damaged run', async () => {
    const { run } = await score(folder);
    await appendFile(run, '}');
    expect((await musc('export', run, '--format', 'csv', '--out', '/dev/null')).stderr).toMatch(
      /^musc: FILE_INVALID: /,
    );
  });

  it('tells the program that started it how far a download is and why it failed, which is how the editor shows it', async () => {
    const models = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const hub = await Hub.serving(new Uint8Array(200_000), { claimedSha256: null });
    const { source } = (await findBackbone('dinov3-vit-s-16')).entry;
    const argv = ['models', 'pull', 'dinov3-vit-s-16', '--yes', '--mirror', hub.base, '--models', models];
    const child = fork(CLI, argv, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const told: unknown[] = [];
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('message', (message) => told.push(message));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(told.slice(-2)).toMatchObject([
      { progress: { done: 200_000, total: 200_000 } },
      { error: { code: 'BACKBONE_INVALID', hint: expect.stringContaining('safetensors') as string } },
    ]);
    expect([code, said]).toEqual([1, expect.stringMatching(/about 86 MB[\s\S]*BACKBONE_INVALID/)]); // nothing but zeros
    expect(hub.requests[0].url).toContain(source.file);
    await hub.close();
    await rm(models, { recursive: true });
  });

  it('downloads again what is damaged', async () => {
    const models = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const { entry } = await findBackbone('dinov3-vit-s-16');
    const folder = path.join(models, entry.id);
    const file = path.join(folder, path.basename(entry.source.file));
    const source = { ...entry.source, bytes: 4, estimated: false, sha256: 'a'.repeat(64) };
    await mkdir(folder);
    await writeFile(path.join(folder, 'entry.json'), JSON.stringify({ ...entry, source }));
    await writeFile(file, 'half');
    const { stderr, code } = await musc('models', 'pull', entry.id, '--models', models);
    expect(stderr).toMatch(
      /is damaged and has to be downloaded again.*checksum differs[\s\S]*size .*[\s\S]*nothing was downloaded/,
    );
    expect(code).toBe(130);
    await rm(models, { recursive: true });
  });

  it('imports, lists and verifies a backbone', async () => {
    const models = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
    const imported = await musc(
      'models',
      'import',
      'models/embedded/musc-embedded.onnx',
      '--taps',
      'stride8',
      '--preprocess',
      'imagenet',
      '--id',
      'mine',
      '--models',
      models,
    );
    expect([imported.code, imported.stderr]).toEqual([0, '']);
    const list = JSON.parse((await musc('models', 'list', '--models', models, '--json')).stdout) as {
      id: string;
      installed: boolean;
    }[];
    expect(list.find((b) => b.id === 'mine')?.installed).toBe(true);
    expect((await musc('models', 'verify', '--models', models)).code).toBe(0);
    const [copy] = (await readdir(path.join(models, 'mine'))).filter((n) => n.endsWith('.onnx'));
    await appendFile(path.join(models, 'mine', copy), 'x');
    expect((await musc('models', 'verify', '--models', models)).code).toBe(1);
    await rm(models, { recursive: true });
  });
});
