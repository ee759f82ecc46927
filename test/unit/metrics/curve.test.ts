import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinCurve, type Point } from '../../../extension/core/metrics/curve';
import { imageCurves } from '../../../extension/core/metrics/image-curves';
import { imageMetrics } from '../../../extension/core/metrics/image-metrics';
import { pixelCurves } from '../../../extension/core/metrics/pixel-curves';
import type { Truth } from '../../../extension/core/dataset/dataset';

const area = (points: readonly Point[]): number =>
  points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i][0]) * (y + points[i][1])) / 2, 0);

const pictures = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom<Truth>('good', 'defect')), { minLength: 2 })
  .filter((p) => new Set(p.map(([, t]) => t)).size === 2);

describe('curves', () => {
  it('of few pictures are whole: their area is AUROC, their best point F1-max', () => {
    fc.assert(
      fc.property(pictures, (p) => {
        const [scores, labels] = [p.map(([s]) => s), p.map(([, t]) => t)];
        const curves = imageCurves(scores, labels);
        const metrics = imageMetrics(scores, labels);
        if ('absent' in curves || 'absent' in metrics.auroc || 'absent' in metrics.f1max) throw new Error('absent');
        expect(area(curves.roc)).toBeCloseTo(metrics.auroc.value, 10);
        const f1 = Math.max(...curves.pr.map(([r, q]) => (2 * r * q) / (r + q || 1)));
        expect(f1).toBeCloseTo(metrics.f1max.value, 10);
        expect(curves.roc[0]).toEqual([0, 0]);
        expect(curves.roc.at(-1)).toEqual([1, 1]);
        expect(curves.pr[0]).toEqual([0, 1]);
      }),
    );
  });

  it('of many are thinned to 200 points and still tell the figures', () => {
    const n = 50_000;
    let seed = 3;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const labels = Array.from({ length: n }, (): Truth => (random() < 0.1 ? 'defect' : 'good'));
    const scores = labels.map((l) => random() + (l === 'defect' ? 0.4 : 0));
    const curves = imageCurves(scores, labels);
    const metrics = imageMetrics(scores, labels);
    if ('absent' in curves || 'absent' in metrics.auroc || 'absent' in metrics.f1max) throw new Error('absent');
    expect(curves.roc.length).toBeLessThanOrEqual(200);
    expect(curves.pr.length).toBeLessThanOrEqual(200);
    expect(area(curves.roc)).toBeCloseTo(metrics.auroc.value, 3);
    const f1 = Math.max(...curves.pr.map(([r, p]) => (2 * r * p) / (r + p || 1)));
    expect(f1).toBeCloseTo(metrics.f1max.value, 10);
    for (let i = 1; i < curves.pr.length; i++) expect(curves.pr[i][0]).toBeGreaterThanOrEqual(curves.pr[i - 1][0]);
  });

  it('thinning keeps ends, marks and knees', () => {
    const line: Point[] = Array.from({ length: 1000 }, (_, i) => [i / 999, i < 500 ? 0 : (i - 499) / 500]);
    const thin = thinCurve(line, 5, [250]);
    expect(thin.length).toBeLessThanOrEqual(5);
    for (const i of [0, 250, 499, 999]) expect(thin).toContainEqual(line[i]);
  });

  it('of pixels: PRO ends at 1, one class is absent', async () => {
    const map = Float32Array.from({ length: 64 }, (_, i) => (i * 37) % 64);
    const mask = Uint8Array.from({ length: 64 }, (_, i) => (i < 5 || i === 40 ? 1 : 0));
    const source = { count: 1, size: { height: 8, width: 8 }, map: () => map, mask: async () => mask };
    const curves = await pixelCurves(source, {});
    if ('absent' in curves) throw new Error(curves.absent);
    expect(curves.pro[0]).toEqual([0, 0]);
    expect(curves.pro.at(-1)?.[0]).toBe(1);
    expect(curves.pro.at(-1)?.[1]).toBeCloseTo(1, 12);
    expect(await pixelCurves({ ...source, mask: async () => null }, {})).toHaveProperty('absent');
  });
});
