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
    await vi.waitFor(() => expect(remembered()).toEqual(left));
    expect(interrupted.earlier.map(({ id }) => id)).toEqual(left);
  },
);
