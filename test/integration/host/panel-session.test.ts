import { appendFile, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri, WebviewPanel } from 'vscode';
import { MuscError } from '../../../extension/core/errors';
import { MAPS_FILE } from '../../../extension/core/run/run-folder';
import type { Host } from '../../../extension/host/host';
import { JobQueue, type JobRunners } from '../../../extension/host/job-queue';
import { PanelSession } from '../../../extension/host/panel-session';
import { RunDocument } from '../../../extension/host/run-document';
import type { HostMessage, PanelJob, PatchScores } from '../../../extension/protocol/panel';
import { GRID, runOf, sampleRun } from '../run/sample-run';
import { EventEmitter, memento, Uri as FakeUri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

/** Bytes of one picture's patch scores. */
const ROW = GRID.height * GRID.width * 4;
const sessions: PanelSession[] = [];
beforeEach(() => Object.assign(user, { trusted: true }));
afterEach(() => sessions.splice(0).forEach((session) => session.dispose()));

/** A panel on a run, whose engine answers when the test says so, and a queue of jobs. */
async function scene({ folder, runPath }: { folder: string; runPath: string }) {
  const document = await RunDocument.open(FakeUri.file(runPath) as unknown as Uri);
  const messages = new EventEmitter<unknown>();
  const posted: HostMessage[] = [];
  const asked: { method: string; params: object; signal?: AbortSignal; answer: (result: unknown) => void }[] = [];
  const log: string[] = [];
  let end: (error: MuscError) => void = () => undefined;
  const score = (() => new Promise((_, reject) => (end = reject))) as JobRunners['score'];
  const queue = new JobQueue({ score, bench: () => Promise.reject(new Error('none')) });
  const call = (method: string, params: object, { signal }: { signal?: AbortSignal }) =>
    new Promise((answer) => asked.push({ method, params, signal, answer }));
  const webview = {
    onDidReceiveMessage: messages.event,
    postMessage: (message: HostMessage) => posted.push(message),
    asWebviewUri: (file: unknown) => file,
  };
  const host = {
    scoring: { queue },
    engines: { interactive: { call } },
    extensionUri: FakeUri.file(folder),
    cache: FakeUri.file(folder),
    memento: memento(),
    log: (_level: string, line: string) => log.push(line),
  } as unknown as Host;
  const viewState = new EventEmitter<void>();
  const panel = { webview, visible: true, onDidChangeViewState: viewState.event };
  const session = new PanelSession(document, panel as unknown as WebviewPanel, host);
  sessions.push(session);
  const show = (visible: boolean) => ((panel.visible = visible), viewState.fire());
  let id = 0;
  const post = (method: string, params: object, as = ++id) => (messages.fire({ id: as, method, params }), as);
  const cancel = (one: number) => messages.fire({ cancel: one });
  const answerTo = (one: number) =>
    vi.waitFor(() => {
      const answer = posted.find((message) => 'id' in message && message.id === one);
      expect(answer).toBeDefined();
      return answer as Extract<HostMessage, { id: number }>;
    }, 20_000);
  const result = async <T>(method: string, params: object) => {
    const answer = await answerTo(post(method, params));
    if (!answer.ok) throw new Error(answer.error);
    return answer.result as T;
  };
  return {
    session,
    show,
    document,
    posted,
    asked,
    log,
    queue,
    post,
    cancel,
    answerTo,
    result,
    end: (error: MuscError) => end(error),
  };
}

/** Changes what the file of maps holds of one picture. */
async function damage(runPath: string, image: number): Promise<void> {
  const file = await open(path.join(path.dirname(runPath), MAPS_FILE), 'r+');
  const { size } = await file.stat();
  await file.write(Uint8Array.of(1, 2, 3, 4), 0, 4, size - (6 - image) * ROW);
  await file.close();
}

const jobs = (posted: readonly HostMessage[]): (PanelJob | null)[] =>
  posted.flatMap((message) => ('event' in message && message.event === 'job' ? [message.job] : []));

it.each(['exact', 'reference'] as const)('pictures are shown as the %s protocol saw them', async (protocol) => {
  const sample = await sampleRun({ settings: { ...runOf('', []).settings, protocol } });
  const { asked, post } = await scene(sample);
  post('thumbnails', { images: [0, 1], size: 128 });
  post('picture', { image: 1 });
  await vi.waitFor(() => expect(asked).toHaveLength(2), 20_000);
  expect(asked.map(({ method }) => method).sort()).toEqual(['displayCopy', 'thumbnails']);
  for (const { params } of asked) expect(params).toMatchObject({ protocol });
});

it('in restricted mode nothing beside a run is read that names a folder elsewhere', async () => {
  const { folder, run } = await sampleRun();
  const images = run.images.map((image, i) => (i === 0 ? { ...image, mask: 'masks/0.png' } : image));
  const { asked, result } = await scene(await sampleRun({ root: folder, images }));
  user.trusted = false;
  for (const [method, params] of [
    ['mask', { image: 0 }],
    ['pixelCurves', {}],
    ['neighbours', { image: 0, row: 0, column: 0, k: 1 }],
  ] as const)
    await expect(result(method, params), method).rejects.toThrow('restricted mode');
  expect(asked).toEqual([]);
});

describe('curves of pixels', () => {
  it('are measured on while their tab is left, once for a panel', async () => {
    const { asked, post, cancel, answerTo, result } = await scene(await sampleRun());
    cancel(post('pixelCurves', {}));
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0].signal?.aborted).toBe(false);
    const again = post('pixelCurves', {});
    asked[0].answer({ absent: 'none' });
    expect(await answerTo(again)).toMatchObject({ result: { absent: 'none' } });
    expect(await result('pixelCurves', {})).toEqual({ absent: 'none' });
    expect(asked).toHaveLength(1);
  });

  it('are not measured on for a panel that was closed', async () => {
    const { asked, post } = await scene(await sampleRun());
    post('pixelCurves', {});
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    sessions.splice(0).forEach((session) => session.dispose());
    expect(asked[0].signal?.aborted).toBe(true);
  });
});

