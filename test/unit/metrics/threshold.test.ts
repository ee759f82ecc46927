import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Truth } from '../../../extension/core/dataset/dataset';
import { confusionAt } from '../../../extension/core/metrics/confusion';
import { imageMetrics } from '../../../extension/core/metrics/image-metrics';
import { suggestThreshold, thresholdAtF1Max, thresholdAtZeroMissed } from '../../../extension/core/metrics/threshold';

const pictures = fc
  .array(fc.tuple(fc.integer({ min: -10, max: 10 }), fc.constantFrom<Truth>('good', 'defect', null)), { minLength: 2 })
  .filter((p) => p.some(([, t]) => t === 'good') && p.some(([, t]) => t === 'defect'));
const split = (p: [number, Truth][]): [number[], Truth[]] => [p.map(([s]) => s), p.map(([, t]) => t)];

describe('thresholds', () => {
  it('at F1-max gives F1-max', () => {
    fc.assert(
      fc.property(pictures, (p) => {
        const [scores, labels] = split(p);
        const c = confusionAt(scores, labels, thresholdAtF1Max(scores, labels) ?? NaN);
        const f1 = imageMetrics(scores, labels).f1max;
        expect((2 * c.hits) / (2 * c.hits + c.falseAlarms + c.missed)).toBeCloseTo('value' in f1 ? f1.value : NaN, 12);
      }),
    );
  });

  it('at zero missed misses none, and no higher one does', () => {
    fc.assert(
      fc.property(pictures, (p) => {
        const [scores, labels] = split(p);
        const t = thresholdAtZeroMissed(scores, labels) ?? NaN;
        expect(confusionAt(scores, labels, t).missed).toBe(0);
        expect(confusionAt(scores, labels, t + 0.5).missed).toBeGreaterThan(0);
      }),
    );
  });

  it('need their class', () => {
    expect(thresholdAtF1Max([1, 2], ['good', 'good'])).toBeNull();
    expect(thresholdAtZeroMissed([1], ['good'])).toBeNull();
    expect(suggestThreshold([])).toBeNull();
  });

  it('suggested: a few outliers lie above it, equal scores are not flagged', () => {
    const good = Array.from({ length: 100 }, (_, i) => 1 + i / 1000);
    const t = suggestThreshold([...good, 5, 6, 7]) ?? NaN;
    expect(t).toBeGreaterThan(1.1);
    expect(t).toBeLessThan(5);
    expect(suggestThreshold([2, 2, 2])).toBeGreaterThan(2);
  });
});
