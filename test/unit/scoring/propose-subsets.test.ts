import { describe, expect, it } from 'vitest';
import { proposeSubsets } from '../../../extension/core/scoring/propose-subsets';
import { divideIntoSubsets } from '../../../extension/core/scoring/subsets';

describe('proposeSubsets', () => {
  const quadratic = (images: number) => (s: number) => (images * images * 0.001) / s;
  it('leaves small folders whole and divides large ones just enough', () => {
    expect(proposeSubsets(500, quadratic(500)).count).toBe(1);
    const large = proposeSubsets(3000, quadratic(3000));
    expect(large.count).toBe(8);
    expect(large.seconds).toBeLessThanOrEqual(1200);
    expect(large.effect).toContain('374 others instead of 2999');
  });
  it('makes no subset smaller than 100 images', () => {
    expect(proposeSubsets(1000, () => 1e9).count).toBe(10);
    expect(proposeSubsets(50, () => 1e9).count).toBe(1);
  });
});

describe('divideIntoSubsets', () => {
  const types = Array.from({ length: 50 }, (_, i) => ['good', 'scratch', 'dent'][i % 3]);
  it('deals every image once, and every type evenly', () => {
    const subsets = divideIntoSubsets(types, 4, 7);
    expect(subsets.flat().sort((a, b) => a - b)).toEqual(types.map((_, i) => i));
    for (const type of new Set(types)) {
      const counts = subsets.map((s) => s.filter((i) => types[i] === type).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });
  it('depends on the seed and on nothing else', () => {
    expect(divideIntoSubsets(types, 4, 7)).toEqual(divideIntoSubsets(types, 4, 7));
    expect(divideIntoSubsets(types, 4, 8)).not.toEqual(divideIntoSubsets(types, 4, 7));
    expect(divideIntoSubsets(types, 1, 7)).toEqual([types.map((_, i) => i)]);
  });
  it('refuses subsets of fewer than two images', () => {
    expect(() => divideIntoSubsets(['a', 'a', 'a'], 2, 0)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID' }),
    );
  });
});
