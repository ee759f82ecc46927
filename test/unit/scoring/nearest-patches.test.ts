import { expect, it } from 'vitest';
import { poolPatches, unitLength } from '../../../extension/core/scoring/lnamd';
import { nearestPatches } from '../../../extension/core/scoring/nearest-patches';
import { madeUpImages, sourceOf } from './features';

const GRID = { height: 4, width: 5 };
const DEGREES = [1, 3, 5];

it('finds the nearest patch of each image with the method’s distance', async () => {
  const taps = [6, 9].map((channels, t) => ({ channels, images: madeUpImages(7, GRID, channels, t) }));
  const sources = taps.map((t) => sourceOf(t.images, GRID, t.channels));
  const [image, patch] = [2, 7];
  const expected: { image: number; patch: number; distance: number }[] = [];
  for (let j = 0; j < 7; j++) {
    if (j === image) continue;
    const distances = Array.from({ length: 20 }, (_, q) => {
      let sum = 0;
      for (const { channels, images } of taps)
        for (const degree of DEGREES) {
          const unit = (i: number) => unitLength(poolPatches(images[i], GRID, channels, degree), channels);
          const [a, b] = [unit(image).subarray(patch * channels), unit(j).subarray(q * channels)];
          let squares = 0;
          for (let c = 0; c < channels; c++) squares += (a[c] - b[c]) ** 2;
          sum += Math.sqrt(squares);
        }
      return sum / 6;
    });
    const best = distances.indexOf(Math.min(...distances));
    expected.push({ image: j, patch: best, distance: distances[best] });
  }
  expected.sort((a, b) => a.distance - b.distance);
  const found = await nearestPatches(sources, { image, patch, degrees: DEGREES, k: 4 });
  expect(found.map(({ image: i, patch: p }) => [i, p])).toEqual(expected.slice(0, 4).map((e) => [e.image, e.patch]));
  found.forEach((f, n) => expect(f.distance).toBeCloseTo(expected[n].distance, 5));
  const few = await nearestPatches(sources, { image, patch, degrees: DEGREES, k: 4, candidates: [5, 2, 5, 99] });
  expect(few.map((f) => f.image)).toEqual([5]);
});
