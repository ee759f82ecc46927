import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { requestOf } from '../../../extension/host/run-argument';
import { sampleRun, temporaryFolder } from '../run/sample-run';
import { Uri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const asked = (file: string) => requestOf(Uri.file(file) as unknown as Parameters<typeof requestOf>[0]);

describe('scoring again', () => {
  it('scores the folder as the run was scored', async () => {
    const { folder, runPath, run } = await sampleRun();
    const { folder: found, overrides } = await asked(runPath);
    expect(found.fsPath).toBe(folder);
    expect(overrides).toMatchObject({ backbone: run.settings.backbone, degrees: run.settings.degrees });
  });

  it('of a damaged run scores the folder that it lies in, as the settings say', async () => {
    const { folder, runPath } = await sampleRun();
    await writeFile(runPath, (await readFile(runPath, 'utf8')).slice(0, 200));
    expect(await asked(runPath)).toMatchObject({ folder: { fsPath: folder }, overrides: {} });
  });

  it('of a damaged run elsewhere says what is wrong', async () => {
    const file = path.join(await temporaryFolder(), 'run.musc.json');
    await writeFile(file, '{');
    await expect(asked(file)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});
