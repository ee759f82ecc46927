import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { labelsPath, readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { usualRunsFolder } from '../../../extension/core/run/run-folder';
import { readRun, writeRun } from '../../../extension/core/run/run-store';
import { openRun } from '../../../extension/host/open-run';
import { relinkRun } from '../../../extension/host/relink';
import { requestOf } from '../../../extension/host/run-request';
import { RunDocument } from '../../../extension/host/run-document';
import { picture, put, runOf, sampleRun, temporaryFolder } from '../run/sample-run';
import { Uri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const [EARLY, LATE] = ['2024-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'];

/** A run with two labels whose pictures have moved, and where to. */
async function moved() {
  const { folder, runPath, run } = await sampleRun();
  const [a, b] = run.images.map((image) => image.path);
  await saveLabels(folder, [
    { path: a, label: 'good', at: EARLY },
    { path: b, label: 'defect', at: EARLY },
  ]);
  const root = path.join(await temporaryFolder(), 'pictures');
  await mkdir(root);
  for (const { path: name } of run.images) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await rename(path.join(folder, name), path.join(root, name));
  }
  return { folder, runPath, root, a, b, opened: await openRun(runPath) };
}

describe('relinking a run', () => {
  it('brings the labels along, leaves the old ones, and scores the new folder from then on', async () => {
    const { folder, runPath, root, opened } = await moved();
    const before = await readFile(labelsPath(folder), 'utf8');
    expect(await relinkRun(opened, root)).toEqual({ conflicts: [], setAside: null, problem: null });
    const document = await RunDocument.open(Uri.file(runPath) as never);
    expect(document.labels.slice(0, 3)).toEqual(['good', 'defect', null]);
    expect(document.labelsFile).toBe(labelsPath(root));
    expect(await readFile(labelsPath(folder), 'utf8')).toBe(before);
    expect((await requestOf(Uri.file(runPath) as never)).folder.fsPath).toBe(root);
  });

  it('keeps the later decision where the new folder has its own labels, and tells which differ', async () => {
    const { root, a, b, opened } = await moved();
    await saveLabels(root, [
      { path: a, label: 'unsure', at: LATE },
      { path: b, label: 'good', at: '2023-01-01T00:00:00.000Z' },
      { path: 'other.png', label: 'good', at: EARLY },
    ]);
    const { conflicts } = await relinkRun(opened, root);
    const labels = await readLabels(root);
    expect([a, b, 'other.png'].map((name) => labels[name].label)).toEqual(['unsure', 'defect', 'good']);
    expect(conflicts.map(({ path: name }) => name).sort()).toEqual([a, b].sort());
  });

  it('comes back with what was decided meanwhile', async () => {
    const { folder, runPath, root, a, opened } = await moved();
    await relinkRun(opened, root);
    await saveLabels(root, [{ path: a, label: 'defect', at: LATE }]);
    await put(path.join(folder, a), 'back');
    await relinkRun(await openRun(runPath), folder);
    expect((await readRun(runPath)).root).toBe('../../..');
    expect((await readLabels(folder))[a].label).toBe('defect');
  });

  it('shows the pictures even where the labels cannot be carried over, and says so', async () => {
    const { folder, runPath, root, opened } = await moved();
    await writeFile(labelsPath(folder), 'damaged');
    expect((await relinkRun(opened, root)).problem).toMatchObject({ code: 'FILE_INVALID' });
    expect((await openRun(runPath)).root).toBe(root);
  });

  it('finds the folder by pictures of the whole run, not of its beginning alone', async () => {
    const folder = await temporaryFolder();
    const images = Array.from({ length: 200 }, (_, i) => picture(`${i < 150 ? 'gone' : 'here'}/${i}.png`));
    const run = runOf(folder, images, { grid: { height: 1, width: 1 } });
    const opened = await openRun(await writeRun(usualRunsFolder(folder), run, new Float32Array(200)));
    const root = await temporaryFolder();
    await mkdir(path.join(root, 'here'));
    await Promise.all(images.slice(150).map((image) => writeFile(path.join(root, image.path), '')));
    await relinkRun(opened, root);
    expect((await openRun(opened.file)).root).toBe(root);
    await rm(path.join(root, 'here'), { recursive: true });
    await expect(relinkRun(opened, root)).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
  });
});
