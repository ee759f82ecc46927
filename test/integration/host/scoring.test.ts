import { beforeEach, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { cancelled, MuscError } from '../../../extension/core/errors';
import type { Engines } from '../../../extension/host/engines';
import { InterruptedJobs } from '../../../extension/host/interrupted-jobs';
import type { NetworkConsent } from '../../../extension/host/network-consent';
import { Scoring } from '../../../extension/host/scoring';
import { requestFor } from '../../../extension/host/settings';
import { memento, Uri as FakeUri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const NUTS = FakeUri.file('/nuts') as unknown as Uri;
beforeEach(() => {
  Object.assign(user, { trusted: true, settings: {} });
});

it.each([
  ['done', () => Promise.resolve({}), []],
  ['failed', () => Promise.reject(new MuscError('DISK_FULL', 'full')), ['earlier']],
  ['cancelled', () => Promise.reject(cancelled()), ['earlier']],
])(
  'of a job that is %s, which a window before it was cut off at, is remembered what there is to offer',
  async (_, call, left) => {
    const jobs = memento();
    await jobs.update('musc.jobs', [{ id: 'earlier', kind: 'score', ...(await requestFor(NUTS, {})), resume: true }]);
    const interrupted = new InterruptedJobs(jobs);
    const engines = { jobs: { call } } as unknown as Engines;
    const scoring = new Scoring(engines, {} as NetworkConsent, interrupted);
    await scoring.score(NUTS).catch(() => undefined);
    const remembered = () => new InterruptedJobs(jobs).earlier.map(({ id }) => id);
    await vi.waitFor(() => expect(remembered()).toEqual(left), 20_000);
    expect(interrupted.earlier.map(({ id }) => id)).toEqual(left);
  },
);

/** Scores and benchmarks of a window, with what its engine was asked for. */
function window(call = vi.fn((_method: string, _request: object) => Promise.resolve({}))) {
  const engines = { jobs: { call } } as unknown as Engines;
  const scoring = new Scoring(engines, {} as NetworkConsent, new InterruptedJobs(memento()));
  return { scoring, asked: () => call.mock.calls.map(([method, request]) => [method, request]) };
}

it('a run that another extension asks for goes on with what a stopped one has left, unless it says otherwise', async () => {
  const { scoring, asked } = window();
  await scoring.score(NUTS);
  await scoring.score(NUTS, { resume: false });
  expect(asked()).toMatchObject([
    ['score', { resume: true }],
    ['score', { resume: false }],
  ]);
});

it('a benchmark compares every pair, where a run is divided as the settings say', async () => {
  user.settings = { 'musc.subsets': 'auto' };
  const { scoring, asked } = window();
  await (
    await scoring.startBenchmark(NUTS)
  ).result;
  await (
    await scoring.startBenchmark(NUTS, { subsets: 3 })
  ).result;
  await scoring.score(NUTS);
  expect(asked()).toMatchObject([
    ['bench', { protocol: 'reference', subsets: 1 }],
    ['bench', { subsets: 3 }],
    ['score', { subsets: 'auto' }],
  ]);
});

it('what a job fails of names the setting that is to blame', async () => {
  const refused = new MuscError('FOLDER_READ_ONLY', 'no permission', { where: '/nuts/.musc' });
  const { scoring } = window(vi.fn(() => Promise.reject(refused)));
  await expect(scoring.score(NUTS)).rejects.toMatchObject({
    code: 'FOLDER_READ_ONLY',
    hint: expect.stringContaining('musc.runsLocation') as string,
  });
});
