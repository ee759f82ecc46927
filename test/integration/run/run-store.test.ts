import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweepAbandoned, TEMPORARY, temporaryName, writeAtomic } from '../../../extension/core/run/atomic-write';
import {
  createRunFolder,
  datasetRoot,
  deleteRun,
  liesInUsualPlace,
  sweepUnfinished,
} from '../../../extension/core/run/run-folder';
import { listRuns } from '../../../extension/core/run/run-list';
import { readMaps, RunMaps } from '../../../extension/core/run/run-maps';
import { readShortlist } from '../../../extension/core/run/run-neighbours';
import { readRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { resolveInside, resolveMask } from '../../../extension/core/run/safe-path';
import { picture, put, runOf, temporaryFolder } from './sample-run';

const maps = (n: number): Float32Array => Float32Array.from({ length: n * 16 }, (_, i) => i / 16);
const pictures = (n: number) => Array.from({ length: n }, (_, i) => picture(`${i}.png`, { score: i / n, rawScore: i }));

async function written(n = 3) {
  const folder = await temporaryFolder();
  const runPath = await writeRun(await runsFolder(folder), runOf(folder, pictures(n)), maps(n));
  return { folder, runPath };
}

describe('a run on disk', () => {
  it('reads back as it was written', async () => {
    const { folder, runPath } = await written();
    const run = await readRun(runPath);
    expect(run).toMatchObject(runOf('../../..', pictures(3), { id: run.id }));
    expect(run.summary).toEqual({ images: 3, skipped: 0, topScore: 2 / 3 });
    expect(datasetRoot(runPath, run)).toBe(folder);
    expect(liesInUsualPlace(runPath, run)).toBe(true);
    expect(await readMaps(runPath, run)).toEqual(maps(3));
    expect(await readFile(path.join(folder, '.musc/.gitignore'), 'utf8')).toBe('*\n');
    expect((await readdir(path.dirname(runPath))).sort()).toEqual(['maps.npy', 'run.musc.json']);
  });

  it('may be of a picture that is dated before 1970', async () => {
    const folder = await temporaryFolder();
    const run = runOf(folder, [picture('0.png', { modified: -86_400_000.5 })]);
    const read = await readRun(await writeRun(await runsFolder(folder), run, maps(1)));
    expect(read.images[0].modified).toBe(-86_400_000.5);
  });

  it('elsewhere names its root by its whole path', async () => {
    const [folder, out] = [await temporaryFolder(), await temporaryFolder()];
    const runPath = await writeRun(await runsFolder(out, true), runOf(folder, pictures(2)), maps(2));
    const run = await readRun(runPath);
    expect(path.dirname(path.dirname(runPath))).toBe(out);
    expect(datasetRoot(runPath, run)).toBe(folder);
    expect(liesInUsualPlace(runPath, run)).toBe(false);
    expect(await readdir(out)).toHaveLength(1);
  });

  it('maps are read picture by picture', async () => {
    const { runPath } = await written(5);
    const file = await RunMaps.open(runPath, await readRun(runPath));
    expect(await file.read(3)).toEqual(maps(5).slice(48, 64));
    expect(await file.read(1, 4)).toEqual(maps(5).slice(16, 64));
    await expect(file.read(5)).rejects.toMatchObject({ code: 'INTERNAL' });
    await file.close();
  });

  it('tells maps and neighbours that are not what was written, picture by picture', async () => {
    const folder = await temporaryFolder();
    const shortlists = { length: 1, images: Uint32Array.from({ length: 3 * 16 }, (_, i) => i % 3) };
    const neighbours = [{ members: [0, 1, 2], shortlists }];
    const runPath = await writeRun(await runsFolder(folder), runOf(folder, pictures(3)), maps(3), { neighbours });
    const run = await readRun(runPath);
    const flip = async (name: string, fromEnd: number) => {
      const file = path.join(path.dirname(runPath), name);
      const bytes = await readFile(file);
      bytes[bytes.length - fromEnd] ^= 1;
      await writeFile(file, bytes);
    };
    const damaged = { code: 'FILE_INVALID', message: expect.stringContaining('row 2'), hint: expect.any(String) };
    await flip('maps.npy', 1);
    await expect(readMaps(runPath, run)).rejects.toMatchObject(damaged);
    const file = await RunMaps.open(runPath, run);
    expect(await file.read(1)).toEqual(maps(3).slice(16, 32));
    await expect(file.read(2)).rejects.toMatchObject(damaged);
    await file.close();
    await flip('neighbours.npy', 1);
    expect(await readShortlist(runPath, run, 0, 1)).toEqual([1]);
    await expect(readShortlist(runPath, run, 2, 0)).rejects.toMatchObject(damaged);
    // a run of before there were checksums is read as it is
    const older = { ...run, images: run.images.map(({ mapCrc: _m, neighboursCrc: _n, ...image }) => image) };
    expect(await readMaps(runPath, older)).toHaveLength(48);
  });

  it('keeps neighbours of subsets under the indices of the run', async () => {
    const folder = await temporaryFolder();
    const run = runOf(folder, pictures(4));
    const shortlists = (length: number, image: (slot: number, patch: number, k: number) => number) => ({
      length,
      images: Uint32Array.from({ length: 2 * 16 * length }, (_, i) =>
        image(Math.floor(i / (16 * length)), Math.floor(i / length) % 16, i % length),
      ),
    });
    const neighbours = [
      { members: [0, 3], shortlists: shortlists(1, (slot) => 1 - slot) },
      { members: [2, 1], shortlists: shortlists(2, (slot, _p, k) => (k ? slot : 1 - slot)) },
    ];
    const runPath = await writeRun(await runsFolder(folder), run, maps(4), { neighbours });
    const read = await readRun(runPath);
    expect(await readShortlist(runPath, read, 0, 5)).toEqual([3]);
    expect(await readShortlist(runPath, read, 2, 15)).toEqual([1]);
    const without = await written();
    expect(await readShortlist(without.runPath, await readRun(without.runPath), 0, 0)).toBeNull();
  });

  it('refuses to write what it would not read', async () => {
    const folder = await temporaryFolder();
    const bad = runOf(folder, [picture('a.png', { score: NaN }), picture('b.png')]);
    await expect(writeRun(await runsFolder(folder), bad, maps(2))).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(writeRun(await runsFolder(folder), runOf(folder, pictures(2)), maps(3))).rejects.toThrow(/48 patch/);
    expect(await readdir(path.join(folder, '.musc'))).toEqual(['.gitignore']);
  });
});

describe('damage', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ['empty', () => '', /empty/],
    ['cut off', (t) => t.slice(0, t.length / 2), /damaged/],
    ['another format', (t) => t.replace('musc-run', 'x'), /not a musc-run/],
    ['an array', () => '[]', /not a musc-run/],
    ['a newer version', (t) => t.replace('"version":1', '"version":7'), /version 7.*update/],
    ['no version', (t) => t.replace('"version":1', '"v":1'), /no version/],
    ['a wrong type', (t) => t.replace('"degrees":[1,3,5]', '"degrees":"1"'), /settings\.degrees/],
    ['a path that is absolute', (t) => t.replace('"path":"1.png"', '"path":"/etc/passwd"'), /images\.1\.path/],
    ['a path with backslashes', (t) => t.replace('"path":"1.png"', '"path":"..\\\\x.png"'), /images\.1\.path/],
    ['a hostile key', (t) => t.replace('"degrees"', '"__proto__":{"polluted":1},"degree"'), /settings\.degrees/],
  ])('%s: refused with what, where and what to do', async (_, change, message) => {
    const { runPath } = await written();
    await writeFile(runPath, change(await readFile(runPath, 'utf8')));
    const error = await readRun(runPath).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'FILE_INVALID', where: runPath, hint: expect.any(String) });
    expect((error as { toLine(): string }).toLine()).toMatch(message);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('maps that are cut off, too long, of another run or gone', async () => {
    const { runPath } = await written();
    const run = await readRun(runPath);
    const file = path.join(path.dirname(runPath), 'maps.npy');
    await appendFile(file, 'x');
    await expect(readMaps(runPath, run)).rejects.toMatchObject({ code: 'FILE_INVALID' });
    await truncate(file, 200);
    await expect(readMaps(runPath, run)).rejects.toMatchObject({ code: 'FILE_INVALID' });
    const other = { ...run, grid: { height: 5, width: 4 } };
    await expect(readMaps(runPath, other)).rejects.toThrow(/3 x 4 x 4 where 3 x 5 x 4/);
    await rm(file);
    await expect(readMaps(runPath, run)).rejects.toMatchObject({ code: 'FILE_IO' });
  });
});

