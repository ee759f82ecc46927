import type * as fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { listBackbones } from '../../../extension/core/backbone/registry';

/** Files that were asked for in a way that holds the event loop until the drive answers. */
const held = vi.hoisted(() => [] as string[]);
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const watched = Object.entries(real).map(([name, call]) => [
    name,
    name.endsWith('Sync') && typeof call === 'function'
      ? (...args: unknown[]) => (held.push(String(args[0])), (call as (...all: unknown[]) => unknown)(...args))
      : call,
  ]);
  return { ...real, ...Object.fromEntries(watched) } as typeof fs;
});

it('the list of backbones does not wait for the drive that the models folder lies on', async () => {
  const models = await mkdtemp(path.join(os.tmpdir(), 'musc-models-'));
  const [backbone] = (await listBackbones()).filter(({ entry }) => entry.source.kind === 'hub');
  const { id, source } = backbone.entry;
  await mkdir(path.join(models, id));
  await writeFile(path.join(models, id, 'entry.json'), JSON.stringify(backbone.entry));
  const file = path.join(models, id, path.posix.basename(source.file));
  await writeFile(file, '');
  const listed = await listBackbones(models);
  expect(listed.find(({ entry }) => entry.id === id)?.file).toBe(file);
  expect(held.filter((name) => name.startsWith(models))).toEqual([]);
  await rm(models, { recursive: true });
});
