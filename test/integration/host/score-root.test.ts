import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { MuscError } from '../../../extension/core/errors';
import { scoreAndOpen, scoreWithOptions } from '../../../extension/host/commands/score';
import type { Host } from '../../../extension/host/host';
import { TabInputCustom, TabInputText, user, window } from './fake-vscode';

const { told } = vi.hoisted(() => ({
  told: {
    errors: [] as unknown[],
    benchmarks: [] as unknown[],
    opened: [] as unknown[],
    /** What is chosen of a root, and the engines that were asked what it holds. */
    choice: null as unknown,
    asked: [] as unknown[],
    /** What an estimate was shown of, and the answer to it. */
    estimated: [] as string[],
    agrees: true,
  },
}));
vi.mock('vscode', async () => ({
  ...(await import('./fake-vscode')),
  commands: {
    executeCommand: (_: string, run: Uri, __: string, how: { background?: boolean; preserveFocus?: boolean }) =>
      Promise.resolve(
        told.opened.push(
          how.background ? `${run.fsPath} aside` : how.preserveFocus ? run.fsPath : `${run.fsPath} focused`,
        ),
      ),
  },
}));
vi.mock('../../../extension/host/pick-categories', () => ({
  pickCategories: (engine: unknown) => (told.asked.push(engine), Promise.resolve(told.choice)),
}));
vi.mock('../../../extension/host/messages', () => ({ showError: (error: unknown) => told.errors.push(error) }));
vi.mock('../../../extension/host/commands/benchmark', () => ({
  runBenchmark: (_: Host, root: Uri) => told.benchmarks.push(root.fsPath),
}));
vi.mock('../../../extension/host/job-reporter', () => ({ jobName: () => 'nuts' }));
vi.mock('../../../extension/host/load-rooms', () => ({}));
vi.mock('../../../extension/host/pick-folder', () => ({}));
vi.mock('../../../extension/host/run-argument', () => ({ folderOf: (uri: Uri) => uri }));
vi.mock('../../../extension/host/score-options', () => ({ askOptions: () => Promise.resolve({ seed: 3 }) }));
vi.mock('../../../extension/host/confirm-estimate', () => ({
  confirmEstimate: (_: unknown, { fsPath }: Uri) => (told.estimated.push(fsPath), Promise.resolve(told.agrees)),
}));

const folder = (fsPath: string) => ({ fsPath }) as Uri;
const unclear = new MuscError('DATASET_UNCLEAR', 'the folder holds 3 categories');
/** A data set of several categories, and a folder of nothing but pictures that was scored before. */
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-root-'));
afterAll(() => rm(work, { recursive: true }));
const [ROOT, PLAIN] = ['root', 'plain'].map((name) => path.join(work, name));
for (const name of ['root/bottle', 'root/nut', 'plain/.musc']) await mkdir(path.join(work, name), { recursive: true });
const started: unknown[] = [];
/** Jobs that wait for their turn. */
const waiting: unknown[] = [];
const host = {
  engines: { jobs: 'jobs', interactive: 'interactive' },
  catalogue: { added: () => undefined },
  scoring: {
    queue: { active: waiting },
    start: ({ fsPath }: Uri, overrides: unknown) => {
      started.push([fsPath, overrides]);
      const summary = { run: `${fsPath}/run.musc.json`, images: 6, seconds: { total: 2 } };
      const result = fsPath === ROOT ? Promise.reject(unclear) : Promise.resolve(summary);
      result.catch(() => undefined);
      return Promise.resolve({ result });
    },
  },
} as unknown as Host;
beforeEach(() => {
  for (const list of [
    started,
    waiting,
    told.errors,
    told.benchmarks,
    told.opened,
    told.asked,
    told.estimated,
    user.infos,
  ])
    list.length = 0;
  told.choice = null;
  told.agrees = true;
  user.trusted = true;
  window.tabGroups.activeTabGroup.activeTab = undefined;
  user.answer = undefined;
});

