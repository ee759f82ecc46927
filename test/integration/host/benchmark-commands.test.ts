import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Uri } from 'vscode';
import { writeBench } from '../../../extension/core/benchmark/bench-store';
import { cancelled, MuscError } from '../../../extension/core/errors';
import { benchKey } from '../../../extension/core/pipeline/bench-key';
import { benchmarkAndOpen, resumeBenchmark } from '../../../extension/host/commands/benchmark';
import type { Host } from '../../../extension/host/host';
import { category, sampleBench } from '../../unit/benchmark/sample-bench';
import { hands, TabInputCustom, TabInputText, Uri as FakeUri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const FILE = '/runs/mvtec.musc-bench.json';
const root = FakeUri.file('/mvtec') as unknown as Uri;
/** Jobs that wait for their turn. */
const waiting: unknown[] = [];
const looked = vi.fn();
const added = vi.fn();
const listeners = new Set<(job: object) => void>();
const started = vi.fn();
let result: Promise<unknown>;
const host = {
  log: () => undefined,
  catalogue: { added: (...runs: Uri[]) => added(runs.map(({ fsPath }) => fsPath)) as unknown, look: looked },
  scoring: {
    queue: {
      active: waiting,
      onDidChange: (listener: () => void) => (listeners.add(listener), () => listeners.delete(listener)),
    },
    startBenchmark: (_: Uri, options: object) => {
      started(options);
      return Promise.resolve({ id: 7, result, request: { folder: '/mvtec' }, progress: {} });
    },
  },
} as unknown as Host;
const opened = () =>
  user.ran.map(([command, file, viewType, how]) => [command, (file as Uri).fsPath, viewType, how as object]);
const openWith = ['vscode.openWith', FILE, 'musc.bench'];
const focused = [...openWith, { preview: false }];
const inFront = [...openWith, { preview: false, background: false, preserveFocus: true }];
const aside = [...openWith, { preview: false, background: true, preserveFocus: true }];
const said = ['The benchmark of mvtec is done.'];

beforeEach(() => {
  for (const list of [waiting, user.ran, user.infos, user.errors]) list.length = 0;
  Object.assign(user, { answer: undefined, settings: {} });
  window.tabGroups.activeTabGroup.activeTab = undefined;
  vi.clearAllMocks();
  result = Promise.resolve({ file: FILE, categories: 1, failed: 0, runs: [] });
});

describe('a benchmark that is done', () => {
  it('comes up in front of a user who waits for it, without a word', async () => {
    await benchmarkAndOpen(host, root, {});
    expect([opened(), user.infos, looked.mock.calls.length]).toEqual([[inFront], [], 1]);
  });

  it('opens beside a run that is reviewed, and is offered', async () => {
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(undefined, 'musc.run') };
    user.answer = 'Open';
    await benchmarkAndOpen(host, root, {});
    expect([opened(), user.infos]).toEqual([[aside, focused], said]);
  });

  it('opens beside a text that the user has worked in meanwhile', async () => {
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputText() };
    let end: (value: unknown) => void = () => undefined;
    result = new Promise((resolve) => (end = resolve));
    const over = benchmarkAndOpen(host, root, {});
    hands.moveCursor.fire({ kind: 1 });
    end({ file: FILE, categories: 1, failed: 0, runs: [] });
    await over;
    expect(opened()).toEqual([aside]);
    expect(hands.moveCursor.listeners.size).toBe(0);
  });

  it('opens as a tab, without a word, while other jobs wait', async () => {
    waiting.push({});
    await benchmarkAndOpen(host, root, {});
    expect([opened(), user.infos]).toEqual([[aside], []]);
  });

  it('is only offered where the settings say so', async () => {
    user.settings = { 'musc.openWhenDone': false };
    await benchmarkAndOpen(host, root, {});
    expect([opened(), user.infos]).toEqual([[], said]);
  });
});

