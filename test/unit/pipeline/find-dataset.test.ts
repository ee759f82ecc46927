import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { findDataset } from '../../../extension/core/pipeline/find-dataset';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function rootOf(...categories: string[]): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'musc-root-'));
  folders.push(root);
  for (const category of categories) {
    const good = path.join(root, category, 'test/good');
    await mkdir(good, { recursive: true });
    for (const name of ['0.png', '1.png']) await writeFile(path.join(good, name), '');
  }
  return root;
}

it('a root of several categories is refused with advice for everybody, and options for the command line only', async () => {
  const root = await rootOf('bottle', 'cable');
  const error = await findDataset({ folder: root }, 'exact').catch((thrown: unknown) => thrown as MuscError);
  if (!(error instanceof MuscError)) throw new Error('it was not refused');
  expect(error.code).toBe('DATASET_UNCLEAR');
  expect(error.hint).toBe('choose one (bottle, cable), or benchmark them all');
  expect(error.toLine()).not.toMatch(/--|musc bench/);
  expect(error.toCommandLine()).toBe(`${error.toLine()} (--category NAME, or musc bench)`);
});

it('one of them is found by its name', async () => {
  const root = await rootOf('bottle', 'cable');
  expect((await findDataset({ folder: root, category: 'cable' }, 'exact')).category).toBe('cable');
});
