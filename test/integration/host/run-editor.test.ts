import { renameSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { labelsPath, saveLabels } from '../../../extension/core/run/label-store';
import { writeRun } from '../../../extension/core/run/run-store';
import { deleteRun, usualRunsFolder } from '../../../extension/core/run/run-folder';
import type { Host } from '../../../extension/host/host';
import { JobQueue, type JobRunners } from '../../../extension/host/job-queue';
import { type OpenRun, readMapsOf } from '../../../extension/host/open-run';
import { PanelSession } from '../../../extension/host/panel-session';
import { RunDocument } from '../../../extension/host/run-document';
import { RunEditor } from '../../../extension/host/run-editor';
import type { HostMessage, PanelSnapshot } from '../../../extension/protocol/panel';
import { picture, put, runOf, sampleRun, temporaryFolder } from '../run/sample-run';
import { EventEmitter, memento, Uri, user, watched } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
vi.mock('../../../extension/host/load-rooms', async () => {
  const [documents, backups, copies] = await Promise.all([
    import('../../../extension/host/run-document'),
    import('../../../extension/host/run-backup'),
    import('../../../extension/host/copy-run'),
  ]);
  /** A panel's session as far as the editor needs one. */
  class Session {
    constructor(
      readonly document: unknown,
      private readonly panel: { active: boolean; exports(): boolean },
    ) {}
    get isActive() {
      return this.panel.active;
    }
    exportShown = () => this.panel.exports();
  }
  return { loadRooms: () => Promise.resolve({ ...documents, ...backups, ...copies, PanelSession: Session }) };
});
/** Other runs that were found, and who wants to hear of more. */
const catalogue = { others: [] as { id: string }[], changed: new EventEmitter<void>() };
const editorOf = (storage?: unknown): RunEditor =>
  new RunEditor({
    storage,
    catalogue: { runsOf: () => catalogue.others, onDidChange: catalogue.changed.event },
    log: () => undefined,
  } as unknown as Host);
const uriOf = (file: string) => Uri.file(file) as unknown as RunDocument['uri'];
beforeEach(() => {
  watched.clear();
  user.trusted = true;
  user.ran.length = 0;
  catalogue.others = [];
  catalogue.changed.dispose();
});

describe('the editor of runs', () => {
  it('follows the labels of a run as soon as it can be read, and knows its document before it is shown', async () => {
    const { folder, runPath, run } = await sampleRun();
    renameSync(runPath, `${runPath}.away`);
    const editor = editorOf();
    const document = await editor.openCustomDocument(uriOf(runPath), {} as never);
    expect(editor.documentOf(uriOf(runPath))).toBe(document);
    expect([...watched.keys()]).toEqual([runPath]);
    const unreadable = () => user.ran.findLast(([, key]) => key === 'musc.unreadableRuns')?.at(-1);
    expect(unreadable()).toEqual([runPath, runPath.replaceAll('/', '\\')]);
    renameSync(`${runPath}.away`, runPath);
    watched.get(runPath)?.change();
    await vi.waitFor(() => expect(watched.has(labelsPath(folder))).toBe(true), 20_000);
    expect(unreadable()).toEqual([]);
    await saveLabels(folder, [{ path: run.images[0].path, label: 'good', at: new Date().toISOString() }]);
    watched.get(labelsPath(folder))?.change();
    await vi.waitFor(() => expect(document.labels[0]).toBe('good'), 20_000);
    document.dispose();
    expect([watched.size, editor.documentOf(uriOf(runPath))]).toEqual([0, undefined]);
  });

  it('tells the menus which of the runs that are open have another one to compare with', async () => {
    const { runPath, run } = await sampleRun();
    const editor = editorOf();
    const comparable = () => user.ran.findLast(([, key]) => key === 'musc.runsOfSeveral')?.at(-1);
    catalogue.others = [{ id: run.id }];
    const document = await editor.openCustomDocument(uriOf(runPath), {} as never);
    expect(comparable()).toEqual([]);
    catalogue.others = [{ id: run.id }, { id: 'another' }];
    catalogue.changed.fire();
    expect(comparable()).toEqual([runPath, runPath.replaceAll('/', '\\')]);
    document.dispose();
    expect(comparable()).toEqual([]);
    editor.dispose();
    expect(catalogue.changed.listeners.size).toBe(0);
  });

  it('has the panel in front export what it shows, else one that is in sight, and none of another run', async () => {
    const editor = editorOf();
    const exported: string[] = [];
    const sight = { beside: true, front: true };
    const show = async (document: RunDocument, name: 'beside' | 'front') => {
      const exports = () => sight[name] && exported.push(name) > 0;
      const panel = { active: name === 'front', exports, onDidDispose: () => ({ dispose: () => undefined }) };
      await editor.resolveCustomEditor(document, panel as never);
    };
    const [run, other] = [(await sampleRun()).runPath, (await sampleRun()).runPath].map(uriOf);
    const document = await editor.openCustomDocument(run, {} as never);
    for (const name of ['beside', 'front'] as const) await show(document, name);
    expect([editor.exportShown(run), editor.exportShown(other), exported]).toEqual([true, false, ['front']]);
    sight.front = false;
    expect([editor.exportShown(run), exported]).toEqual([true, ['front', 'beside']]);
    sight.beside = false;
    expect(editor.exportShown(run)).toBe(false);
    document.dispose();
  });

  it('says of a run that was deleted that it is not there', async () => {
    const { runPath } = await sampleRun();
    const editor = editorOf();
    const document = await editor.openCustomDocument(uriOf(runPath), {} as never);
    await deleteRun(runPath);
    watched.get(runPath)?.remove();
    await vi.waitFor(() => expect(document.refusal).toMatchObject({ code: 'FILE_IO' }), 20_000);
    document.dispose();
  });

  it('keeps the copy for a hot exit until nothing is unsaved any more', async () => {
    const { runPath } = await sampleRun();
    const storage = Uri.file(await temporaryFolder());
    const editor = editorOf(storage);
    const document = await editor.openCustomDocument(uriOf(runPath), {} as never);
    const label = (image: number) => document.editLabels([{ image, label: 'defect' }], 'label');
    label(0);
    const destination = Uri.joinPath(storage, 'new');
    const { id } = await editor.backupCustomDocument(document, { destination } as never, {} as never);
    const save = document.save.bind(document);
    vi.spyOn(document, 'save').mockImplementationOnce(() => save().then(() => label(1)));
    await editor.saveCustomDocument(document);
    await sleep(20);
    await access(Uri.parse(id).fsPath);
    await editor.saveCustomDocument(document);
    await vi.waitFor(() => expect(access(Uri.parse(id).fsPath)).rejects.toMatchObject({ code: 'ENOENT' }), 20_000);
    expect(document.unsaved).toBe(false);
    document.dispose();
  });

  it('does not pretend to save a run that cannot be read under another name', async () => {
    const { runPath } = await sampleRun();
    const editor = editorOf();
    renameSync(runPath, `${runPath}.away`);
    const document = await RunDocument.open(uriOf(runPath));
    await expect(editor.saveCustomDocumentAs(document, uriOf(`${runPath}.copy`))).rejects.toMatchObject({
      code: 'FILE_IO',
    });
  });
});

it('a run saved under another name is a run there, of the same pictures, and the labels are saved', async () => {
  const { folder, runPath, run } = await sampleRun();
  const editor = editorOf();
  const document = await editor.openCustomDocument(uriOf(runPath), {} as never);
  document.editLabels([{ image: 0, label: 'defect' }], 'label');
  const target = path.join(await temporaryFolder(), 'copy.musc.json');
  await editor.saveCustomDocumentAs(document, uriOf(target));
  const copy = await RunDocument.open(uriOf(target));
  expect(copy.opened).toMatchObject({ root: folder, run: { id: run.id } });
  expect([...(await readMapsOf(copy.opened as OpenRun, [5])).scores][0]).toBeCloseTo(0.6);
  expect([document.unsaved, copy.labels[0]]).toEqual([false, 'defect']);
  await expect(editor.saveCustomDocumentAs(document, uriOf(target))).rejects.toMatchObject({ code: 'FILE_IO' });
  document.dispose();
});

/** A panel of a run whose page asks what the test says. */
function panelOf(document: RunDocument, parts: object) {
  const posted: HostMessage[] = [];
  let receive: (message: unknown) => void = () => undefined;
  const webview = {
    cspSource: 'self',
    asWebviewUri: (uri: unknown) => uri,
    postMessage: (message: HostMessage) => posted.push(message),
    onDidReceiveMessage: (listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
  };
  const place = Uri.file('/extension');
  const host = { extensionUri: place, cache: place, log: () => undefined, memento: memento(), ...parts };
  const panel = { webview, onDidChangeViewState: () => ({ dispose: () => undefined }) };
  const session = new PanelSession(document, panel as never, host as unknown as Host);
  return { posted, session, ask: (message: unknown) => receive(message) };
}

describe('the panel of a run', () => {
  it('hears of missing pictures of a large run with all that it was told before', async () => {
    const folder = await temporaryFolder();
    const images = Array.from({ length: 1001 }, (_, i) => picture(`${i}.png`, { rawScore: i }));
    const run = runOf(folder, images, { grid: { height: 1, width: 1 } });
    const file = await writeRun(
      usualRunsFolder(folder),
      run,
      Float32Array.from(images, (_, i) => i),
    );
    const queue = { active: [], onDidChange: () => () => undefined };
    const { posted, session, ask } = panelOf(await RunDocument.open(uriOf(file)), { scoring: { queue } });
    ask({ id: 1, method: 'ready', params: {} });
    await vi.waitFor(() => expect(posted).toHaveLength(2), { timeout: 20_000 });
    expect(posted).toMatchObject([
      { id: 1, result: { missing: [], mapRange: { median: 500, max: 1000 } } },
      { event: 'snapshot', snapshot: { mapRange: { median: 500, max: 1000 } } },
    ]);
    const [, told] = posted;
    expect('snapshot' in told && told.snapshot.missing.length).toBe(1001);
    session.dispose();
  });

  it('hears of pictures of a large run that were replaced, where none is missing', async () => {
    const folder = await temporaryFolder();
    await put(path.join(folder, 'one.png'), 'x');
    const images = Array.from({ length: 1001 }, (_, i) => picture('one.png', { bytes: i === 7 ? 2 : 1 }));
    const run = runOf(folder, images, { grid: { height: 1, width: 1 } });
    const file = await writeRun(usualRunsFolder(folder), run, new Float32Array(1001));
    const queue = { active: [], onDidChange: () => () => undefined };
    const { posted, session, ask } = panelOf(await RunDocument.open(uriOf(file)), { scoring: { queue } });
    ask({ id: 1, method: 'ready', params: {} });
    await vi.waitFor(() => expect(posted).toHaveLength(2), { timeout: 20_000 });
    expect(posted).toMatchObject([
      { id: 1, result: { missing: [], changed: [] } },
      { event: 'snapshot', snapshot: { missing: [], changed: [7] } },
    ]);
    session.dispose();
  });

  it('takes no labels in restricted mode, and says so to its page', async () => {
    const document = await RunDocument.open(uriOf((await sampleRun()).runPath));
    const { posted, session, ask } = panelOf(document, {
      scoring: { queue: { active: [], onDidChange: () => () => undefined } },
    });
    const label = { method: 'editLabels', params: { changes: [{ image: 0, label: 'defect' }] } };
    user.trusted = false;
    ask({ id: 1, ...label });
    await vi.waitFor(
      () => expect(posted).toMatchObject([{ id: 1, ok: false, error: 'Labels cannot be edited here.' }]),
      20_000,
    );
    expect([document.labels[0], document.unsaved]).toEqual([null, false]);
    ask({ id: 2, method: 'ready', params: {} });
    await vi.waitFor(() => expect(posted.at(-1)).toMatchObject({ id: 2, result: { editable: false } }), 20_000);
    user.trusted = true;
    ask({ id: 3, ...label });
    await vi.waitFor(() => expect(document.labels[0]).toBe('defect'), 20_000);
    session.dispose();
  });

  it('of a run whose pictures lie elsewhere says that they are kept back in restricted mode', async () => {
    const usual = await RunDocument.open(uriOf((await sampleRun()).runPath));
    const target = uriOf(path.join(await temporaryFolder(), 'copy.musc.json'));
    const editor = editorOf();
    await editor.saveCustomDocumentAs(usual, target);
    const queue = { active: [], onDidChange: () => () => undefined };
    const told = async (document: RunDocument, trusted: boolean) => {
      const { posted, session, ask } = panelOf(document, { scoring: { queue } });
      user.trusted = trusted;
      ask({ id: 1, method: 'ready', params: {} });
      await vi.waitFor(() => expect(posted).toMatchObject([{ id: 1, ok: true }]), 20_000);
      user.trusted = true;
      session.dispose();
      const [answer] = posted;
      const { restricted, missing } = ('result' in answer ? answer.result : {}) as PanelSnapshot;
      return { restricted, reasons: [...new Set(missing.map(([, reason]) => reason))] };
    };
    const copy = await RunDocument.open(target);
    const reasons = ['pictures outside the run are not shown in restricted mode'];
    expect(await told(copy, false)).toEqual({ restricted: true, reasons });
    expect(await told(copy, true)).toMatchObject({ restricted: false });
    expect(await told(usual, false)).toMatchObject({ restricted: false });
  });

  it('tells undo and redo from other changes of labels', async () => {
    const { runPath } = await sampleRun();
    const document = await RunDocument.open(uriOf(runPath));
    const queue = { active: [], onDidChange: () => () => undefined };
    const { session, posted } = panelOf(document, { scoring: { queue } });
    const edits: { undo(): void; redo(): void }[] = [];
    document.onDidEdit((edit) => edits.push(edit));
    document.editLabels([{ image: 0, label: 'good' }], 'label');
    edits[0].undo();
    edits[0].redo();
    expect(posted).toMatchObject([
      { event: 'labels', stepped: false },
      { event: 'labels', stepped: true },
      { event: 'labels', stepped: true },
    ]);
    session.dispose();
  });

  it('resumes the job that it saw fail, with the settings of that job', async () => {
    const { folder, runPath } = await sampleRun();
    const score = (() => Promise.reject(new MuscError('DISK_FULL', 'full'))) as JobRunners['score'];
    const queue = new JobQueue({ score, bench: () => Promise.reject(new Error('none')) });
    const started: unknown[] = [];
    const start = (at: { fsPath: string }, overrides: object) => {
      started.push({ folder: at.fsPath, ...overrides });
      return Promise.reject(new MuscError('CANCELLED', 'enough'));
    };
    const document = await RunDocument.open(uriOf(runPath));
    const { session, posted, ask } = panelOf(document, { scoring: { queue, start } });
    await queue.add('score', { folder, backbone: 'other' }).result.catch(() => undefined);
    expect(posted.at(-1)).toMatchObject({ event: 'job', job: { state: 'failed' } });
    ask({ id: 1, method: 'command', params: { name: 'scoreAgain', resume: true } });
    await vi.waitFor(() => expect(started).toEqual([{ folder, backbone: 'other', resume: true }]), 20_000);
    session.dispose();
  });
});
