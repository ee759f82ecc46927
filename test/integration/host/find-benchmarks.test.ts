import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { writeBench } from '../../../extension/core/benchmark/bench-store';
import { exportBenchmark } from '../../../extension/host/commands/benchmark';
import { openRun } from '../../../extension/host/commands/runs';
import { findBenchmarks } from '../../../extension/host/find-benchmarks';
import type { Host } from '../../../extension/host/host';
import { headlineOf } from '../../../extension/host/read-headlines';
import type { BenchFile } from '../../../extension/protocol/bench-file';
import { sampleBench } from '../../unit/benchmark/sample-bench';
import { put, sampleRun, temporaryFolder } from '../run/sample-run';
import { user, window } from './fake-vscode';

vi.mock('vscode', async () => ({ ...(await import('./fake-vscode')), ThemeIcon: class {} }));

let root: string;
/** A benchmark document in the workspace, as a search finds it. */
async function benchmark(name: string, day: number, dataset: string, folder = path.join(root, '.musc/bench')) {
  const bench: BenchFile = sampleBench({ createdAt: `2026-01-0${day}T00:00:00.000Z` });
  const file = path.join(folder, `${name}.musc-bench.json`);
  await put(file, '');
  await writeBench(file, { ...bench, dataset: { ...bench.dataset, root: dataset } });
  return file;
}
const hostWith = (...runs: Awaited<ReturnType<typeof headlineOf>>[]) =>
  ({ catalogue: { runs, refresh: () => Promise.resolve() } }) as unknown as Host;

beforeEach(async () => {
  root = await temporaryFolder();
  for (const list of [user.errors, user.infos, user.picks, user.ran, user.lists, user.files]) list.length = 0;
  Object.assign(user, { root, settings: {}, place: undefined });
  window.tabGroups.activeTabGroup.activeTab = undefined;
});

describe('the benchmarks that are found', () => {
  it('are those of the workspace and of the place for runs, newest first, without what is no benchmark of anybody’s', async () => {
    const place = await temporaryFolder();
    user.settings = { 'musc.runsLocation': place };
    const old = await benchmark('a', 1, '/data/old');
    const elsewhere = await benchmark('b', 2, '/data/elsewhere', place);
    const fresh = await benchmark('c', 3, '/data/fresh');
    const theirs = await benchmark('d', 4, '/data/theirs', path.join(root, 'node_modules'));
    const damaged = await put(path.join(root, 'damaged.musc-bench.json'), '{');
    user.files.push(theirs, old, damaged, fresh);
    expect((await findBenchmarks()).map(({ uri }) => uri.fsPath)).toEqual([fresh, elsewhere, old]);
  });

  it('are offered by Open Run after the runs, and opened in their own editor', async () => {
    const { runPath, folder } = await sampleRun();
    const file = await benchmark('a', 1, '/data/mvtec');
    user.files.push(file);
    user.picks.push('/data/mvtec');
    await openRun(hostWith(await headlineOf(runPath)));
    expect(user.lists).toEqual([[folder, 'Benchmarks', '/data/mvtec']]);
    expect(user.ran).toMatchObject([['vscode.openWith', { fsPath: file }, 'musc.bench', { preview: false }]]);
  });

  it('are offered by Open Run where there is nothing else', async () => {
    user.files.push(await benchmark('a', 1, '/data/mvtec'));
    await openRun(hostWith());
    expect([user.lists, user.infos]).toEqual([[['Benchmarks', '/data/mvtec']], []]);
  });
});

describe('Export Benchmark', () => {
  /** The documents that are exported as Markdown when this is picked. */
  async function exported(...picks: string[]): Promise<unknown> {
    const call = vi.fn(() => Promise.resolve());
    user.picks.push(...picks, 'Markdown');
    await exportBenchmark({ engines: { interactive: { call } } } as unknown as Host);
    return call.mock.calls.map(([, request]: unknown[]) => (request as { files: string[] }).files);
  }

  it('offers those that are found, and others by the dialog', async () => {
    const file = await benchmark('a', 1, '/data/mvtec');
    user.files.push(file);
    user.place = path.join(root, 'picked.musc-bench.json');
    expect(await exported('/data/mvtec')).toEqual([[file]]);
    expect(user.lists[0]).toEqual(['/data/mvtec', 'Browse...']);
    expect(await exported('Browse...')).toEqual([[user.place]]);
  });

  it('asks by the dialog where none is found', async () => {
    user.place = path.join(root, 'picked.musc-bench.json');
    expect(await exported()).toEqual([[user.place]]);
  });
});
