import { appendFile, mkdir, rename, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkPictures, openRun, pictureFile } from '../../../extension/host/open-run';
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
    expect((await checkPictures(opened)).missing.map(([image]) => image)).toEqual([0, 5]);
  });

  it('below a data set that was itself reached through a link are shown under the name it was opened by', async () => {
    const { folder, run } = await sampleRun();
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(folder, link);
    const [name] = await (await import('node:fs/promises')).readdir(path.join(folder, '.musc/runs'));
    const opened = await openRun(path.join(link, '.musc/runs', name, 'run.musc.json'));
    expect(await pictureFile(opened, 0)).toBe(path.join(link, run.images[0].path));
    expect(await checkPictures(opened)).toEqual({ missing: [], changed: [] });
  });
});

it('pictures that are gone are told, one by one', async () => {
  const { folder, runPath, run } = await sampleRun();
  await mkdir(path.join(folder, 'away'));
  await rename(path.join(folder, run.images[2].path), path.join(folder, 'away', 'x.png'));
  expect(await checkPictures(await openRun(runPath))).toEqual({ missing: [[2, 'moved or deleted']], changed: [] });
});

describe('pictures that were replaced or edited since they were scored', () => {
  /** A run made now, and its files. */
  async function scored() {
    const { folder, runPath, run } = await sampleRun({ createdAt: new Date().toISOString() });
    const file = (image: number) => path.join(folder, run.images[image].path);
    /** Writes a picture's time, seconds after it was scored. */
    const touch = (image: number, seconds: number) => {
      const at = new Date(run.images[image].modified + seconds * 1000);
      return utimes(file(image), at, at);
    };
    return { file, touch, images: run.images.length, check: async () => checkPictures(await openRun(runPath)) };
  }

  it('are told by another length, and by a later time', async () => {
    const { file, touch, check } = await scored();
    expect(await check()).toEqual({ missing: [], changed: [] });
    await appendFile(file(4), 'x');
    await touch(4, 0);
    await touch(1, 60);
    await rm(file(2));
    expect(await check()).toEqual({ missing: [[2, 'moved or deleted']], changed: [1, 4] });
  });

  it('are not those whose time was rounded, or is one from before the run', async () => {
    const { touch, check } = await scored();
    await touch(1, 1.9);
    await touch(3, -3600); // as an archive leaves it that was packed in summer
    expect((await check()).changed).toEqual([]);
  });

  it('are told by their length alone in a copy of the folder that has all times anew', async () => {
    const { file, touch, images, check } = await scored();
    await appendFile(file(0), 'x');
    for (let image = 0; image < images; image++) await touch(image, 600 + image);
    expect((await check()).changed).toEqual([0]);
  });
});
