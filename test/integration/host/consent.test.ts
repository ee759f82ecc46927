import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri, WebviewPanel } from 'vscode';
import * as fileHash from '../../../extension/core/file-sha256';
import type { Engines } from '../../../extension/host/engines';
import type { Host } from '../../../extension/host/host';
import { InterruptedJobs } from '../../../extension/host/interrupted-jobs';
import { NetworkConsent } from '../../../extension/host/network-consent';
import { PanelSession } from '../../../extension/host/panel-session';
import { RunDocument } from '../../../extension/host/run-document';
import { Scoring } from '../../../extension/host/scoring';
import { put, sampleRun, temporaryFolder } from '../run/sample-run';
import { EventEmitter, memento, Uri as FakeUri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
vi.mock('../../../extension/core/file-sha256', { spy: true });

/** Calls that reached an engine: nothing else loads a network. */
let calls: { method: string; params: { backbone?: string; backboneSha256?: string } }[];
let folder: string;
let network: string;
let consent: NetworkConsent;
let engines: Engines;
let scoring: Scoring;
beforeEach(async () => {
  Object.assign(user, { warnings: [], answer: undefined, trusted: true, settings: {} });
  calls = [];
  const engine = {
    call: (method: string, params: object) => {
      calls.push({ method, params });
      return Promise.resolve([]);
    },
  };
  engines = { jobs: engine, interactive: engine } as unknown as Engines;
  folder = await temporaryFolder();
  network = await put(path.join(folder, 'net.onnx'), 'a network of a stranger');
  consent = new NetworkConsent(memento());
  scoring = new Scoring(engines, consent, new InterruptedJobs(memento()));
});
const uri = (file: string) => FakeUri.file(file) as unknown as Uri;
const never = new AbortController().signal;

/** Every way to an engine that loads the network which a folder, its settings or a caller names. */
const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a score', () => scoring.score(uri(folder), { backbone: './net.onnx' })],
  ['a benchmark', async () => (await scoring.startBenchmark(uri(folder), { backbone: network })).result],
  ['an estimate', () => scoring.estimate(uri(folder), { backbone: 'net.onnx' }, never)],
  [
    'a setting of the workspace',
    () => {
      user.settings['musc.backbone'] = './net.onnx';
      return scoring.score(uri(folder));
    },
  ],
];

