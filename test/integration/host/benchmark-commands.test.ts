import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { cancelled } from '../../../extension/core/errors';
import { benchmarkAndOpen } from '../../../extension/host/commands/benchmark';
import type { Host } from '../../../extension/host/host';
import { hands, TabInputCustom, TabInputText, Uri as FakeUri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const FILE = '/runs/mvtec.musc-bench.json';
const root = FakeUri.file('/mvtec') as unknown as Uri;
/** Jobs that wait for their turn. */
const waiting: unknown[] = [];
const looked = vi.fn();
const started = vi.fn();
let result: Promise<unknown>;
const host = {
  log: () => undefined,
  catalogue: { added: () => undefined, look: looked },
  scoring: {
    queue: { active: waiting },
    startBenchmark: (_: Uri, options: object) => {
      started(options);
      return Promise.resolve({ result, request: { folder: '/mvtec' }, progress: {} });
    },
  },
} as unknown as Host;
const opened = () =>
  user.ran.map(([command, file, viewType, how]) => [command, (file as Uri).fsPath, viewType, how as object]);
const inFront = ['vscode.openWith', FILE, 'musc.bench', { preview: false }];
const aside = [...inFront.slice(0, 3), { preview: false, background: true, preserveFocus: true }];
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
    expect([opened(), user.infos]).toEqual([[aside, inFront], said]);
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

it('a benchmark that was stopped is offered to go on with, and its runs are looked for', async () => {
  result = Promise.reject(cancelled());
  await benchmarkAndOpen(host, root, { seed: 3 });
  expect(looked).toHaveBeenCalledTimes(1);
  expect([opened(), user.infos]).toEqual([[], [expect.stringContaining('was stopped')]]);
});
