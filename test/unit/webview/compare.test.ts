import { describe, expect, it } from 'vitest';
import { compared } from '../../../webview/model/compare';
import { typeRows } from '../../../webview/model/per-type';
import * as format from '../../../webview/model/format';
import { tableFrom } from './facts';

describe('comparing runs', () => {
  const here = tableFrom([
    { score: 0.9, path: 'a' },
    { score: 0.5, path: 'b' },
    { score: 0.1, path: 'c' },
    { score: 0.2, path: 'only here' },
  ]);
  const there = tableFrom([
    { score: 3, path: 'c' },
    { score: 2, path: 'b' },
    { score: 1, path: 'a' },
  ]);

  it('pairs pictures by path and counts what crossed the threshold', () => {
    const { pairs, onlyHere, onlyThere, crossed, correlation } = compared(here, 0.6, there, 2.5);
    expect([pairs.length, onlyHere, onlyThere, crossed]).toEqual([3, 1, 0, 2]);
    expect(correlation).toBeCloseTo(-1, 12);
    expect(pairs[0]).toMatchObject({ image: 0, other: 2, rank: 0, otherRank: 2, moved: 2 });
  });

  it('a run agrees with itself', () => {
    expect(compared(here, 0.6, here, 0.6)).toMatchObject({ crossed: 0, correlation: 1 });
  });
});

describe('per type', () => {
  it("measures each type's defects against all good images", () => {
    const table = tableFrom([
      { score: 0.9, truth: 'defect', type: 'crack' },
      { score: 0.3, truth: 'defect', type: 'hole' },
      { score: 0.5, truth: 'good', type: 'good' },
      { score: 0.1, truth: 'good', type: 'good' },
    ]);
    const rows = typeRows(table, table.truth, 0.4);
    expect(rows.map((r) => [r.type, r.images, r.flagged])).toEqual([
      ['crack', 1, 1],
      ['good', 2, 1],
      ['hole', 1, 0],
    ]);
    expect(rows[0].auroc).toEqual({ value: 1 });
    expect(rows[1].auroc).toEqual({ absent: 'no defect of this type' });
    expect(rows[2].auroc).toEqual({ value: 0.5 });
  });
});

describe('words', () => {
  it('numbers and times as people write them', () => {
    expect([format.count(12345), format.percent(0.98765), format.score(NaN)]).toEqual(['12,345', '98.8', '–']);
    expect([0.2, 4.2, 72.4, 3700].map(format.seconds)).toEqual(['< 1 s', '4.2 s', '1 min 12 s', '1 h 1 min']);
    expect(format.shortPath('test/colour/006.jpg')).toBe('colour/006.jpg');
  });
});
