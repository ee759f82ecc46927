import { describe, expect, test } from 'vitest';
import { DEFECT_KINDS, planDefect } from '../../../extension/core/dataset/sample/defects';
import { takeSample } from '../../../extension/core/dataset/sample/make-sample-dataset';
import { Random } from '../../../extension/core/dataset/sample/random';
import { SIDE } from '../../../extension/core/dataset/sample/scene';

describe('the sample pictures', () => {
  test('a good one has an empty mask, and the same seed gives the same picture', () => {
    const [a, b] = [takeSample(new Random(3), {}), takeSample(new Random(3), {})];
    expect(a.mask.includes(1)).toBe(false);
    expect(Buffer.compare(a.picture, b.picture)).toBe(0); // toEqual takes seconds on so many bytes
    expect(Buffer.compare(takeSample(new Random(4), {}).picture, a.picture)).not.toBe(0);
  });

  test.each(DEFECT_KINDS)('%s: changed is what the mask marks', (kind) => {
    const good = takeSample(new Random(9), {}).picture;
    const { picture, mask } = takeSample(new Random(9), planDefect(kind, new Random(5), false));
    const marked = mask.reduce((a, m) => a + m, 0);
    expect(marked).toBeGreaterThan(20);
    expect(marked).toBeLessThan(SIDE * SIDE * 0.05);
    const change = [0, 0]; // mean absolute change outside and inside
    for (let p = 0; p < mask.length; p++) change[mask[p]] += Math.abs(picture[p * 3 + 1] - good[p * 3 + 1]);
    expect(change[1] / marked).toBeGreaterThan(10 * (change[0] / (mask.length - marked)));
    expect(change[1] / marked).toBeGreaterThan(3);
  });
});
