import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, type Grid } from '../../../extension/core/array/grid';
import { PairMaxima } from '../../../extension/core/scoring/kernel/pair-maxima';
import { MOST_WASM_BYTES } from '../../../extension/core/scoring/kernel/wasm-memory';
import { randomFloats } from './random';

/** Largest similarities of both images for one degree, from the definition: a box sum over both patches' windows. */
function plainMaxima(gram: Float32Array, grid: Grid, degree: number, inverseP: Float32Array, inverseQ: Float32Array) {
  const patches = cells(grid);
  const radius = degree >> 1;
  const windows = Array.from({ length: patches }, (_, p) => {
    const [y, x] = [Math.floor(p / grid.width), p % grid.width];
    const window: number[] = [];
    for (let v = Math.max(0, y - radius); v <= Math.min(grid.height - 1, y + radius); v++)
      for (let u = Math.max(0, x - radius); u <= Math.min(grid.width - 1, x + radius); u++)
        window.push(v * grid.width + u);
    return window;
  });
  const rows = new Float64Array(patches).fill(-Infinity);
  const columns = new Float64Array(patches).fill(-Infinity);
  for (let p = 0; p < patches; p++)
    for (let q = 0; q < patches; q++) {
      let sum = 0;
      for (const a of windows[p]) for (const b of windows[q]) sum += gram[a * patches + b];
      const cosine = sum * inverseP[p] * inverseQ[q];
      rows[p] = Math.max(rows[p], cosine);
      columns[q] = Math.max(columns[q], cosine);
    }
  return { rows, columns };
}

function check(grid: Grid, degrees: readonly number[], seed: number, shift: number) {
  const patches = cells(grid);
  const kernel = new PairMaxima(grid, degrees, 2);
  for (const slot of [1, 0, 1]) {
    const gram = randomFloats(patches * patches, seed + slot).map((v) => v + shift);
    const inverseP = randomFloats(degrees.length * patches, seed + 7 + slot).map((v) => Math.abs(v) + 0.1);
    const inverseQ = randomFloats(degrees.length * patches, seed + 8 + slot).map((v) => Math.abs(v) + 0.1);
    kernel.gram.set(gram, slot * patches * patches);
    kernel.setRows(inverseP);
    kernel.setColumns(inverseQ);
    kernel.run(slot);
    degrees.forEach((degree, d) => {
      const part = (a: Float32Array) => a.subarray(d * patches, (d + 1) * patches);
      const plain = plainMaxima(gram, grid, degree, part(inverseP), part(inverseQ));
      for (const [ours, expected] of [
        [part(kernel.rows), plain.rows],
        [part(kernel.columns), plain.columns],
      ] as const)
        for (let p = 0; p < patches; p++)
          expect(Math.abs(ours[p] - expected[p])).toBeLessThan(1e-4 * (degree ** 2 + Math.abs(expected[p])));
    });
  }
}

describe('PairMaxima', () => {
  it.each([
    [1, 1],
    [1, 7],
    [7, 1],
    [2, 3],
    [3, 2],
    [4, 4],
    [5, 9],
    [8, 6],
    [11, 13],
  ])('sums windows and finds maxima on a %i x %i grid, also where all are negative', (height, width) => {
    for (const degrees of [[1, 3, 5], [5, 1], [3], [1], [7, 3, 5], [9]])
      for (const shift of [0, -5]) check({ height, width }, degrees, height * 31 + width, shift);
  });

  it('holds for any grid and any odd degrees', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.uniqueArray(fc.constantFrom(1, 3, 5, 7, 9, 11), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 1000 }),
        (height, width, degrees, seed) => check({ height, width }, degrees, seed, 0),
      ),
      { numRuns: 40 },
    );
  });

  it.each([[[1, 3, 5]], [[9]]])('is right up to the last address that WebAssembly has: degrees %j', (degrees) => {
    const grid = { height: 5, width: 6 };
    const patches = cells(grid);
    const most = Math.floor((MOST_WASM_BYTES - 2 ** 19) / (4 * patches * patches)); // pages never touched cost nothing
    const [near, far] = [1, most].map((batch) => {
      const kernel = new PairMaxima(grid, degrees, batch);
      kernel.gram.set(randomFloats(patches * patches, 3), (batch - 1) * patches * patches);
      kernel.setRows(randomFloats(degrees.length * patches, 4).map(Math.abs));
      kernel.setColumns(randomFloats(degrees.length * patches, 5).map(Math.abs));
      kernel.run(batch - 1);
      return [...kernel.rows, ...kernel.columns];
    });
    expect(far).toEqual(near);
  });
});
