import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { modelsFolder } from '../../../extension/core/backbone/models-folder';
import { removeBackbone } from '../../../extension/host/commands/backbones';
import type { Host } from '../../../extension/host/host';
import { user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-remove-'));
afterAll(() => rm(work, { recursive: true, force: true }));

const SHA = 'a1b2c3d4e5f6'.padEnd(64, '0');
const models = path.join(work, 'models');
let own: string;
/** A backbone with graphs built from it in both places, one of them half; and a graph of another. */
beforeEach(async () => {
  for (const name of ['HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, path.join(work, 'home'));
  own = modelsFolder({ ...process.env, MUSC_MODELS: undefined });
  for (const name of ['vit', '.built/a1b2c3d4e5f6-small', '.built/a1b2c3d4e5f6-x.tmp', '.built/ffffffffffff-other'])
    await mkdir(path.join(models, name), { recursive: true });
  await writeFile(path.join(models, '.built/a1b2c3d4e5f6-small/weights.bin'), 'large');
  await mkdir(path.join(own, '.built/a1b2c3d4e5f6-large'), { recursive: true });
  Object.assign(user, { answer: 'Remove', warnings: [], errors: [] });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(models, { recursive: true, force: true });
});

const changed = vi.fn();
const node = {
  kind: 'backbone',
  backbone: { entry: { id: 'vit', name: 'ViT', source: { kind: 'hub', sha256: SHA } } },
};
const remove = (chosen = 'musc-embedded') =>
  removeBackbone({ backbones: { folder: models, chosen, changed } } as unknown as Host, node);
/** What there is: of the models folder, and graphs of both places. */
const left = async () => [
  (await readdir(models)).sort(),
  (await readdir(path.join(models, '.built'))).sort(),
  await readdir(path.join(own, '.built')),
];

it('goes with the networks that were built from it, wherever they lie', async () => {
  await remove();
  expect(await left()).toEqual([['.built'], ['a1b2c3d4e5f6-x.tmp', 'ffffffffffff-other'], []]);
  expect([user.warnings, user.errors]).toEqual([['Remove ViT from this machine?'], []]);
});

it('stays, with all that was built from it, unless the user agrees', async () => {
  const before = await left();
  user.answer = undefined;
  await remove();
  expect(await left()).toEqual(before);
});

it.each([
  ['vit', true],
  ['musc-embedded', false],
])('the question says whether it is the one in use, which is %s', async (chosen, says) => {
  const question = vi.spyOn(window, 'showWarningMessage').mockClear();
  await remove(chosen);
  const [, { detail }] = question.mock.lastCall as unknown as [string, { detail: string }];
  expect(detail.includes('It is the one in use: choose another before the next run.')).toBe(says);
  expect(detail).toContain(path.join(models, 'vit'));
});
