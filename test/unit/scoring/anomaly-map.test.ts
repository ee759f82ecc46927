import fc from 'fast-check';
import { expect, it } from 'vitest';
import { imageScore, imageScores, upsampleMap } from '../../../extension/core/scoring/anomaly-map';

const side = fc.integer({ min: 1, max: 9 });

it('keeps corners, stays within the patches, and is exact on planes', () => {
  fc.assert(
    fc.property(side, side, side, side, fc.integer({ min: 0, max: 99 }), (height, width, h, w, seed) => {
      const grid = { height, width };
      const size = { height: h + 1, width: w + 1 };
      const scores = Float32Array.from({ length: height * width }, (_, i) => Math.sin(i * (seed + 1)));
      const map = upsampleMap(scores, grid, size);
      expect(map[0]).toBe(scores[0]);
      expect(map[map.length - 1]).toBeCloseTo(scores[scores.length - 1], 6);
      expect(Math.max(...map)).toBeLessThanOrEqual(Math.max(...scores) + 1e-6);
      expect(imageScore(scores, grid, size)).toBe(Math.max(...map));
      const plane = upsampleMap(
        scores.map((_, i) => 2 * Math.floor(i / width) - (i % width)),
        grid,
        size,
      );
      plane.forEach((v, i) => {
        const [y, x] = [Math.floor(i / size.width), i % size.width];
        expect(v).toBeCloseTo((2 * y * (height - 1)) / h - (x * (width - 1)) / w, 4);
      });
    }),
  );
});

it('handles a single pixel', () => {
  expect([...upsampleMap([4, 5], { height: 1, width: 2 }, { height: 1, width: 1 })]).toEqual([4]);
});

it('scores many images one by one, and ends where it is cancelled', async () => {
  const grid = { height: 1, width: 2 };
  const maps = Float32Array.of(4, 5, 7, 6);
  expect(await imageScores(maps, grid, { height: 1, width: 3 })).toEqual([5, 7]);
  const abort = new AbortController();
  setTimeout(() => abort.abort());
  const work = imageScores(new Float32Array(200_000), grid, { height: 40, width: 40 }, abort.signal);
  await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
});
