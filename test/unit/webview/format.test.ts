import { describe, expect, it } from 'vitest';
import { rate, seconds } from '../../../webview/model/format';

describe('seconds', () => {
  it('are rounded before they are split', () => {
    expect([0.4, 9.94, 59.4, 59.6, 72.4, 119.6, 3599.4, 3599.6, 7260].map(seconds)).toEqual([
      '< 1 s',
      '9.9 s',
      '59 s',
      '1 min 0 s',
      '1 min 12 s',
      '2 min 0 s',
      '59 min 59 s',
      '1 h 0 min',
      '2 h 1 min',
    ]);
  });
});

describe('rates', () => {
  it('are whole and grouped from ten on, else have one decimal', () => {
    expect([0.02, 0.3, 3.21, 9.94, 9.96, 12.5, 120, 1234.5].map(rate)).toEqual([
      '< 0.1',
      '0.3',
      '3.2',
      '9.9',
      '10',
      '13',
      '120',
      '1,235',
    ]);
  });
});
