import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newRunId, rewriteRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { compareRuns, deleteRun, openRun } from '../../../extension/host/commands/runs';
import type { Host } from '../../../extension/host/host';
import { headlineOf } from '../../../extension/host/read-headlines';
import { placeOf } from '../../../extension/host/run-headline';
import { sampleRun, temporaryFolder } from '../run/sample-run';
import { type FakeUri, TabInputCustom, Uri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

/** The documents of runs that are open. */
const open = new Map<string, object>();
const tabOf = (file: string) => ({ input: new TabInputCustom(Uri.file(file), 'musc.run') });

/** A host that has found these run files. */
async function hostWith(...files: string[]) {
  const runs = await Promise.all(files.map(headlineOf));
  const compared: unknown[] = [];
  const catalogue = {
    runs,
    refresh: () => Promise.resolve(),
    runsOf: (...folders: string[]) =>
      runs.filter(({ folder, root }) => folders.map(placeOf).some((one) => one === folder || one === root)),
  };
  const editor = {
    compare: (run: { fsPath: string }, other: string) => compared.push([run.fsPath, other]),
    documentOf: ({ fsPath }: { fsPath: string }) => open.get(fsPath),
  };
  return { host: { catalogue, editor } as unknown as Host, compared };
}

async function damagedRun(): Promise<string> {
  const file = path.join(await temporaryFolder(), 'damaged/run.musc.json');
  await mkdir(path.dirname(file));
  await writeFile(file, '{');
  return file;
}
const gone = (file: string): Promise<boolean> =>
  access(file).then(
    () => false,
    () => true,
  );

beforeEach(() => {
  for (const list of [user.errors, user.infos, user.warnings, user.picks, user.ran, user.lists]) list.length = 0;
  Object.assign(user, { answer: undefined, closes: true });
  open.clear();
  window.tabGroups.all = [];
});

describe('the question for a run', () => {
  it('offers those that can be opened, and says where there is none', async () => {
    const { runPath, folder } = await sampleRun();
    await openRun((await hostWith(await damagedRun(), runPath)).host);
    expect(user.lists).toEqual([[folder]]);
    await openRun((await hostWith(await damagedRun())).host);
    expect(user.infos).toEqual(['There is no run yet.']);
  });

  it('offers damaged ones to Delete Run, too', async () => {
    const file = await damagedRun();
    const { host } = await hostWith(file);
    user.picks.push(path.dirname(file));
    user.answer = 'Delete';
    await deleteRun(host);
    expect([user.infos, user.errors, await gone(file)]).toEqual([[], [], true]);
  });
});

describe('Delete Run', () => {
  /** A run with an unsaved label, open beside another one. */
  async function openedRun() {
    const [{ runPath }, other] = [await sampleRun(), await sampleRun()];
    const document = { unsaved: true };
    open.set(runPath, document);
    window.tabGroups.all = [{ tabs: [tabOf(runPath), tabOf(other.runPath)] }, { tabs: [tabOf(runPath)] }];
    user.answer = 'Delete';
    user.save = (file) => ((document.unsaved = false), Promise.resolve(file));
    const { host } = await hostWith(runPath);
    const paths = () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => (input as { uri: FakeUri }).uri.fsPath));
    return {
      runPath,
      other: other.runPath,
      document,
      paths,
      remove: () => deleteRun(host, Uri.file(runPath) as never),
    };
  }

  it('saves the labels of a run that is open and closes its tabs, and no other', async () => {
    const { runPath, other, document, paths, remove } = await openedRun();
    await remove();
    expect([document.unsaved, paths(), user.errors, await gone(runPath)]).toEqual([false, [other], [], true]);
  });

  it('leaves a run whose labels cannot be saved, and says so', async () => {
    const { runPath, paths, remove } = await openedRun();
    user.save = () => Promise.reject(new Error('no'));
    await remove();
    expect([paths().length, await gone(runPath)]).toEqual([3, false]);
    expect(user.errors).toEqual([expect.stringContaining('so the run was not deleted')]);
  });

  it('leaves a run that the user keeps open', async () => {
    const { runPath, remove } = await openedRun();
    user.closes = false;
    await remove();
    expect([user.errors, await gone(runPath)]).toEqual([[], false]);
  });
});

describe('Compare Runs', () => {
  it('opens the run beside the one chosen of its folder', async () => {
    const { folder, runPath, run } = await sampleRun();
    const other = { ...run, id: newRunId(), name: 'other' };
    const second = await writeRun(await runsFolder(folder), other, new Float32Array(run.images.length * 16));
    const { host, compared } = await hostWith(runPath, second, (await sampleRun()).runPath);
    user.picks.push(folder);
    await compareRuns(host, Uri.file(runPath) as never);
    expect(user.lists).toEqual([[folder]]); // neither itself nor the run of another folder
    expect(user.ran).toMatchObject([['vscode.openWith', { fsPath: runPath }, 'musc.run', {}]]);
    expect(compared).toEqual([[runPath, other.id]]);
  });

  it('finds the run of the folder that the pictures have moved to, and from there the old one', async () => {
    const [old, now] = [await sampleRun(), await sampleRun()];
    await rewriteRun(old.runPath, { ...old.run, root: now.folder });
    const { host, compared } = await hostWith(old.runPath, now.runPath);
    user.picks.push(now.folder, old.folder);
    for (const file of [old.runPath, now.runPath]) await compareRuns(host, Uri.file(file) as never);
    expect(compared).toEqual([
      [old.runPath, now.run.id],
      [now.runPath, old.run.id],
    ]);
  });
});
