import { mkdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findMissing, openRun, pictureFile } from '../../../extension/host/open-run';
import { put, sampleRun, temporaryFolder } from '../run/sample-run';
import { user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
beforeEach(() => void (user.trusted = true));

describe.skipIf(process.platform === 'win32')('pictures that are links', () => {
  it('are shown where they stay in the data set, and nothing outside of it ever is', async () => {
    const { folder, runPath, run } = await sampleRun();
    const elsewhere = await temporaryFolder();
    const secret = await put(path.join(elsewhere, 'secret.png'), 'private');
    // picture 0 becomes a link out, 1 a link to another picture, and the folder of 5 a link to a folder outside
    await rename(path.join(folder, run.images[0].path), path.join(folder, 'moved.png'));
    await symlink(secret, path.join(folder, run.images[0].path));
    await rename(path.join(folder, run.images[1].path), path.join(folder, 'other.jpg'));
    await symlink(path.join(folder, 'other.jpg'), path.join(folder, run.images[1].path));
    await rename(path.join(folder, 'hole'), path.join(elsewhere, 'hole'));
    await symlink(path.join(elsewhere, 'hole'), path.join(folder, 'hole'));
    const opened = await openRun(runPath);
    for (const image of [0, 5])
      await expect(pictureFile(opened, image)).rejects.toMatchObject({
        code: 'FILE_INVALID',
        message: expect.stringContaining('through a link'),
      });
    expect(await pictureFile(opened, 1)).toBe(path.join(folder, run.images[1].path));
    expect((await findMissing(opened)).map(([image]) => image)).toEqual([0, 5]);
  });

  it('below a data set that was itself reached through a link are shown under the name it was opened by', async () => {
    const { folder, run } = await sampleRun();
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(folder, link);
    const [name] = await (await import('node:fs/promises')).readdir(path.join(folder, '.musc/runs'));
    const opened = await openRun(path.join(link, '.musc/runs', name, 'run.musc.json'));
    expect(await pictureFile(opened, 0)).toBe(path.join(link, run.images[0].path));
    expect(await findMissing(opened)).toEqual([]);
  });
});

it('pictures that are gone are told, one by one', async () => {
  const { folder, runPath, run } = await sampleRun();
  await mkdir(path.join(folder, 'away'));
  await rename(path.join(folder, run.images[2].path), path.join(folder, 'away', 'x.png'));
  expect(await findMissing(await openRun(runPath))).toEqual([[2, 'moved or deleted']]);
});
