import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rescore } from '../../../extension/core/scoring/rscin';
import { randomFloats } from './random';

const scores = [3, 1, 2];
const features = Float32Array.from([1, 0, 0.6, 0.8, 0, 1]);

it.each([
  ['no image features', null, [1, 2]],
  ['off', features, 'off'],
  ['an empty list', features, []],
  ['a list with 0', features, [1, 0]],
] as const)('returns scores as they are: %s', async (_, given, list) => {
  expect([...(await rescore(scores, given, list))]).toEqual(scores);
});

it('returns equal scores as they are, and counts K > N as N', async () => {
  expect([...(await rescore([2, 2, 2], features, [1, 2]))]).toEqual([2, 2, 2]);
  expect(await rescore(scores, features, [9])).toEqual(await rescore(scores, features, [3]));
  expect([...(await rescore(scores, features, [1]))]).toEqual([1, 0, 0.5]);
});

/** As the paper reads: whole rows of similarities are sorted. */
function plainly(raw: readonly number[], given: Float32Array, list: readonly number[]): number[] {
  const [low, high] = [Math.min(...raw), Math.max(...raw)];
  const depth = given.length / raw.length;
  return raw.map((_, i) => {
    const row = raw.map((_, j) => {
      let sum = 0;
      for (let d = 0; d < depth; d++) sum += given[i * depth + d] * given[j * depth + d];
      return sum;
    });
    const nearest = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b);
    let mean = 0;
    for (const k of list) {
      let [sum, total] = [0, 0];
      for (const j of nearest.slice(0, k)) {
        sum += row[j] * ((raw[j] - low) / (high - low));
        total += row[j];
      }
      mean += sum / total / list.length;
    }
    return mean;
  });
}

it('gives bit for bit what sorting whole rows gives, ties included', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 1, max: 45 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.boolean(),
      async (n, depth, list, seed, coarse) => {
        const given = randomFloats(n * depth, seed).map((v) => (coarse ? Math.round(2 * v) : v) + 9); // none is zero
        const raw = [...randomFloats(n, seed + 1)];
        expect([...(await rescore(raw, given, list))]).toEqual(plainly(raw, given, list));
      },
    ),
  );
});

it('keeps the own score of an image whose feature is zero, and looks after the others', async () => {
  const blank = Float32Array.from([1, 0, 0, 0, 0.6, 0.8]);
  const rescored = await rescore(scores, blank, [1, 2]);
  expect(rescored[1]).toBe(0);
  expect(await rescore([1, 3, 2], blank, [1, 2])).toMatchObject({ 1: 1 });
  expect(rescored.every(Number.isFinite)).toBe(true);
  expect([...(await rescore(scores, new Float32Array(6), [1, 2, 3]))]).toEqual([1, 0, 0.5]);
});

it('lets others have their turn, and ends where it is cancelled', async () => {
  const n = 2000;
  const abort = new AbortController();
  setTimeout(() => abort.abort());
  const work = rescore(randomFloats(n, 1), randomFloats(n * 64, 2), [1, 2], abort.signal);
  await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
});
