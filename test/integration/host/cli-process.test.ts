import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { runCli } from '../../../extension/host/cli-process';
import type { Host } from '../../../extension/host/host';
import { Uri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A host whose packaged command line is this script. */
async function hostWith(script: string): Promise<Host> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'musc-cli-'));
  folders.push(folder);
  await mkdir(path.join(folder, 'dist'));
  await writeFile(path.join(folder, 'dist/cli.js'), script);
  return { extensionUri: Uri.file(folder), backbones: { folder } } as unknown as Host;
}
const never = new AbortController().signal;

it('what the command line could not do is told in parts, without its options', async () => {
  const error = { code: 'TAP_UNKNOWN', message: 'no stock network', where: 'a.onnx', hint: 'name its taps' };
  const host = await hostWith(`
    process.stderr.write('musc: TAP_UNKNOWN: no stock network, a.onnx, name its taps (--taps a,b)\\n');
    process.send({ error: ${JSON.stringify(error)} }, () => process.exit(1));`);
  await expect(runCli(host, [], never)).rejects.toMatchObject(error);
});

it('one that dies says how', async () => {
  const host = await hostWith('process.exit(7)');
  await expect(runCli(host, [], never)).rejects.toMatchObject({
    code: 'ENGINE_DIED',
    message: expect.stringContaining('exit code 7') as string,
  });
});

it('tells its progress and lines', async () => {
  const host = await hostWith(`
    process.stderr.write('one\\n');
    process.send({ progress: { done: 1, total: 2 } }, () => process.exit(0));`);
  const said: string[] = [];
  const progress = vi.fn();
  await runCli(host, [], never, { said: (line) => said.push(line), progress });
  expect(said).toEqual(['one']);
  expect(progress).toHaveBeenCalledWith(1, 2);
});
