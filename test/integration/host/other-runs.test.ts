import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type * as runList from '../../../extension/core/run/run-list';
import { newRunId, rewriteRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { openRun } from '../../../extension/host/open-run';
import { otherMaps, otherRun, otherRuns } from '../../../extension/host/other-runs';
import { sampleRun } from '../run/sample-run';

vi.mock('vscode', () => import('./fake-vscode'));
const listed = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../../extension/core/run/run-list', async (original) => {
  const { listRuns } = await original<typeof runList>();
  return { listRuns: (folder: string) => (listed.times++, listRuns(folder)) };
});

describe('another run of the folder', () => {
  it('is looked up and read once for all its maps, again when it has changed, and is missed when it is gone', async () => {
    const { folder, runPath, run } = await sampleRun();
    const other = { ...run, id: newRunId(), name: 'other' };
    const maps = Float32Array.from({ length: run.images.length * 16 }, (_, i) => i);
    const otherPath = await writeRun(await runsFolder(folder), other, maps);
    const opened = await openRun(runPath);
    expect((await otherRuns(opened)).map(({ id }) => id)).toEqual([other.id]);
    listed.times = 0;
    const first = await otherRun(opened, other.id);
    for (const images of [[0], [2, 1]])
      expect([...(await otherMaps(opened, other.id, images))]).toEqual(
        images.flatMap((image) => [...maps.slice(image * 16, image * 16 + 16)]),
      );
    expect(await otherRun(opened, other.id)).toBe(first);
    expect(listed.times).toBe(1);

    await rewriteRun(otherPath, { ...first, name: 'named anew' });
    expect((await otherRun(opened, other.id)).name).toBe('named anew');
    await rm(path.dirname(otherPath), { recursive: true });
    await expect(otherMaps(opened, other.id, [0])).rejects.toMatchObject({ code: 'FILE_IO' });
  });
});
