import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Truth } from '../../../extension/core/dataset/dataset';
import { imageMetrics } from '../../../extension/core/metrics/image-metrics';
import type { Metric } from '../../../extension/core/metrics/metric';
import { auroc, averagePrecision, f1max } from './brute-force';

const value = (m: Metric): number => ('value' in m ? m.value : NaN);
const score = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -1, max: 1, noNaN: true }));
const pictures = fc
  .array(fc.record({ score, truth: fc.constantFrom<Truth>('good', 'defect', null) }), { minLength: 2, maxLength: 40 })
  .filter((p) => p.some((x) => x.truth === 'good') && p.some((x) => x.truth === 'defect'));

describe('image metrics', () => {
  it('equal the definitions, ties and unlabelled pictures included', () => {
    fc.assert(
      fc.property(pictures, (p) => {
        const got = imageMetrics(
          p.map((x) => x.score),
          p.map((x) => x.truth),
        );
        const known = p.filter((x) => x.truth !== null);
        const data = { scores: known.map((x) => x.score), positive: known.map((x) => x.truth === 'defect') };
        expect(value(got.auroc)).toBeCloseTo(auroc(data), 12);
        expect(value(got.ap)).toBeCloseTo(averagePrecision(data), 12);
        expect(value(got.f1max)).toBeCloseTo(f1max(data), 12);
      }),
    );
  });

  it('do not depend on order or scale', () => {
    fc.assert(
      fc.property(pictures, fc.integer(), (p, seed) => {
        const order = [...p.keys()].sort((a, b) => ((a * 7919 + seed) % 101) - ((b * 7919 + seed) % 101));
        const shuffled = order.map((i) => p[i]);
        const a = imageMetrics(
          p.map((x) => x.score),
          p.map((x) => x.truth),
        );
        const b = imageMetrics(
          shuffled.map((x) => x.score * 4 + 0),
          shuffled.map((x) => x.truth),
        );
        for (const name of ['auroc', 'ap', 'f1max'] as const) expect(value(b[name])).toBeCloseTo(value(a[name]), 12);
      }),
    );
  });

  it.each<[string, Truth[], RegExp]>([
    ['no truth', [null, null], /ground truth/],
    ['good only', ['good', 'good'], /defect/],
    ['defects only', ['defect', null], /good/],
  ])('%s: absent with a reason', (_, truth, reason) => {
    const got = imageMetrics([1, 2], truth);
    for (const m of Object.values(got) as Metric[]) expect('absent' in m && m.absent).toMatch(reason);
  });

  it.each([NaN, Infinity, -Infinity])('refuses a score of %s', (bad) => {
    expect(() => imageMetrics([0.1, bad], ['good', 'defect'])).toThrow(/picture 1/);
  });
});
