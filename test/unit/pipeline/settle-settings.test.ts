import { describe, expect, it } from 'vitest';
import { settleSettings } from '../../../extension/core/pipeline/settle-settings';
import { DEFAULT_SETTINGS } from '../../../extension/core/settings';

describe('window sizes of a run', () => {
  it('are the backbone’s own where they are left to it', () => {
    expect(settleSettings(DEFAULT_SETTINGS, { degrees: [1] }).degrees).toEqual([1]);
  });

  it('are the asked ones otherwise', () => {
    expect(settleSettings({ ...DEFAULT_SETTINGS, degrees: [3, 5] }, { degrees: [1] }).degrees).toEqual([3, 5]);
  });
});
