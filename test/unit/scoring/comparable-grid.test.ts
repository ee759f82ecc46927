import { expect, it } from 'vitest';
import { requireComparable } from '../../../extension/core/scoring/comparable-grid';
import { PairMaxima } from '../../../extension/core/scoring/kernel/pair-maxima';

it.each([[[1]], [[1, 3, 5]], [[7, 15]]])(
  'refuses a grid whose kernel does not start, and no other: degrees %j',
  (degrees) => {
    const fine = { height: 180, width: 180 };
    expect(() => requireComparable(fine, degrees)).not.toThrow();
    expect(() => new PairMaxima(fine, degrees, 1)).not.toThrow();
    const finer = { height: 181, width: 182 };
    expect(() => new PairMaxima(finer, degrees, 1)).toThrow(RangeError);
    expect(() => requireComparable(finer, degrees)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: 'a grid of 181 x 182 patches is too fine to compare',
        hint: 'use a smaller image size',
      }),
    );
  },
);
