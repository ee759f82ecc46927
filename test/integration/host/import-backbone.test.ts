import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { importBackbone } from '../../../extension/host/commands/backbones';
import type { Host } from '../../../extension/host/host';
import { user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-import-'));
afterAll(() => rm(work, { recursive: true, force: true }));
const SAID = path.join(work, 'said.json');

/** A host whose command line writes down what it is asked for, and that knows backbones of these ids. */
async function hostKnowing(...ids: string[]): Promise<Host> {
  await mkdir(path.join(work, 'dist'), { recursive: true });
  await writeFile(
    path.join(work, 'dist/cli.js'),
    `require('fs').writeFileSync(${JSON.stringify(SAID)}, JSON.stringify(process.argv.slice(2)));`,
  );
  const list = () => Promise.resolve(ids.map((id) => ({ entry: { id, name: id }, file: '/somewhere' })));
  return {
    extensionUri: { path: work, fsPath: work },
    backbones: { folder: work, list, changed: vi.fn() },
  } as unknown as Host;
}
const asked = async (): Promise<unknown> => JSON.parse(await readFile(SAID, 'utf8')) as unknown;

beforeEach(async () => {
  for (const list of [user.errors, user.infos, user.picks, user.typed]) list.length = 0;
  user.place = '/nets/model.onnx';
  await rm(SAID, { force: true });
});

it('a file is imported under its own name, or the next that is free', async () => {
  user.picks.push('As usual', 'CLIP');
  await importBackbone(await hostKnowing('musc-embedded'));
  expect(await asked()).toEqual(['models', 'import', '/nets/model.onnx', '--id', 'model', '--taps', 'auto']);
  await importBackbone(await hostKnowing('musc-embedded', 'model', 'model-2'));
  expect(await asked()).toEqual([
    'models',
    'import',
    '/nets/model.onnx',
    '--id',
    'model-3',
    '--taps',
    'auto',
    '--preprocess',
    'clip',
  ]);
  expect(user.infos).toEqual([]);
});

it('one that came in is offered for use', async () => {
  user.typed.push('nuts', 'block3, block5');
  user.picks.push('ImageNet');
  const before = await hostKnowing();
  const lists = [before.backbones.list, (await hostKnowing('nuts')).backbones.list];
  before.backbones.list = () => (lists.length > 1 ? lists.shift() : lists[0])!();
  await importBackbone(before);
  expect(await asked()).toEqual([
    'models',
    'import',
    '/nets/model.onnx',
    '--id',
    'nuts',
    '--taps',
    'block3, block5',
    '--preprocess',
    'imagenet',
  ]);
  expect(user.infos).toEqual(['nuts is on this machine now.']);
});

it.each([
  ['model', 'There is another backbone called model.'],
  ['My Net', 'Choose another name: lower-case letters, digits, . _ -'],
])('the name %s is refused while it is typed', async (name, message) => {
  user.typed.push(name);
  await importBackbone(await hostKnowing('model'));
  expect(user.errors).toEqual([message]);
  await expect(asked()).rejects.toThrow('ENOENT');
});