describe('a run with damaged maps', () => {
  it('opens without heat where there are none, and says so in the log', async () => {
    const sample = await sampleRun();
    await rm(path.join(path.dirname(sample.runPath), MAPS_FILE));
    const { result, log } = await scene(sample);
    const snapshot = await result<object>('ready', {});
    expect(snapshot).toMatchObject({ run: { id: sample.run.id }, missing: [] });
    expect(snapshot).not.toHaveProperty('mapRange');
    expect(log).toEqual([expect.stringContaining('heatmaps of sample')]);
    await expect(result('maps', { images: [0, 1] })).rejects.toThrow();
  });

  it('has those that can be read, and a reason for each of the others', async () => {
    const sample = await sampleRun();
    await damage(sample.runPath, 2);
    const { result } = await scene(sample);
    expect(await result('ready', {})).toMatchObject({ mapRange: { median: 0, max: 0.6 } });
    const { scores, unread } = await result<PatchScores>('maps', { images: [3, 2, 5] });
    expect(unread).toEqual([[1, expect.stringContaining('damaged')]]);
    expect([0, 1, 2].map((i) => scores[i * 16])).toEqual([Math.fround(0.4), 0, Math.fround(0.6)]);
    await expect(result('maps', { images: [2] })).rejects.toThrow('damaged');
  });
});

it('scoring that failed is told to every new page, too', async () => {
  const sample = await sampleRun();
  const { queue, posted, end, result } = await scene(sample);
  const job = queue.add('score', { folder: sample.folder });
  await vi.waitFor(() => expect(job.state).toBe('running'), 20_000);
  end(new MuscError('DISK_FULL', 'no room'));
  await expect(job.result).rejects.toMatchObject({ code: 'DISK_FULL' });
  posted.length = 0;
  await result('ready', {});
  await vi.waitFor(
    () => expect(jobs(posted)).toMatchObject([{ state: 'failed', error: expect.any(String) as string }]),
    20_000,
  );
});

