import { describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../extension/host/job-queue';
import { statusText } from '../../../extension/host/job-reporter';
import type { ProgressMessage } from '../../../extension/protocol/engine';
import type { Stage } from '../../../extension/protocol/stage';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
}));
const text = (progress: Partial<ProgressMessage> | null, folder = '/data/hazelnut') =>
  statusText({
    request: { folder },
    progress: progress && { stage: 'features', secondsLeft: null, ...progress },
  } as Job);

describe('the status bar', () => {
  it('says how far a job is and how long it takes, in few words', () => {
    const scoring = { stage: 'scoring', done: 1, total: 4, secondsLeft: 120 } as const;
    expect(text(scoring)).toBe('hazelnut: Comparing 25 % · 2 min left');
    expect(text({ done: 34, total: 51 })).toBe('hazelnut: Reading 34/51');
    expect(text({ stage: 'load', done: 0, total: 1 })).toBe('hazelnut: Loading');
    expect(text({ stage: 'metrics', done: 299, total: 300 })).toBe('hazelnut: Measuring 99 %');
    expect(text(null)).toBe('hazelnut: Starting');
  });

  it('tells no time left where it is not that of the job: of reading before comparing, of one category of many', () => {
    expect(text({ done: 34, total: 51, secondsLeft: 12 })).toBe('hazelnut: Reading 34/51');
    const part = { name: 'cable', index: 1, count: 15 };
    const of = (stage: Stage) => text({ stage, done: 3, total: 9, secondsLeft: 8, part }, '/data/mvtec');
    expect(of('features')).toBe('mvtec 2/15: Reading 3/9');
    expect(of('scoring')).toBe('mvtec 2/15: Comparing 33 %');
  });

  it('leaves room for others', () => {
    expect(text({ done: 1, total: 2 }, `/data/${'long'.repeat(20)}`)).toHaveLength(24 + ': Reading 1/2'.length);
  });
});
