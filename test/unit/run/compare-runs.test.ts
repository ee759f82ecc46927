import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../extension/core/run/compare-runs';
import { typeTable } from '../../../extension/core/run/type-table';
import { picture, runOf } from '../../integration/run/sample-run';

const scored = (scores: Record<string, number>, truth: (p: string) => 'good' | 'defect' = () => 'good') =>
  runOf(
    '../../..',
    Object.entries(scores).map(([path, score]) =>
      picture(path, { score, rawScore: score, truth: truth(path), type: path[0] }),
    ),
  );

describe('compareRuns', () => {
  it('ranks among common pictures, crossings and the rest', () => {
    const a = scored({ 'a.png': 0.9, 'b.png': 0.5, 'c.png': 0.1, 'x.png': 1 });
    const b = scored({ 'c.png': 9, 'b.png': 5, 'a.png': 1, 'y.png': 2 });
    const got = compareRuns(a, b, { a: 0.6, b: 4 });
    expect(got.onlyA).toEqual(['x.png']);
    expect(got.onlyB).toEqual(['y.png']);
    expect(got.pictures.map((p) => [p.path, p.rankA, p.rankB, p.climbed, p.crossed])).toEqual([
      ['a.png', 1, 3, -2, 'down'],
      ['c.png', 3, 1, 2, 'up'],
      ['b.png', 2, 2, 0, 'up'],
    ]);
  });

  it('of a run with itself shows nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 20 }), (scores) => {
        const run = scored(Object.fromEntries(scores.map((s, i) => [`${i}.png`, s])), (p) =>
          Number(p[0]) % 2 ? 'defect' : 'good',
        );
        const got = compareRuns(run, run);
        expect(got.pictures.every((p) => p.climbed === 0 && p.crossed === null)).toBe(true);
        expect([got.onlyA, got.onlyB, got.settings]).toEqual([[], [], []]);
      }),
    );
  });

  it('names differing settings and metrics', () => {
    const a = scored({ 'a.png': 1 });
    const metrics = (v: number) => ({
      image: { auroc: { value: v }, f1max: { value: v }, ap: { absent: 'x' } },
      pixel: { auroc: { value: v }, f1max: { value: v }, ap: { value: v }, aupro: { value: v } },
    });
    const b = { ...a, metrics: metrics(0.75), settings: { ...a.settings, protocol: 'reference' as const } };
    const got = compareRuns({ ...a, metrics: metrics(0.5) }, b);
    expect(got.settings).toEqual([{ name: 'protocol', a: 'exact', b: 'reference' }]);
    expect(got.metrics[0]).toEqual({ name: 'image.auroc', a: 0.5, b: 0.75, difference: 0.25 });
    expect(got.metrics.find((m) => m.name === 'image.ap')?.difference).toBeNull();
  });
});

describe('typeTable', () => {
  it('counts types and holds each against the good ones', () => {
    const run = scored({ g0: 1, g1: 2, d0: 8, d1: 1.5 }, (p) => (p[0] === 'g' ? 'good' : 'defect'));
    expect(typeTable(run)).toEqual([
      { type: 'd', count: 2, defects: 2, meanScore: 4.75, topScore: 8, auroc: { value: 0.75 } },
      { type: 'g', count: 2, defects: 0, meanScore: 1.5, topScore: 2, auroc: { absent: expect.any(String) } },
    ]);
  });
});
