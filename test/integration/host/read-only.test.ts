import type * as Fs from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RunDocument } from '../../../extension/host/run-document';
import { sampleRun } from '../run/sample-run';
import { Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
/** Folders that can't be written to, with the code of the error: the tests may run as a user who may write everywhere. */
const { denied } = vi.hoisted(() => ({ denied: new Map<string, string>() }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof Fs>();
  const access = (folder: string, mode?: number) => {
    const code = mode === fs.constants.W_OK ? denied.get(folder) : undefined;
    return code === undefined ? fs.access(folder, mode) : Promise.reject(Object.assign(new Error(code), { code }));
  };
  return { ...fs, access };
});
vi.stubGlobal('process', Object.create(process, { platform: { value: 'linux', writable: true } }));

beforeEach(() => {
  denied.clear();
  user.trusted = true;
});
/** A run whose data set has, or has not, a folder of ours. */
async function opened(where: '.musc' | '.', code: string) {
  const { folder, runPath } = await sampleRun();
  if (where === '.') denied.set(path.join(folder, '.musc'), 'ENOENT');
  denied.set(path.join(folder, where), code);
  return RunDocument.open(Uri.file(runPath) as unknown as RunDocument['uri']);
}

describe('labels of pictures', () => {
  it.each([
    ['.musc', 'EACCES'],
    ['.musc', 'EROFS'],
    ['.', 'EPERM'],
  ] as const)('are not edited where %s answers %s', async (where, code) => {
    const document = await opened(where, code);
    expect([document.refusal, document.editable]).toEqual([null, false]);
    expect(() => document.editLabels([{ image: 0, label: 'good' }], 'label')).toThrow('labels cannot be edited here');
    denied.clear();
    await document.reload();
    expect(document.editable).toBe(true);
  });

  it('are edited where only the data set around the labels is read-only, or the folder is not there for now', async () => {
    const { folder, runPath } = await sampleRun();
    denied.set(folder, 'EROFS');
    expect((await RunDocument.open(Uri.file(runPath) as never)).editable).toBe(true);
    expect((await opened('.', 'ENOENT')).editable).toBe(true);
  });

  it('are edited on Windows, which does not tell', async () => {
    (process as { platform: string }).platform = 'win32';
    const document = await opened('.musc', 'EPERM');
    (process as { platform: string }).platform = 'linux';
    expect(document.editable).toBe(true);
  });
});
