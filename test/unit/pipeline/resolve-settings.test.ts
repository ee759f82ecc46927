import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../extension/core/pipeline/resolve-settings';
import { DEFAULT_SETTINGS } from '../../../extension/core/settings';
import type { ScoreRequest } from '../../../extension/protocol/engine';

describe('resolveSettings', () => {
  it('fills in the defaults', () => {
    expect(resolveSettings({ folder: 'x' })).toEqual(DEFAULT_SETTINGS);
  });

  it.each<[keyof ScoreRequest, unknown]>([
    ['degrees', []],
    ['degrees', [2]],
    ['degrees', [3, 3]],
    ['degrees', [17]],
    ['keep', [0, 0]],
    ['keep', [-1, 0.3]],
    ['rscin', [-1]],
    ['rscin', []],
    ['subsets', 0],
    ['subsets', 1.5],
    ['seed', -1],
    ['imageSize', 31],
    ['imageSize', NaN],
    ['threads', 1e6],
    ['memoryBytes', 1000],
    ['taps', []],
    ['backbone', ''],
  ])('refuses %s = %j by name', (name, value) => {
    expect(() => resolveSettings({ folder: 'x', [name]: value } as ScoreRequest)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringContaining(name) as string }) as Error,
    );
  });

  it('knows no kept shape in the reference protocol', () => {
    expect(() => resolveSettings({ folder: 'x', protocol: 'reference', fit: 'keep' })).toThrow(/reference/);
    expect(resolveSettings({ folder: 'x', protocol: 'reference', fit: 'squash' }).fit).toBe('squash');
  });
});