it('scoring that failed is told no more once that was dismissed, until it fails again', async () => {
  const sample = await sampleRun();
  const { queue, posted, end, result } = await scene(sample);
  const fail = async () => {
    const job = queue.add('score', { folder: sample.folder });
    await vi.waitFor(() => expect(job.state).toBe('running'));
    end(new MuscError('DISK_FULL', 'no room'));
    await expect(job.result).rejects.toMatchObject({ code: 'DISK_FULL' });
  };
  await fail();
  expect(await result('dismissJob', {})).toBeNull();
  posted.length = 0;
  await result('ready', {});
  await new Promise((later) => setTimeout(later, 50));
  expect(jobs(posted)).toEqual([]);
  await fail();
  expect(jobs(posted).at(-1)).toMatchObject({ state: 'failed' });
});

it('a page that asks which pictures are missing by now is told, and answered all that it had asked', async () => {
  const sample = await sampleRun();
  const { asked, post, answerTo, result } = await scene(sample);
  const id = post('thumbnails', { images: [0], size: 128 });
  await vi.waitFor(() => expect(asked).toHaveLength(1), 20_000);
  await rm(path.join(sample.folder, sample.run.images[2].path));
  expect(await result('checkPictures', {})).toEqual({ missing: [[2, 'moved or deleted']], changed: [] });
  asked[0].answer([{ file: '/thumbnails/0.webp' }]);
  expect(await answerTo(id)).toMatchObject({ ok: true });
});

it('a page is told which pictures were replaced or edited since they were scored', async () => {
  const { folder, runPath, run } = await sampleRun();
  await appendFile(path.join(folder, run.images[3].path), 'x');
  const { result } = await scene({ folder, runPath });
  expect(await result('ready', {})).toMatchObject({ missing: [], changed: [3] });
});

it('an export is left to the page that is in sight: it knows what it shows', async () => {
  const { session, show, posted, result } = await scene(await sampleRun());
  const asked = () => posted.filter((message) => 'event' in message && message.event === 'export').length;
  expect([session.exportShown(), asked()]).toEqual([false, 0]); // nothing is shown yet
  await result('ready', {});
  expect([session.exportShown(), asked()]).toEqual([true, 1]);
  show(false);
  expect(session.exportShown()).toBe(false);
  show(true);
  expect(session.exportShown()).toBe(false); // the page that was hidden is gone
  await result('ready', {});
  expect([session.exportShown(), asked()]).toEqual([true, 2]);
});

it.each(['asks to begin', 'is built anew'])(
  'what a page had asked is not answered to the next one, once that %s',
  async (how) => {
    const { images } = (await sampleRun()).run;
    const masked = images.map((image, i) => (i === 0 ? { ...image, mask: 'masks/0.png' } : image));
    const { document, asked, posted, post, answerTo } = await scene(await sampleRun({ images: masked }));
    const id = post('pixelCurves', {}, 1);
    await vi.waitFor(() => expect(asked).toHaveLength(1), 20_000);
    if (how === 'is built anew') await document.reload();
    else await answerTo(post('ready', {}, 2));
    post('mask', { image: 0 }, id);
    await vi.waitFor(() => expect(asked).toHaveLength(2), 20_000);
    asked[0].answer({ absent: 'of the page that is gone' });
    asked[1].answer(null);
    expect(await answerTo(id)).toEqual({ id, ok: true, result: null });
    expect(posted.filter((message) => 'id' in message && message.id === id)).toHaveLength(1);
  },
);

it('the engine is not asked for a mask that the run has not got', async () => {
  const { asked, result } = await scene(await sampleRun());
  await result('ready', {});
  const before = asked.length;
  expect(await result('mask', { image: 0 })).toBeNull();
  expect(asked).toHaveLength(before);
});

it('labels are not edited in restricted mode', async () => {
  user.trusted = false;
  const { document, result } = await scene(await sampleRun());
  expect(await result('ready', {})).toMatchObject({ editable: false });
  await expect(result('editLabels', { changes: [{ image: 0, label: 'good' }] })).rejects.toThrow('cannot be edited');
  expect(document.unsaved).toBe(false);
});
