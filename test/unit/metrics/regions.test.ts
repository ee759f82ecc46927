import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRegions } from '../../../extension/core/metrics/regions';
import { edgeOrCornerRegions } from './flood-fill';

const mask = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      cells: fc.array(fc.constantFrom(0, 0, 1, 255), { minLength: width * height, maxLength: width * height }),
    }),
  );

/** Regions as sets of cells, from runs. */
function cellsOf(runs: Int32Array, count: number): number[][] {
  const regions: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < runs.length; i += 3) for (let p = runs[i]; p < runs[i + 1]; p++) regions[runs[i + 2]].push(p);
  return regions;
}

describe('regions', () => {
  it('are those of a flood fill over edges and corners', () => {
    fc.assert(
      fc.property(mask, ({ width, height, cells }) => {
        const got = findRegions(Uint8Array.from(cells), { width, height });
        const sorted = (r: number[][]) => r.map((c) => c.sort((a, b) => a - b)).sort((a, b) => a[0] - b[0]);
        expect(sorted(cellsOf(got.runs, got.count))).toEqual(sorted(edgeOrCornerRegions(cells, width)));
        expect([...got.areas]).toEqual(cellsOf(got.runs, got.count).map((c) => c.length));
      }),
      { numRuns: 300 },
    );
  });

  it('never run across rows', () => {
    const got = findRegions(Uint8Array.from([0, 1, 1, 0]), { width: 2, height: 2 });
    expect([...got.runs]).toEqual([1, 2, 0, 2, 3, 0]);
    expect(got.count).toBe(1);
  });
});
