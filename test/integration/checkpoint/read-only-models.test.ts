import { existsSync } from 'node:fs';
import type * as fs from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { modelsFolder } from '../../../extension/core/backbone/models-folder';
import { openBackbone } from '../../../extension/core/backbone/open-backbone';
import { writeRandomCheckpoint } from '../../bench/random-checkpoint';

/** Folders in which nothing may be made; for root, too, who runs tests and may do everything. */
const readOnly = vi.hoisted(() => [] as string[]);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const refused = (folder: unknown) => readOnly.some((r) => String(folder).startsWith(r));
  return {
    ...real,
    mkdir: (...args: Parameters<typeof real.mkdir>) =>
      refused(args[0]) ? Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' })) : real.mkdir(...args),
  };
});

let folder: string;
let own: string;
let models: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-read-only-'));
  for (const name of ['HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, path.join(folder, 'home'));
  vi.stubEnv('MUSC_SCRATCH', path.join(folder, 'scratch'));
  own = modelsFolder({ ...process.env, MUSC_MODELS: undefined });
  models = path.join(folder, 'models');
  vi.stubEnv('MUSC_MODELS', models);
  await mkdir(models);
  const SIZE = { width: 64, depth: 4, patch: 8, grid: 4, mlpWidth: 128, layerScale: true };
  await writeRandomCheckpoint(path.join(models, 'tiny.safetensors'), SIZE);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  readOnly.length = 0;
  await rm(folder, { recursive: true });
});

/** Opens the checkpoint. Returns whether its graph was built. */
async function opened(): Promise<boolean> {
  const request = { backbone: path.join(models, 'tiny.safetensors'), taps: 'auto', input: null } as const;
  const built = vi.fn();
  const common = { device: 'cpu', protocol: 'exact', threads: 1 } as const;
  await (await openBackbone({ ...request, ...common }, { models, built })).close();
  return built.mock.calls.length > 0;
}

it('a checkpoint in a models folder that is only to be read is built in the user’s own, once', async () => {
  readOnly.push(models);
  expect([await opened(), await opened()]).toEqual([true, false]);
  expect(await readdir(path.join(own, '.built'))).toHaveLength(1);
  expect(existsSync(path.join(models, '.built'))).toBe(false);
});

it('and nowhere where that is only to be read, too: not where others could put one', async () => {
  readOnly.push(models, own);
  await expect(opened()).rejects.toMatchObject({ code: 'FOLDER_READ_ONLY' });
  expect(existsSync(path.join(folder, 'scratch'))).toBe(false);
});

it('and nowhere else where it can be written, or holds the graph', async () => {
  expect(await opened()).toBe(true);
  readOnly.push(models);
  expect(await opened()).toBe(false);
  expect(existsSync(own)).toBe(false);
});