it('a benchmark that has ended says how many of its categories failed', async () => {
  user.settings = { 'musc.openWhenDone': false };
  result = Promise.resolve({ file: FILE, categories: 15, failed: 2, runs: [] });
  await benchmarkAndOpen(host, root, {});
  expect(user.infos).toEqual(['The benchmark of mvtec has ended: 2 of 15 categories failed.']);
});

it('a benchmark that was stopped is offered to go on with, and its runs are looked for', async () => {
  result = Promise.reject(cancelled());
  await benchmarkAndOpen(host, root, { seed: 3 });
  expect(looked).toHaveBeenCalledTimes(1);
  expect([opened(), user.infos]).toEqual([[], [expect.stringContaining('was stopped')]]);
});

it.each([
  ['before its first category is done, begins anew once more', { resume: false }, [], false],
  ['once a category is done, is gone on with', { resume: false }, ['/bottle/run.musc.json'], true],
  ['and went on with an earlier one, does so again', { resume: true }, [], true],
])('a benchmark begun anew that is stopped %s', async (_, options, runs, resume) => {
  let stop: (error: unknown) => void = () => undefined;
  result = new Promise((_resolve, reject) => (stop = reject));
  user.answer = 'Resume';
  const over = benchmarkAndOpen(host, root, options);
  await vi.waitFor(() => expect(listeners.size).toBe(1), 20_000);
  for (const run of runs)
    listeners.forEach((listener) => listener({ id: 7, progress: { stage: 'write', done: 1, total: 1, run } }));
  stop(cancelled());
  result = Promise.resolve({ file: FILE, categories: 1, failed: 0, runs: [] });
  await over;
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(2), 20_000);
  expect(started).toHaveBeenLastCalledWith({ resume });
});

it.each([
  ['is', ['bottle', 'nut'], false],
  ['is not', ['bottle'], true],
])('a benchmark that a reload cut off is gone on with unless the last one %s finished', async (_, done, resume) => {
  const work = await mkdtemp(path.join(os.tmpdir(), 'musc-resume-'));
  onTestFinished(() => rm(work, { recursive: true }));
  const request = { folder: work, seed: 3 };
  const dataset = { ...sampleBench().dataset, root: work };
  const file = path.join(work, '.musc/bench', `20260102-030405-mini-${benchKey(request)}.musc-bench.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeBench(file, sampleBench({ dataset, categories: done.map((name) => category(name, 0.9)) }));
  const held = { layout: dataset.layout, categories: [{ name: 'bottle' }, { name: 'nut' }], missing: [] };
  const engines = { interactive: { call: () => Promise.resolve(held) } };
  await resumeBenchmark({ ...host, engines } as unknown as Host, request);
  expect(started).toHaveBeenLastCalledWith({ seed: 3, resume });
  await resumeBenchmark({ ...host, engines } as unknown as Host, { ...request, resume: true });
  expect(started).toHaveBeenLastCalledWith({ seed: 3, resume: true });
});

it.each([
  ['is stopped', cancelled()],
  ['fails', new MuscError('DEVICE_FAILED', 'the network did not run')],
])('the runs of finished categories are known, wherever they lie, when the benchmark %s', async (_, error) => {
  let fail: (error: unknown) => void = () => undefined;
  result = new Promise((_resolve, reject) => (fail = reject));
  const over = benchmarkAndOpen(host, root, {});
  await vi.waitFor(() => expect(listeners.size).toBe(1), 20_000);
  const tell = (id: number, progress: object | null) => listeners.forEach((listener) => listener({ id, progress }));
  tell(7, null);
  tell(7, { stage: 'features', done: 1, total: 2 });
  tell(7, { stage: 'write', done: 1, total: 1, run: '/elsewhere/bottle/run.musc.json' });
  tell(8, { stage: 'write', done: 1, total: 1, run: '/another/benchmark/run.musc.json' });
  fail(error);
  await over;
  expect(added.mock.calls).toEqual([[['/elsewhere/bottle/run.musc.json']]]);
  expect(listeners.size).toBe(0);
});
