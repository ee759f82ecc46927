import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { MuscError } from '../../../extension/core/errors';
import { scoreAndOpen } from '../../../extension/host/commands/score';
import type { Host } from '../../../extension/host/host';

const { told } = vi.hoisted(() => ({
  told: { errors: [] as unknown[], benchmarks: [] as unknown[], opened: [] as unknown[], choice: null as unknown },
}));
vi.mock('vscode', async () => ({
  ...(await import('./fake-vscode')),
  commands: { executeCommand: (_: string, run: Uri) => Promise.resolve(told.opened.push(run.fsPath)) },
}));
vi.mock('../../../extension/host/pick-categories', () => ({ pickCategories: () => Promise.resolve(told.choice) }));
vi.mock('../../../extension/host/messages', () => ({ showError: (error: unknown) => told.errors.push(error) }));
vi.mock('../../../extension/host/commands/benchmark', () => ({
  runBenchmark: (_: Host, root: Uri) => told.benchmarks.push(root.fsPath),
}));
vi.mock('../../../extension/host/job-reporter', () => ({}));
vi.mock('../../../extension/host/load-rooms', () => ({}));
vi.mock('../../../extension/host/pick-folder', () => ({}));
vi.mock('../../../extension/host/run-argument', () => ({}));
vi.mock('../../../extension/host/score-options', () => ({}));
vi.mock('../../../extension/host/confirm-estimate', () => ({}));

const folder = (fsPath: string) => ({ fsPath }) as Uri;
const unclear = new MuscError('DATASET_UNCLEAR', 'the folder holds 3 categories');
const started: unknown[] = [];
const host = {
  engines: {},
  catalogue: { added: () => undefined },
  scoring: {
    start: ({ fsPath }: Uri, overrides: unknown) => {
      started.push([fsPath, overrides]);
      const result =
        fsPath === '/mvtec' ? Promise.reject(unclear) : Promise.resolve({ run: `${fsPath}/run.musc.json` });
      result.catch(() => undefined);
      return Promise.resolve({ result });
    },
  },
} as unknown as Host;
beforeEach(() => {
  for (const list of [started, told.errors, told.benchmarks, told.opened]) list.length = 0;
});

describe('scoring the root of a data set', () => {
  it('scores the categories that the user ticks, a job each, with the same options', async () => {
    told.choice = [folder('/mvtec/bottle'), folder('/mvtec/nut')];
    await scoreAndOpen(host, [folder('/mvtec')], { seed: 3 });
    expect(started.slice(1)).toEqual([
      ['/mvtec/bottle', { seed: 3 }],
      ['/mvtec/nut', { seed: 3 }],
    ]);
    expect(told.opened).toEqual(['/mvtec/bottle/run.musc.json', '/mvtec/nut/run.musc.json']);
    expect(told.errors).toEqual([]);
  });

  it('runs the benchmark instead, where that is chosen', async () => {
    told.choice = 'benchmark';
    await scoreAndOpen(host, [folder('/mvtec')]);
    expect(told.benchmarks).toEqual(['/mvtec']);
    expect(told.errors).toEqual([]);
  });

  it('does nothing where the user leaves, and tells what is unclear otherwise', async () => {
    told.choice = 'left';
    await scoreAndOpen(host, [folder('/mvtec')]);
    expect(told.errors).toEqual([]);
    told.choice = null;
    await scoreAndOpen(host, [folder('/mvtec')]);
    expect(told.errors).toEqual([unclear]);
    expect(started).toHaveLength(2);
  });
});
