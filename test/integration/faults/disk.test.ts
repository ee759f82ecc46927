import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBench, writeBench } from '../../../extension/core/benchmark/bench-store';
import { MuscError } from '../../../extension/core/errors';
import { claimFolder } from '../../../extension/core/pipeline/folder-claim';
import { FeatureCache } from '../../../extension/core/pipeline/feature-cache';
import { ScoreMemory } from '../../../extension/core/pipeline/score-memory';
import { exportRun } from '../../../extension/core/run/export-run';
import { writeAtomic } from '../../../extension/core/run/atomic-write';
import { labelsPath, readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { createRunFolder, muscFolder } from '../../../extension/core/run/run-folder';
import { listRuns } from '../../../extension/core/run/run-list';
import { readMaps } from '../../../extension/core/run/run-maps';
import { readRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { readSealed, writeSealed } from '../../../extension/core/scoring/sealed-file';
import { benchSeed, labelsSeed, runSeed } from '../../fuzz/targets/document-seeds';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'musc-disk-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

const AT = '2026-01-02T03:04:05.000Z';
const maps = (): Float32Array => Float32Array.from({ length: 128 }, (_, i) => i / 128);
const folderOf = async (name: string): Promise<string> => {
  const folder = path.join(work, name);
  await mkdir(folder, { recursive: true });
  return folder;
};
const writeSample = async (folder: string): Promise<string> =>
  writeRun(await runsFolder(folder), { ...runSeed(), root: folder }, maps());
const temporaries = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => /tmp$|\.incoming/.test(name));

/** The code of what `work` throws; "none" where it does not. */
const codeOf = (pending: Promise<unknown>): Promise<string> =>
  pending.then(
    () => 'none',
    (error: unknown) => (error instanceof MuscError ? error.code : `not ours: ${String(error)}`),
  );

describe('a file that a power cut left half-written', () => {
  /** Each file that we write, how it is written into a new folder, and how it is read again. */
  const files: readonly (readonly [string, (folder: string) => Promise<string>, (file: string) => Promise<unknown>])[] =
    [
      ['the run', writeSample, readRun],
      [
        'the maps',
        async (folder) => path.join(path.dirname(await writeSample(folder)), 'maps.npy'),
        async (file) => {
          const run = path.join(path.dirname(file), 'run.musc.json');
          return readMaps(run, await readRun(run));
        },
      ],
      [
        'the labels',
        async (folder) => {
          await saveLabels(
            folder,
            Object.entries(labelsSeed()).map(([name, { label }]) => ({ path: name, label, at: AT })),
          );
          return labelsPath(folder);
        },
        (file) => readLabels(path.dirname(path.dirname(file))),
      ],
      [
        'a benchmark',
        async (folder) => {
          const file = path.join(folder, 'x.musc-bench.json');
          await writeBench(file, benchSeed());
          return file;
        },
        readBench,
      ],
      [
        'a checkpoint',
        async (folder) => {
          const file = path.join(folder, 'scoring.musc');
          await writeSealed(file, { key: 'k' }, { totals: maps(), tiles: Uint8Array.from([1, 0, 1]) });
          return file;
        },
        readSealed,
      ],
    ];

  for (const [name, write, read] of files)
    it(`is told from a whole one: ${name}`, async () => {
      const file = await write(await folderOf(name));
      await read(file);
      const whole = await readFile(file);
      for (const part of [0, 0.1, 0.5, 0.9, 0.98]) {
        await truncate(file, Math.floor(whole.length * part));
        expect(await codeOf(read(file)), `${part} of it`).toBe('FILE_INVALID');
        await writeFile(file, whole);
      }
      // blocks that never reached the disk are zeros
      const holed = Buffer.from(whole).fill(0, whole.length >> 1);
      await writeFile(file, holed);
      expect(await codeOf(read(file))).toBe('FILE_INVALID');
      await writeFile(file, whole);
      await read(file);
    });

  it('does not hide the other runs', async () => {
    const folder = await folderOf('several');
    const files = [await writeSample(folder), await writeSample(folder)];
    await truncate(files[0], 100);
    const { runs, broken } = await listRuns(folder);
    expect([runs.length, broken.length]).toEqual([1, 1]);
    expect(broken[0].problem).toMatch(/^FILE_INVALID: .+, .+$/);
  });

  it('among cached features counts as absent', async () => {
    const parent = await folderOf('features');
    const cache = await FeatureCache.open(parent, { a: 1 }, 1000);
    const features = { width: 4, height: 4, taps: maps(), embedding: new Float32Array(3) };
    await cache.put('ab', features);
    expect(await cache.get('ab')).toEqual(features);
    const [key] = await readdir(parent);
    await truncate(path.join(parent, key, 'ab'), 200);
    expect(await cache.get('ab')).toBeNull();
  });
});

const MOUNT_KB = 4096;
/** A disk of 4 MB (blocks can have 64 kB), or why there is none here. */
async function smallDisk(name: string): Promise<{ folder: string; unmount(): void } | string> {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root, to mount a small disk';
  const folder = await folderOf(name);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_KB}k`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    return 'this machine does not let a small disk be mounted';
  }
  return { folder, unmount: () => execFileSync('umount', ['-l', folder]) };
}

describe('a full disk', () => {
  it('at every write is DISK_FULL, leaves what was there and no temporary file', async (context) => {
    const disk = await smallDisk('full');
    if (typeof disk === 'string') {
      console.log(`skipped: ${disk}`);
      return context.skip();
    }
    try {
      const { folder } = disk;
      const run = await writeSample(folder);
      await saveLabels(folder, [{ path: 'a.png', label: 'good', at: AT }]);
      const bench = path.join(folder, 'x.musc-bench.json');
      await writeBench(bench, benchSeed());
      const before = await Promise.all([readFile(run), readFile(labelsPath(folder)), readFile(bench)]);
      await fill(path.join(folder, 'filler'));
      const outside = path.join(folder, 'export');
      const many = Array.from({ length: 2000 }, (_, i) => ({ path: `${i}.png`, label: 'defect' as const, at: AT }));
      const writes: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['a run', () => writeRun(path.dirname(path.dirname(run)), { ...runSeed(), root: folder }, maps())],
        ['labels', () => saveLabels(folder, many)],
        [
          'a benchmark',
          () =>
            writeBench(bench, {
              ...benchSeed(),
              name: 'n'.repeat(200),
              categories: Array.from({ length: 50 }, () => benchSeed().categories[0]),
            }),
        ],
        ['an export', () => exportRun(run, 'csv', `${outside}.csv`)],
        ['another export', () => exportRun(run, 'npy', `${outside}.npy`)],
        ['any file', () => writeAtomic(path.join(folder, 'any'), 'x'.repeat(10_000))],
      ];
      for (const [name, write] of writes) expect(await codeOf(write()), name).toBe('DISK_FULL');
      expect(await Promise.all([readFile(run), readFile(labelsPath(folder)), readFile(bench)])).toEqual(before);
      expect(await temporaries(folder)).toEqual([]);
      const { runs, broken } = await listRuns(folder);
      expect([runs.length, broken.length]).toEqual([1, 0]);
      // caches give up quietly
      const cache = await FeatureCache.open(path.join(folder, 'cache'), { a: 1 }, 1000);
      await cache.put('ab', { width: 1, height: 1, taps: new Float32Array(50_000), embedding: maps() });
      expect(await cache.get('ab')).toBeNull();
      await rm(path.join(folder, 'filler'));
      await saveLabels(folder, many.slice(0, 10)); // and goes on once there is room
      expect(Object.keys(await readLabels(folder))).toHaveLength(11);
    } finally {
      disk.unmount();
    }
  });
});

/** Fills a disk to its last block. */
async function fill(file: string): Promise<void> {
  for (const size of [65_536, 4096, 512, 1]) {
    for (;;) {
      const done = await writeFile(file, Buffer.alloc(size), { flag: 'a' }).then(
        () => true,
        () => false,
      );
      if (!done) break;
    }
  }
}

describe('a place that can’t be written', () => {
  it('is FOLDER_READ_ONLY where the system says so, and reading goes on', async (context) => {
    const disk = await smallDisk('read-only');
    if (typeof disk === 'string') {
      console.log(`skipped: ${disk}`);
      return context.skip();
    }
    try {
      const { folder } = disk;
      const run = await writeSample(folder);
      execFileSync('mount', ['-o', 'remount,ro', folder]);
      expect(await codeOf(writeSample(folder))).toBe('FOLDER_READ_ONLY');
      expect(await codeOf(saveLabels(folder, [{ path: 'a.png', label: 'good', at: AT }]))).toBe('FOLDER_READ_ONLY');
      expect(await codeOf(exportRun(run, 'csv', path.join(folder, 'x.csv')))).toBe('FOLDER_READ_ONLY');
      expect((await listRuns(folder)).runs).toHaveLength(1);
      expect((await readRun(run)).images).toHaveLength(2);
      const memory = await ScoreMemory.open(path.join(folder, '.musc', 'cache'), {});
      expect(await memory.checkpoint(['a'], false)).toBeUndefined(); // scored without one
    } finally {
      disk.unmount();
    }
  });

  it('that vanished meanwhile is FILE_IO', async () => {
    const folder = await folderOf('vanished');
    const run = await writeSample(folder);
    await rm(folder, { recursive: true });
    expect(await codeOf(readRun(run))).toBe('FILE_IO');
    expect(await codeOf(exportRun(run, 'csv', path.join(work, 'x.csv')))).toBe('FILE_IO');
    expect((await listRuns(folder)).runs).toEqual([]);
    expect(await readLabels(folder)).toEqual({});
  });

  it('is not changed where a file lies in its way', async () => {
    const folder = await folderOf('in-the-way');
    await writeFile(path.join(folder, '.musc'), 'mine');
    expect(await codeOf(muscFolder(folder))).toBe('FILE_IO');
    expect(await readFile(path.join(folder, '.musc'), 'utf8')).toBe('mine');
  });
});

describe('what a stranger put into .musc', () => {
  const posix = process.platform === 'win32' ? it.skip : it;

  posix('as a pipe or a link to a device is refused at once, not read forever', async () => {
    const folder = await folderOf('devices');
    const run = await writeSample(folder);
    await rm(run);
    execFileSync('mkfifo', [run]);
    await symlink('/dev/zero', labelsPath(folder));
    expect(await codeOf(readRun(run))).toBe('FILE_INVALID');
    expect((await listRuns(folder)).broken).toHaveLength(1);
    expect(await codeOf(readLabels(folder))).toBe('FILE_INVALID');
    await symlink('/dev/zero', path.join(folder, 'x.musc-bench.json'));
    expect(await codeOf(readBench(path.join(folder, 'x.musc-bench.json')))).toBe('FILE_INVALID');
  });

  posix('as links in the caches leads nobody to delete or change what is elsewhere', async () => {
    const folder = await folderOf('links');
    const home = await folderOf('home');
    const precious = path.join(home, 'run-precious', 'thesis.txt');
    await mkdir(path.dirname(precious));
    await writeFile(precious, 'x'.repeat(5000));
    const cache = path.join(folder, '.musc', 'cache');
    await mkdir(cache, { recursive: true });
    await symlink(home, path.join(cache, 'features'));
    await symlink(home, path.join(cache, 'scoring'));
    await FeatureCache.open(path.join(cache, 'features'), { a: 1 }, 900, 1000); // no room for anything else
    const memory = await ScoreMemory.open(cache, {});
    const checkpoint = await memory.checkpoint(['a'], false);
    await checkpoint?.release();
    expect((await stat(precious)).size).toBe(5000);
  });
});

describe('a checkpoint’s folder', () => {
  it('is of one process at a time, and free after a crash', async () => {
    const folder = path.join(await folderOf('claims'), 'run');
    const first = await claimFolder(folder);
    expect(await claimFolder(folder)).toBeNull();
    await first?.release();
    const second = await claimFolder(folder);
    expect(second).not.toBeNull();
    await second?.release();
    await writeFile(`${folder}.owner`, `${os.hostname()}\n${2 ** 22 + 1}\nx`); // no such process
    await expect(claimFolder(folder)).resolves.not.toBeNull();
  });

  it('is free again once another machine, or a container that is gone, has been silent for long', async () => {
    const folder = path.join(await folderOf('silent'), 'run');
    const journal = path.join(folder, 'scoring.musc');
    await mkdir(folder);
    for (const file of [`${folder}.owner`, journal]) await writeFile(file, 'another\n1\nx');
    expect(await claimFolder(folder)).toBeNull();
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(`${folder}.owner`, yesterday, yesterday);
    expect(await claimFolder(folder)).toBeNull(); // it saves its progress
    await utimes(journal, yesterday, yesterday);
    expect(await claimFolder(folder)).not.toBeNull();
  });
});

describe('caches', () => {
  it('drop the oldest features of pictures that are gone, once they are too many', async () => {
    const parent = await folderOf('rotating');
    const cache = await FeatureCache.open(parent, { a: 1 }, 1000);
    const hashes = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
    for (const [i, hash] of hashes.entries()) {
      await cache.put(hash, { width: 4, height: 4, taps: new Float32Array(250), embedding: new Float32Array(0) });
      const [key] = await readdir(parent);
      await utimes(path.join(parent, key, hash), i, i);
    }
    await cache.trim(new Set([hashes[0]]));
    expect(await cache.get(hashes[1])).not.toBeNull(); // there is room
    await cache.trim(new Set([hashes[0]]), 2500);
    expect(await Promise.all(hashes.map(async (hash) => (await cache.get(hash)) !== null))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('say why a run has no checkpoint', async () => {
    const memory = await ScoreMemory.open(await folderOf('too-large'), {});
    const told: string[] = [];
    expect(await memory.checkpoint(['a'], false, 1e15, (why) => told.push(why))).toBeUndefined();
    const claimed = await memory.checkpoint(['a'], false, 0, (why) => told.push(why));
    expect(await memory.checkpoint(['a'], false, 0, (why) => told.push(why))).toBeUndefined();
    await claimed?.release();
    expect(told).toEqual([expect.stringMatching(/1000000\.0 GB/), 'another process is at the same run']);
  });

  it('let others have a run’s checkpoint whose folder could not be made', async () => {
    const folder = await folderOf('in-the-way-of-a-checkpoint');
    const memory = await ScoreMemory.open(folder, {});
    const made = await memory.checkpoint(['a'], true);
    await made!.release();
    await rm(made!.folder, { recursive: true });
    await writeFile(made!.folder, 'in the way');
    const told: string[] = [];
    expect(await memory.checkpoint(['a'], true, 0, (why) => told.push(why))).toBeUndefined();
    expect(told).toHaveLength(1);
    await rm(made!.folder);
    const again = await memory.checkpoint(['a'], true, 0, (why) => told.push(why));
    expect(again).toBeDefined();
    await again!.release();
    expect(told).toHaveLength(1);
  });
});

describe('a clock that is set back', () => {
  it('gives runs names of their own, and never an older one', async () => {
    const parent = await folderOf('clock');
    const times = ['2026-05-05T10:00:00Z', '2026-05-05T09:00:00Z', '2026-05-05T10:00:00Z', '1970-01-01T00:00:00Z'];
    const names = [];
    for (const time of times) names.push(await createRunFolder(parent, 'x', new Date(time)));
    expect(new Set(names).size).toBe(times.length);
  });

  it('loses no label: the file’s decision stays unless somebody decides again', async () => {
    const folder = await folderOf('clock-labels');
    await saveLabels(folder, [{ path: 'a.png', label: 'good', at: '2030-01-01T00:00:00.000Z' }]);
    await saveLabels(folder, [{ path: 'b.png', label: 'defect', at: '2020-01-01T00:00:00.000Z' }]);
    const before = (await readLabels(folder))['a.png'];
    await saveLabels(folder, [{ path: 'a.png', label: 'defect', at: '2020-01-01T00:00:00.000Z', before }]);
    expect((await readLabels(folder))['a.png'].label).toBe('defect');
    expect((await readLabels(folder))['b.png'].label).toBe('defect');
  });
});

it('permissions taken away are told as such', async (context) => {
  if (process.platform === 'win32' || process.getuid?.() === 0) return context.skip(); // root may do everything
  const folder = await folderOf('forbidden');
  await chmod(folder, 0o500);
  expect(await codeOf(writeSample(folder))).toBe('FOLDER_READ_ONLY');
  await chmod(folder, 0o700);
});