describe('scoring the root of a data set', () => {
  it('asks before anything is queued, and scores the categories that are ticked, a job each, with the same options', async () => {
    told.choice = [folder('/mvtec/bottle'), folder('/mvtec/nut')];
    await scoreAndOpen(host, [folder(ROOT)], { seed: 3 });
    expect(started).toEqual([
      ['/mvtec/bottle', { seed: 3, resume: true }],
      ['/mvtec/nut', { seed: 3, resume: true }],
    ]);
    expect(told.opened).toEqual(['/mvtec/bottle/run.musc.json', '/mvtec/nut/run.musc.json']);
    expect([told.errors, told.asked]).toEqual([[], ['jobs']]);
  });

  it('runs the benchmark instead, where that is chosen', async () => {
    told.choice = 'benchmark';
    await scoreAndOpen(host, [folder(ROOT)]);
    expect([told.benchmarks, started, told.errors]).toEqual([[ROOT], [], []]);
  });

  it('does nothing where the user leaves', async () => {
    told.choice = 'left';
    await scoreAndOpen(host, [folder(ROOT)]);
    expect([started, told.errors]).toEqual([[], []]);
  });

  it('asks the engine that is idle, while another folder is scored', async () => {
    waiting.push({});
    told.choice = 'left';
    await scoreAndOpen(host, [folder(ROOT)]);
    expect(told.asked).toEqual(['interactive']);
  });

  it('tells what is unclear where nobody could say in time: no list comes up when the job has come to its turn', async () => {
    await scoreAndOpen(host, [folder(ROOT)]);
    expect([told.errors, told.asked.length, started.length]).toEqual([[unclear], 1, 1]);
  });

  it('asks nothing about a category that was named, nor in restricted mode', async () => {
    await scoreAndOpen(host, [folder(ROOT)], { category: 'nut' });
    user.trusted = false;
    await scoreAndOpen(host, [folder(ROOT)]);
    expect([told.asked, started.length]).toEqual([[], 2]);
  });
});

it.each([
  ['holds nothing but pictures', PLAIN],
  ['is not there', '/nowhere'],
])('a folder that %s is scored at once, without an engine to tell what it is', async (_, name) => {
  told.choice = 'left';
  await scoreAndOpen(host, [folder(name)]);
  expect([told.asked, started.length]).toEqual([[], 1]);
});

describe('scoring with options', () => {
  it.each([
    ['several categories of a root asks which, and estimates none of them', ['/mvtec/bottle', '/mvtec/nut'], []],
    ['one category of a root estimates that', ['/mvtec/nut'], ['/mvtec/nut']],
  ])('%s', async (_, chosen, estimated) => {
    told.choice = chosen.map(folder);
    await scoreWithOptions(host, folder(ROOT) as never);
    expect(told.estimated).toEqual(estimated);
    expect(started).toEqual(chosen.map((name) => [name, { seed: 3, resume: true }]));
  });

  it.each([
    ['is left', 'left', true, []],
    ['becomes a benchmark', 'benchmark', true, [ROOT]],
    ['takes too long', [folder('/mvtec/nut')], false, []],
  ])('scores nothing where it %s', async (_, choice, agrees, benchmarks) => {
    Object.assign(told, { choice, agrees });
    await scoreWithOptions(host, folder(ROOT) as never);
    expect([started, told.benchmarks]).toEqual([[], benchmarks]);
  });
});

describe('a run that is done', () => {
  const score = () => scoreAndOpen(host, [folder('/nuts')]);
  const lookAt = (input: unknown) => (window.tabGroups.activeTabGroup.activeTab = { input });
  const said = ['nuts is scored: 6 pictures in 2 s.'];

  it.each([
    ['nothing', undefined],
    ['a text that nobody works in', new TabInputText()],
    ['a picture', new TabInputCustom(undefined, 'imagePreview.previewEditor')],
  ])('comes up in front of %s, without the keyboard, which a terminal may have', async (_, input) => {
    lookAt(input);
    await score();
    expect([told.opened, user.infos]).toEqual([['/nuts/run.musc.json'], []]);
  });

  it('opens beside a run that is reviewed, whose keys would label its pictures, and is offered', async () => {
    lookAt(new TabInputCustom(undefined, 'musc.run'));
    await score();
    expect([told.opened, user.infos]).toEqual([['/nuts/run.musc.json aside'], said]);
    user.answer = 'Open';
    await score();
    expect(told.opened.at(-1)).toBe('/nuts/run.musc.json focused');
  });

  it('opens as a tab, without a word, while others wait', async () => {
    waiting.push({});
    await score();
    expect([told.opened, user.infos]).toEqual([['/nuts/run.musc.json aside'], []]);
  });
});
