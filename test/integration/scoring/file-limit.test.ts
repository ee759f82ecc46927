import { mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import type * as fs from 'node:fs';
import type * as files from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ScoreMemory } from '../../../extension/core/pipeline/score-memory';
import { extendFile } from '../../../extension/core/scoring/feature-store';

/** A disk whose files have so many bytes at most (FAT32: 4 GiB), and which descriptors were closed. */
const { LIMIT, refuse, closed } = vi.hoisted(() => ({
  LIMIT: 2 ** 32 - 1,
  refuse: (bytes: number | null | undefined): void => {
    if ((bytes ?? 0) > LIMIT) throw Object.assign(new Error('EFBIG: file too large'), { code: 'EFBIG' });
  },
  closed: [] as number[],
}));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  const truncate: typeof real.truncate = async (file, bytes) => (refuse(bytes), real.truncate(file, bytes));
  return { ...real, truncate };
});
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const ftruncateSync: typeof real.ftruncateSync = (file, bytes) => (refuse(bytes), real.ftruncateSync(file, bytes));
  const closeSync: typeof real.closeSync = (file) => (closed.push(file), real.closeSync(file));
  return { ...real, ftruncateSync, closeSync };
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-limit-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a run whose distances are too long for a file of the disk saves no progress, says so, and leaves nothing', async () => {
  const memory = await ScoreMemory.open(folder, {});
  const told: string[] = [];
  expect(await memory.checkpoint(['a'], false, LIMIT + 1, (why) => told.push(why))).toBeUndefined();
  expect(told).toEqual(['the disk does not take a file of 4.3 GB']);
  expect(readdirSync(path.join(folder, 'scoring'))).toEqual([]);
  const claimed = await memory.checkpoint(['a'], false, LIMIT, (why) => told.push(why));
  expect(claimed).toBeDefined();
  expect(readdirSync(claimed!.folder)).toEqual([]);
  await claimed?.release();
});

it('a file that the disk does not let grow is closed', () => {
  const descriptor = openSync(path.join(folder, 'tap-0.distances'), 'wx+');
  expect(() => extendFile(descriptor, LIMIT + 1)).toThrow('EFBIG');
  expect(closed).toEqual([descriptor]);
});
