import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as runList from '../../../extension/core/run/run-list';
import { newRunId, rewriteRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { openRun } from '../../../extension/host/open-run';
import { otherMaps, otherRun, otherRuns } from '../../../extension/host/other-runs';
import { headlineOf } from '../../../extension/host/read-headlines';
import type { RunHeadline } from '../../../extension/host/run-headline';
import { sampleRun, temporaryFolder } from '../run/sample-run';
import { user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const listed = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../../extension/core/run/run-list', async (original) => {
  const { listRuns, ...others } = await original<typeof runList>();
  return { ...others, listRuns: (folder: string) => (listed.times++, listRuns(folder)) };
});
beforeEach(() => void (user.trusted = true));
/** A catalogue that found these. */
const found = (...runs: RunHeadline[]) => ({ runsOf: () => runs });

describe('another run of the folder', () => {
  it('is looked up and read once for all its maps, again when it has changed, and is missed when it is gone', async () => {
    const { folder, runPath, run } = await sampleRun();
    const other = { ...run, id: newRunId(), name: 'other' };
    const maps = Float32Array.from({ length: run.images.length * 16 }, (_, i) => i);
    const otherPath = await writeRun(await runsFolder(folder), other, maps);
    const opened = await openRun(runPath);
    expect((await otherRuns(opened, found())).map(({ id }) => id)).toEqual([other.id]);
    listed.times = 0;
    const first = await otherRun(opened, other.id, found());
    for (const images of [[0], [2, 1]])
      expect([...(await otherMaps(opened, other.id, images, found())).scores]).toEqual(
        images.flatMap((image) => [...maps.slice(image * 16, image * 16 + 16)]),
      );
    expect(await otherRun(opened, other.id, found())).toBe(first);
    expect(listed.times).toBe(1);

    await rewriteRun(otherPath, { ...first, name: 'named anew' });
    expect((await otherRun(opened, other.id, found())).name).toBe('named anew');
    await rm(path.dirname(otherPath), { recursive: true });
    await expect(otherMaps(opened, other.id, [0], found())).rejects.toMatchObject({ code: 'FILE_IO' });
  });

  it('is found outside the usual place too, from there and from here; a copy of itself is none', async () => {
    const { folder, runPath, run } = await sampleRun();
    const maps = new Float32Array(run.images.length * 16);
    const other = { ...run, id: newRunId(), root: folder, createdAt: '2026-05-02T03:04:05.000Z' };
    const [out, copies] = [await temporaryFolder(), await temporaryFolder()];
    const elsewhere = await writeRun(out, other, maps.fill(2));
    const copy = await writeRun(copies, { ...run, root: folder }, maps);
    const all = found(...(await Promise.all([elsewhere, copy, runPath].map(headlineOf))));

    const opened = await openRun(runPath);
    expect(await otherRuns(opened, all)).toEqual([
      { id: other.id, name: 'sample', createdAt: other.createdAt, backbone: 'Test', images: run.images.length },
    ]);
    expect((await otherRun(opened, other.id, all)).createdAt).toBe(other.createdAt);
    expect((await otherMaps(opened, other.id, [0], all)).scores[0]).toBe(2);
    expect((await otherRuns(await openRun(elsewhere), all)).map(({ id }) => id)).toEqual([run.id]);
  });

  it('is found in the folder that the pictures have moved to, and from there in the old one', async () => {
    const [old, now] = [await sampleRun(), await sampleRun()];
    await rewriteRun(old.runPath, { ...old.run, root: now.folder });
    const before = await openRun(old.runPath);
    expect((await otherRuns(before, found())).map(({ id }) => id)).toEqual([now.run.id]);
    expect((await otherRun(before, now.run.id, found())).id).toBe(now.run.id);
    const all = found(await headlineOf(old.runPath), await headlineOf(now.runPath));
    expect((await otherRuns(await openRun(now.runPath), all)).map(({ id }) => id)).toEqual([old.run.id]);
  });

  it('is not looked for in restricted mode in a folder that a run from anywhere names', async () => {
    const [old, now] = [await sampleRun(), await sampleRun()];
    await rewriteRun(old.runPath, { ...old.run, root: now.folder });
    user.trusted = false;
    expect(await otherRuns(await openRun(old.runPath), found())).toEqual([]);
  });
});
