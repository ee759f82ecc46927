import { describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { ageText } from '../../../extension/host/age';
import { errorText } from '../../../extension/host/messages';
import { durationText, progressPercent, progressText } from '../../../extension/host/progress-text';
import { STAGES } from '../../../extension/protocol/stage';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
  commands: {},
  window: {},
}));

describe('words for people', () => {
  it('says ages in the largest unit', () => {
    const now = new Date('2024-06-15T12:00:00Z');
    const ago = (seconds: number) => ageText(new Date(now.getTime() - seconds * 1000), now);
    expect([0, 59, 60, 3599, 3600, 86399, 86400, 3 * 86400].map(ago)).toEqual([
      'now',
      'now',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '23 h ago',
      'yesterday',
      '3 days ago',
    ]);
    expect(ageText(new Date(NaN), now)).toBe('');
  });

  it('says durations', () => {
    expect([0.2, 59, 61, 7200 + 300].map(durationText)).toEqual(['1 s', '59 s', '1 min', '2 h 5 min']);
  });

  it('says progress with stage, count and time left', () => {
    expect(progressText(null)).toBe('Starting');
    expect(progressText({ stage: 'features', done: 12, total: 51, secondsLeft: 8 })).toBe(
      'Reading pictures, 12 of 51, 8 s left',
    );
    expect(progressText({ stage: 'scoring', done: 710, total: 2862, secondsLeft: null })).toBe(
      'Comparing pictures, 24 %',
    );
    expect(progressText({ stage: 'load', done: 0, total: 1, secondsLeft: null })).toBe('Loading the backbone');
  });

  it('moves the bar forward only, while stages come in order', () => {
    const steps = STAGES.flatMap((stage) =>
      [0, 1, 2].map((done) => progressPercent({ stage, done, total: 2, secondsLeft: null })),
    );
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(100);
  });

  it('says errors as sentences: what, where, what to do', () => {
    const error = new MuscError('TOO_FEW_IMAGES', 'fewer than two pictures', { where: '/a', hint: 'add some' });
    expect(errorText(error)).toBe('Fewer than two pictures: /a. Add some.');
    expect(errorText(new MuscError('INTERNAL', 'no.'))).toBe('No.');
    expect(errorText(new MuscError('FILE_IO', 'not found', { hint: 'moved or deleted?' }))).toBe(
      'Not found. Moved or deleted?',
    );
  });
});
