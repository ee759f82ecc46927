import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowRanks } from '../../../extension/core/scoring/kernel/row-ranks';
import { keptRanks } from '../../../extension/core/scoring/kept-ranks';

/** Distances as they occur: 0, ties, and 2^-12 to 2. */
const distance = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 0.5, 1, 2) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 8192 }).map((v) => Math.fround(v / 4096 + v / 3e5)) },
);

it('averages any ranks exactly and keeps the smallest, in any order of the images', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 40 })
        .chain((width) =>
          fc.tuple(
            fc.constant(width),
            fc.array(fc.array(distance, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 }),
          ),
        ),
      fc.tuple(fc.double({ min: 0, max: 12, noNaN: true }), fc.double({ min: 0, max: 12, noNaN: true })),
      fc.integer({ min: 1, max: 30 }),
      ([width, rows], keep, wanted) => {
        const n = rows.length;
        const count = Math.min(wanted, n);
        const ranks = new RowRanks(n + 1, width, count);
        const range = keptRanks(keep, n);
        const fill = (list: number[][]): void => list.forEach((row, j) => ranks.row.set(row, j * width));
        fill([...rows, Array<number>(width).fill(Infinity)]); // an absent image changes nothing
        const means = ranks.mean(n + 1, range).slice();
        const smallest = ranks.smallest(n + 1, count).slice();
        fill([Array<number>(width).fill(Infinity), ...rows.toReversed()]);
        expect(ranks.mean(n + 1, range)).toEqual(means);
        for (let p = 0; p < width; p++) {
          const sorted = rows.map((row) => row[p]).sort((a, b) => a - b);
          const kept = sorted.slice(range.first, range.end);
          expect(means[p]).toBeCloseTo(kept.reduce((a, b) => a + b, 0) / kept.length, 12);
          const listed = Array.from({ length: count }, (_, k) => smallest[k * width + p]).sort((a, b) => a - b);
          expect(listed).toEqual(sorted.slice(0, count));
        }
      },
    ),
  );
});