describe('lists of runs', () => {
  it('newest first; broken ones apart; unfinished ones not at all', async () => {
    const folder = await temporaryFolder();
    const runs = await runsFolder(folder);
    const at = (n: number) => ({ createdAt: `2026-01-0${n}T00:00:00.000Z`, name: `run ${n}` });
    for (const n of [2, 3, 1]) await writeRun(runs, runOf(folder, pictures(n), at(n)), maps(n));
    const unfinished = await createRunFolder(runs, 'unfinished');
    await put(path.join(unfinished, `.run.musc.json.x${TEMPORARY}`), '{');
    const broken = await put(path.join(runs, 'broken/run.musc.json'), '{');
    await put(path.join(runs, 'stray.txt'), 'x');
    const list = await listRuns(folder);
    expect(list.runs.map((r) => [r.name, r.images, r.auroc])).toEqual([
      ['run 3', 3, null],
      ['run 2', 2, null],
      ['run 1', 1, null],
    ]);
    expect(list.broken).toEqual([{ path: broken, problem: expect.stringMatching(/FILE_INVALID.*damaged/) }]);
    expect(await listRuns(await temporaryFolder())).toEqual({ runs: [], broken: [] });
  });

  it('reads only the head of our own files, and the whole of others', async () => {
    const { folder, runPath } = await written(40);
    const text = await readFile(runPath, 'utf8');
    const at = text.indexOf('\n"images":[');
    await writeFile(runPath, `${text.slice(0, at)}\n"images":[ broken after the head`);
    expect((await listRuns(folder)).runs[0]).toMatchObject({ images: 40, topScore: 39 / 40 });
    await writeFile(runPath, JSON.stringify(JSON.parse(text)));
    expect((await listRuns(folder)).runs[0]).toMatchObject({ images: 40, topScore: 39 / 40 });
  });

  it('deletes what is ours of a run, and never what lies beside it', async () => {
    const { folder, runPath } = await written();
    await put(path.join(path.dirname(runPath), 'neighbours.npy'), 'x');
    await put(path.join(path.dirname(runPath), `.run.musc.json.x${TEMPORARY}`), 'x');
    await put(path.join(path.dirname(runPath), `.overlays.x${TEMPORARY}/good/0.png`), 'x'); // of an export into the run's folder
    await deleteRun(runPath);
    expect(await readdir(path.join(folder, '.musc/runs'))).toEqual([]);
    const { runPath: exported } = await written();
    const report = await put(path.join(path.dirname(exported), 'report.html'), 'x');
    await deleteRun(exported);
    expect(await readdir(path.dirname(report))).toEqual(['report.html']);
    const out = await temporaryFolder();
    const other = await writeRun(out, runOf(folder, pictures(2)), maps(2));
    const keep = await put(path.join(path.dirname(other), 'mine.txt'), 'x');
    await put(path.join(path.dirname(other), 'neighbours.npy'), 'x');
    await deleteRun(other);
    expect(await readdir(path.dirname(keep))).toEqual(['mine.txt']);
    await expect(deleteRun(keep)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('deletes a run under another name, and its heatmaps with the last run beside them', async () => {
    const { folder, runPath } = await written();
    const here = path.dirname(runPath);
    const mine = await put(path.join(here, 'mine.musc.json'), await readFile(runPath, 'utf8'));
    const keep = await put(path.join(here, 'notes.txt'), 'x');
    await deleteRun(runPath); // in the usual place, but not alone
    expect((await readdir(here)).sort()).toEqual(['maps.npy', 'mine.musc.json', 'notes.txt']);
    await deleteRun(mine);
    expect(await readdir(here)).toEqual(['notes.txt']);
    await rm(keep);
    await deleteRun(await put(path.join(here, 'mine.musc.json'), 'damaged'));
    expect(await readdir(path.join(folder, '.musc/runs'))).toEqual([]);
  });
});

describe('folders of runs that were killed', () => {
  it('go after a day, if nothing but ours is in them', async () => {
    const { folder, runPath } = await written();
    const runs = await runsFolder(folder);
    const killed = await createRunFolder(runs, 'killed');
    await put(path.join(killed, 'maps.npy'), 'x');
    await put(path.join(killed, `.run.musc.json.x${TEMPORARY}`), 'x');
    await put(path.join(killed, `.overlays.x${TEMPORARY}/good/0.png`), 'x');
    const mine = await createRunFolder(runs, 'mine');
    await put(path.join(mine, 'notes.txt'), 'x');
    const arrays = await createRunFolder(runs, 'arrays'); // of another tool that names its folders alike
    await put(path.join(arrays, 'features.npy'), 'x');
    await sweepUnfinished(runs);
    expect(await readdir(runs)).toHaveLength(4);
    await sweepUnfinished(runs, Date.now() + 25 * 3600 * 1000);
    expect((await readdir(runs)).sort()).toEqual(
      [path.dirname(runPath), mine, arrays].map((one) => path.basename(one)).sort(),
    );
  });
});

it('what a dead process was writing goes with the next write, what a living one writes stays', async () => {
  const folder = await temporaryFolder();
  const mine = temporaryName(path.join(folder, 'maps.npy'));
  const dead = mine.replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`); // no such process
  const elsewhere = dead.replace(/[0-9a-f]{8}(?=-\d)/, '00000000');
  for (const file of [mine, dead, elsewhere]) await writeFile(file, 'x');
  await sweepAbandoned(folder);
  const left = await readdir(folder);
  expect(left.sort()).toEqual([mine, elsewhere].map((file) => path.basename(file)).sort());
});

describe('names of runs', () => {
  it('never meet: same second, many at once, strange names', async () => {
    const parent = path.join(await temporaryFolder(), 'runs');
    const now = new Date('2026-01-02T03:04:05.678Z');
    const made = await Promise.all(Array.from({ length: 12 }, () => createRunFolder(parent, 'über/..\\x', now)));
    expect(new Set(made).size).toBe(12);
    for (const folder of made) expect(path.basename(folder)).toMatch(/^20260102-030405-u-ber-\.\.-x(-\d+)?$/);
    expect(path.basename(await createRunFolder(parent, '...', now))).toBe('20260102-030405-run');
  });
});

describe('writing', () => {
  it('that fails leaves the old file and nothing else', async () => {
    const folder = await temporaryFolder();
    const file = await put(path.join(folder, 'a.json'), 'old');
    const failing = async function* () {
      yield 'half';
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    await expect(writeAtomic(file, failing())).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('where a folder is in the way fails cleanly', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'a.json/x'), { recursive: true });
    await expect(writeAtomic(path.join(folder, 'a.json'), 'new')).rejects.toMatchObject({ code: 'FILE_IO' });
    expect(await readdir(folder)).toEqual(['a.json']);
    const file = await put(path.join(folder, 'file'), 'x');
    await expect(writeAtomic(path.join(file, 'below'), 'new')).rejects.toMatchObject({ code: 'FILE_IO' });
  });
});

describe('links', () => {
  it('that lead out of the folder are not followed; those within are', async () => {
    const [folder, outside] = [await temporaryFolder(), await temporaryFolder()];
    await put(path.join(outside, 'secret.png'), 'x');
    await put(path.join(folder, 'in/a.png'), 'x');
    await symlink(path.join(outside, 'secret.png'), path.join(folder, 'link.png'));
    await symlink(outside, path.join(folder, 'away'));
    await symlink(path.join(folder, 'in'), path.join(folder, 'within'));
    const refused = { code: 'FILE_INVALID' };
    await expect(resolveInside(folder, 'link.png')).rejects.toMatchObject(refused);
    await expect(resolveInside(folder, 'away/secret.png')).rejects.toMatchObject(refused);
    expect(await stat(await resolveInside(folder, 'within/a.png'))).toBeTruthy();
    await expect(resolveInside(folder, 'no.png')).rejects.toMatchObject({ code: 'FILE_IO' });
  });

  it('masks may climb, as pictures only', async () => {
    const folder = await temporaryFolder();
    const root = path.join(folder, 'test/crack');
    await mkdir(root, { recursive: true });
    await put(path.join(folder, 'ground_truth/crack/0_mask.png'), 'x');
    expect(await resolveMask(root, '../../ground_truth/crack/0_mask.png')).toMatch(/0_mask\.png$/);
    for (const name of ['m.jfif', 'm.jpe', 'm.dib', 'm.apng'])
      // of which pictures are found, and masks
      await expect(resolveMask(root, `../../ground_truth/${name}`)).rejects.toMatchObject({ code: 'FILE_IO' });
    await expect(resolveMask(root, '../../ground_truth/key.pem')).rejects.toMatchObject({ code: 'FILE_INVALID' });
    await expect(resolveMask(root, `${'../'.repeat(6)}x.png`)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});
