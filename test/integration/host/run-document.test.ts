import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownerLine } from '../../../extension/core/run/file-lock';
import { labelsPath, readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { usualRunsFolder } from '../../../extension/core/run/run-folder';
import { rewriteRun, writeRun } from '../../../extension/core/run/run-store';
import { RunBackups } from '../../../extension/host/run-backup';
import { RunDocument } from '../../../extension/host/run-document';
import type { RunFile } from '../../../extension/protocol/run-file';
import { Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const { warnings } = user;

const metric = { absent: 'no truth' };
const image = (name: string) => ({
  path: name,
  type: '',
  truth: null,
  mask: null,
  bytes: 1,
  modified: 0,
  width: 8,
  height: 8,
  score: 1,
  rawScore: 1,
});
const RUN: RunFile = {
  format: 'musc-run',
  version: 1,
  id: 'run-1',
  name: 'test',
  createdAt: '2024-01-01T00:00:00.000Z',
  appVersion: '0.1.0',
  root: '../../..',
  dataset: { layout: 'folder', category: null, name: 'test', notes: [] },
  settings: {
    backbone: 'musc-embedded',
    taps: ['a'],
    degrees: [1],
    keep: [0, 0.3],
    rscin: 'off',
    subsets: 1,
    seed: 0,
    protocol: 'exact',
    fit: 'squash',
  },
  backbone: { id: 'musc-embedded', name: 'MuSc embedded', sha256: '', licence: 'MIT', note: '' },
  device: { name: 'cpu', label: 'CPU', requested: 'auto', fallback: null },
  input: { height: 32, width: 32 },
  grid: { height: 1, width: 1 },
  images: [image('a.png'), image('b/c.png')],
  skipped: [],
  metrics: {
    image: { auroc: metric, f1max: metric, ap: metric },
    pixel: { auroc: metric, f1max: metric, ap: metric, aupro: metric },
  },
  seconds: { features: 0, scoring: 0, metrics: 0, total: 0 },
};

let folder: string;
let file: string;
const open = () => RunDocument.open({ fsPath: file } as Parameters<typeof RunDocument.open>[0]);
beforeEach(async () => {
  warnings.length = 0;
  folder = mkdtempSync(path.join(os.tmpdir(), 'musc-document-'));
  file = await writeRun(usualRunsFolder(folder), { ...RUN, root: folder }, new Float32Array(2));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('RunDocument', () => {
  it('saves decisions under paths of the folder, and nothing before', async () => {
    const document = await open();
    document.editLabels([{ image: 1, label: 'defect' }], 'label');
    expect(await readLabels(folder)).toEqual({});
    await document.save();
    expect((await readLabels(folder))['b/c.png'].label).toBe('defect');
    expect((await open()).labels).toEqual([null, 'defect']);
  });

  /** The label file as another process holds it; `release` ends that. */
  async function held() {
    await saveLabels(folder, []);
    const lock = `${labelsPath(folder)}.lock`;
    writeFileSync(lock, ownerLine());
    return { release: () => rmSync(lock) };
  }

  it('saves what is decided and undone while a save is being written, before that save ends', async () => {
    const document = await open();
    const edits: { undo(): void }[] = [];
    document.onDidEdit((edit) => edits.push(edit));
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const { release } = await held();
    const saves = [document.save(), document.save()];
    edits[0].undo();
    document.editLabels([{ image: 1, label: 'defect' }], 'label');
    await document.labelsChangedOnDisk();
    expect(document.labels).toEqual([null, 'defect']);
    release();
    await saves[0];
    expect(document.unsaved).toBe(false);
    await saves[1];
    const stored = await readLabels(folder);
    expect([stored['a.png'].label, stored['b/c.png'].label]).toEqual([null, 'defect']);
    expect([document.labels, warnings]).toEqual([[null, 'defect'], []]);
  });

  it('keeps what was decided while a save is being written that fails, and saves it with the next', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const { release } = await held();
    const saved = document.save();
    document.editLabels([{ image: 1, label: 'defect' }], 'label');
    writeFileSync(labelsPath(folder), '{"format":"musc-labels","version":99,"labels":{}}');
    release();
    await expect(saved).rejects.toMatchObject({ code: 'FILE_INVALID' });
    expect([document.labels, document.unsaved]).toEqual([['good', 'defect'], true]);
    rmSync(labelsPath(folder));
    await document.save();
    expect((await open()).labels).toEqual(['good', 'defect']);
  });

  it('saves where the run belongs that is relinked while a save is being written', async () => {
    const document = await open();
    const there = mkdtempSync(path.join(os.tmpdir(), 'musc-document-'));
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const { release } = await held();
    const saved = document.save();
    await rewriteRun(file, { ...RUN, root: there });
    await document.reload();
    release();
    await saved;
    expect([document.labels, document.unsaved]).toEqual([['good', null], false]);
    expect((await readLabels(there))['a.png'].label).toBe('good');
    rmSync(there, { recursive: true });
  });

  it('hands out edits that undo and redo', async () => {
    const document = await open();
    const edits: { undo(): void; redo(): void }[] = [];
    document.onDidEdit((edit) => edits.push(edit));
    const changes: string[] = [];
    document.onDidChange((change) => changes.push(change));
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    edits[0].undo();
    expect(document.labels).toEqual([null, null]);
    edits[0].redo();
    expect(document.labels).toEqual(['good', null]);
    expect(changes).toEqual(['labels', 'step', 'step']);
  });

  it('undoes and redoes nothing that was decided elsewhere since, and says so', async () => {
    const document = await open();
    const edits: { undo(): void; redo(): void }[] = [];
    document.onDidEdit((edit) => edits.push(edit));
    const both = [0, 1].map((image) => ({ image, label: 'good' as const }));
    document.editLabels(both, 'label');
    await document.save();
    const another = await open(); // of another run of the folder, say
    another.editLabels([{ image: 0, label: 'defect' }], 'label');
    await another.save();
    await document.labelsChangedOnDisk();
    user.infos.length = 0;
    edits[0].undo();
    expect([document.labels, user.infos]).toEqual([
      ['defect', null],
      ['One picture has another label by now, which stays.'],
    ]);
    edits[0].redo();
    expect(document.labels).toEqual(['defect', 'good']);
    edits[0].undo();
    await document.save();
    expect((await readLabels(folder))['a.png'].label).toBe('defect');
    expect(warnings).toEqual([]);
  });

  it('comes back from a backup with its unsaved decisions', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const backup = path.join(folder, 'backup');
    await (await import('node:fs/promises')).writeFile(backup, document.backup());
    const again = await open();
    again.restore(await new RunBackups(undefined, () => undefined).read(backup));
    expect(again.labels).toEqual(['good', null]);
    expect(await readLabels(folder)).toEqual({});
  });

  it('comes back with the last decisions, whichever backup a reloaded window is told of, or none', async () => {
    const document = await open();
    const place = (name: string) => Uri.file(path.join(folder, 'kept', name)) as never;
    const live = { isCancellationRequested: false } as never;
    const backups = new RunBackups(place('.'), () => undefined);
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const older = await backups.write(document, place('1'), live);
    document.editLabels([{ image: 0, label: 'defect' }], 'label');
    await backups.write(document, place('2'), live);
    older.delete(); // as VS Code does when there is a newer one
    const reloaded = new RunBackups(place('.'), () => undefined);
    const again = await open();
    again.restore(await reloaded.read(older.id));
    expect(again.labels).toEqual(['defect', null]);
    const forgotten = await open();
    const edits: string[] = [];
    forgotten.onDidEdit(({ label }) => edits.push(label));
    forgotten.restore(await reloaded.leftBehind(forgotten.uri), false);
    forgotten.tell('restore');
    expect([forgotten.labels, edits]).toEqual([['defect', null], ['restore']]);
    reloaded.forget(forgotten.uri);
    await vi.waitFor(async () => expect(await reloaded.leftBehind(forgotten.uri)).toEqual([]), 20_000);
  });

  it.each([
    ['goes a while later', false],
    ['stays for the next window where its own goes away meanwhile', true],
  ])('a backup of one that was closed without saving %s', async (_, away) => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const place = (name: string) => Uri.file(path.join(folder, 'kept', name)) as never;
    const backups = new RunBackups(place('.'), () => undefined);
    const { id } = await backups.write(document, place('1'), { isCancellationRequested: false } as never);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    backups.closed(document.uri);
    if (away) backups.dispose();
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    if (away) await new Promise((resolve) => setTimeout(resolve, 100)); // time in which it would go
    await vi.waitFor(() => expect(existsSync(Uri.parse(id).fsPath)).toBe(away), 20_000);
  });

  it('keeps its decisions over what another window saves, and both after saving', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    await saveLabels(folder, [{ path: 'b/c.png', label: 'unsure', at: new Date().toISOString() }]);
    await document.labelsChangedOnDisk();
    expect(document.labels).toEqual(['good', 'unsure']);
    await document.save();
    expect(Object.values(await readLabels(folder)).map(({ label }) => label)).toEqual(['good', 'unsure']);
    expect(warnings).toEqual([]);
  });

  it('keeps the later of two decisions on one picture, and says so', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    await saveLabels(folder, [{ path: 'a.png', label: 'defect', at: '2999-01-01T00:00:00.000Z' }]);
    await document.save();
    expect(document.labels).toEqual(['defect', null]);
    expect(warnings).toEqual([expect.stringContaining('labelled differently elsewhere meanwhile')]);
  });

  it.each([
    ['2999-01-01T00:00:00.000Z', 'defect'],
    ['1999-01-01T00:00:00.000Z', 'good'],
  ])('says so, too, where the other window’s decision (%s) was seen before saving: %s stays', async (at, kept) => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    await saveLabels(folder, [{ path: 'a.png', label: 'defect', at }]);
    await document.labelsChangedOnDisk();
    expect(document.labels).toEqual(['good', null]);
    await document.save();
    expect(document.labels).toEqual([kept, null]);
    expect(warnings).toHaveLength(1);
    document.editLabels([{ image: 0, label: 'unsure' }], 'label'); // decided anew, knowing it
    await document.save();
    expect((await readLabels(folder))['a.png'].label).toBe('unsure');
    expect(warnings).toHaveLength(1);
  });

  it('keeps what another window decided after a hot exit, and says so', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    const backup = path.join(folder, 'backup');
    await (await import('node:fs/promises')).writeFile(backup, document.backup());
    await saveLabels(folder, [{ path: 'a.png', label: 'defect', at: '2999-01-01T00:00:00.000Z' }]);
    const again = await open();
    again.restore(await new RunBackups(undefined, () => undefined).read(backup));
    expect(again.labels).toEqual(['good', null]);
    await again.save();
    expect(again.labels).toEqual(['defect', null]);
    expect(warnings).toHaveLength(1);
  });

  it('keeps its decisions while the run cannot be read, saves them, and goes on when it can', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    renameSync(file, `${file}.away`);
    await document.reload();
    expect([document.opened, document.refusal?.code]).toEqual([null, 'FILE_IO']);
    expect(JSON.parse(document.backup())).toMatchObject([{ path: 'a.png', label: 'good' }]);
    renameSync(`${file}.away`, file);
    await document.reload();
    expect([document.refusal, document.labels, document.unsaved]).toEqual([null, ['good', null], true]);
    writeFileSync(file, '');
    await document.reload();
    await document.save();
    expect((await readLabels(folder))['a.png'].label).toBe('good');
    expect(document.unsaved).toBe(false);
  });

  it('keeps a backup of a run that cannot be read: no save pretends, and it is placed once the run can be', async () => {
    const decisions = [{ path: 'b/c.png', label: 'defect' as const, at: '2024-01-01T00:00:00.000Z' }];
    renameSync(file, `${file}.away`);
    const document = await open();
    document.restore(decisions);
    await expect(document.save()).rejects.toMatchObject({ code: 'FILE_INVALID', where: file });
    expect(JSON.parse(document.backup())).toEqual(decisions);
    renameSync(`${file}.away`, file);
    await document.reload();
    expect(document.labels).toEqual([null, 'defect']);
    await document.save();
    expect((await readLabels(folder))['b/c.png'].label).toBe('defect');
  });

  it('has nothing to save where nothing could be decided', async () => {
    writeFileSync(file, '');
    await expect((await open()).save()).resolves.toBeUndefined();
  });

  it('does not save into a folder that is not there', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    renameSync(folder, `${folder}-away`);
    await expect(document.save()).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
    renameSync(`${folder}-away`, folder);
    expect(document.unsaved).toBe(true);
  });

  it('reverts to the disk', async () => {
    const document = await open();
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    await document.revert();
    expect(document.labels).toEqual([null, null]);
  });

  it('opens a damaged run as a refusal', async () => {
    (await import('node:fs')).writeFileSync(file, '{"format":"musc-run"');
    const document = await open();
    expect(document.opened).toBeNull();
    expect(document.refusal).toMatchObject({ code: 'FILE_INVALID' });
  });
});