describe('a network file of a workspace', () => {
  it.each(ways)('is not loaded by %s unless the user agrees', async (_, start) => {
    const refused = await start().then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'CANCELLED' });
    expect(user.warnings).toHaveLength(1);
    expect(calls).toEqual([]);
    expect(scoring.queue.active).toEqual([]);

    user.answer = 'Load';
    await start();
    expect(calls.map(({ params }) => params.backbone)).toEqual([network]);
    await start();
    expect(user.warnings).toHaveLength(2); // asked once more, not again after the yes
    expect(calls).toHaveLength(2);
  });

  it('is asked about once for all that want it at the same time, yes or no', async () => {
    const question = vi.spyOn(window, 'showWarningMessage');
    const reading = vi.mocked(fileHash.fileSha256);
    for (const [answer, status] of [
      [undefined, 'rejected'],
      ['Load', 'fulfilled'],
    ] as const) {
      let give = (): void => undefined;
      question.mockClear().mockReturnValue(new Promise((resolve) => (give = () => resolve(answer))));
      reading.mockClear();
      consent = new NetworkConsent(memento());
      const five = Promise.allSettled(Array.from({ length: 5 }, () => consent.require(network, never)));
      await vi.waitFor(() => expect(reading).toHaveBeenCalledTimes(5), 20_000);
      await Promise.all(reading.mock.results.map(({ value }) => value as Promise<string>));
      await new Promise(setImmediate); // all five have come to the question
      give();
      expect((await five).map((one) => one.status)).toEqual(Array(5).fill(status));
      expect(question).toHaveBeenCalledTimes(1);
    }
    question.mockRestore();
  });

  it('stays allowed when another was asked about at the same time', async () => {
    user.answer = 'Load';
    const other = await put(path.join(folder, 'other.onnx'), 'another network');
    await Promise.all([consent.require(network, never), consent.require(other, never)]);
    await Promise.all([consent.require(network, never), consent.require(other, never)]);
    expect(user.warnings).toHaveLength(2);
  });

  it('is read again only when it changed', async () => {
    user.answer = 'Load';
    await consent.require(network, never);
    const reading = vi.mocked(fileHash.fileSha256).mockClear();
    await consent.require(network, never);
    expect(reading).not.toHaveBeenCalled();
    await appendFile(network, ', changed');
    await consent.require(network, never);
    expect(reading).toHaveBeenCalledTimes(1);
    expect(user.warnings).toHaveLength(2);
  });

  it('is asked about again when its content changed', async () => {
    user.answer = 'Load';
    await scoring.score(uri(folder), { backbone: network });
    await appendFile(network, ', changed');
    user.answer = undefined;
    await expect(scoring.score(uri(folder), { backbone: network })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(calls).toHaveLength(1);
  });

  it('is asked about again, when the turn of its job has come, if its content changed while that waited', async () => {
    user.answer = 'Load';
    let end: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (end = resolve));
    const call = engines.jobs.call.bind(engines.jobs);
    vi.spyOn(engines.jobs, 'call').mockImplementationOnce(() => first as never);
    const jobs = [await scoring.start(uri(folder)), await scoring.start(uri(folder), { backbone: network })];
    await appendFile(network, ', changed');
    vi.mocked(engines.jobs.call).mockImplementation(call);
    user.answer = undefined;
    end();
    await jobs[0].result;
    await expect(jobs[1].result).rejects.toMatchObject({ code: 'CANCELLED' });
    expect([user.warnings.length, calls]).toEqual([2, []]);
  });

  it.each(ways)(
    'is named to the engine by %s with what was agreed to, and is no part of what is remembered',
    async (_, start) => {
      user.answer = 'Load';
      const began = vi.spyOn(scoring.interrupted, 'began');
      await start();
      const sha256 = await fileHash.fileSha256(network);
      expect(calls.map(({ params }) => params.backboneSha256)).toEqual([sha256]);
      for (const [, request] of began.mock.calls) expect(request).not.toHaveProperty('backboneSha256');
    },
  );

  it.each(ways)('is not even asked about by %s in restricted mode', async (_, start) => {
    user.trusted = false;
    user.answer = 'Load';
    await expect(start()).rejects.toMatchObject({ code: 'UNTRUSTED' });
    expect([user.warnings, calls]).toEqual([[], []]);
  });
});

describe('the panel on a run that names a network file', () => {
  /** Asks the panel's session why a patch is anomalous, as the page does, and returns its answer. */
  async function askWhy(backbone: string): Promise<unknown> {
    const { runPath, run } = await sampleRun();
    const { writeRun, runsFolder } = await import('../../../extension/core/run/run-store');
    const hostile = { ...run, settings: { ...run.settings, backbone } };
    const file = await writeRun(await runsFolder(path.resolve(runPath, '../../../..')), hostile, new Float32Array(96));
    const document = await RunDocument.open(uri(file));
    const messages = new EventEmitter<unknown>();
    const answer = new EventEmitter<unknown>();
    const webview = {
      onDidReceiveMessage: messages.event,
      postMessage: (message: unknown) => answer.fire(message),
      asWebviewUri: (file: unknown) => file,
    };
    const panel = { webview, onDidChangeViewState: () => ({ dispose: () => undefined }) };
    const host = {
      scoring,
      engines,
      extensionUri: FakeUri.file(folder),
      cache: FakeUri.file(folder),
      backbones: { folder },
      memento: memento(),
      log: () => undefined,
    } as unknown as Host;
    const session = new PanelSession(document, panel as unknown as WebviewPanel, host);
    const got = new Promise((resolve) => answer.event(resolve));
    messages.fire({ id: 1, method: 'neighbours', params: { image: 0, row: 0, column: 0, k: 3 } });
    try {
      return await got;
    } finally {
      session.dispose();
    }
  }

  it('loads it for an explanation only after the user agreed, never in restricted mode', async () => {
    expect(await askWhy(network)).toMatchObject({ id: 1, ok: false });
    expect([user.warnings.length, calls.length]).toEqual([1, 0]);
    user.answer = 'Load';
    expect(await askWhy(network)).toMatchObject({ id: 1, ok: true });
    expect(calls.map(({ method }) => method)).toEqual(['neighbours']);
    user.trusted = false;
    expect(await askWhy(network)).toMatchObject({ id: 1, ok: false });
    expect(calls).toHaveLength(1);
  });
});
