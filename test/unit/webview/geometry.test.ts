import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, kept, MAX_SCALE, toPicture, zoomedAt } from '../../../webview/model/geometry';

const viewport = { width: 500, height: 400 };
const picture = { width: 1000, height: 600 };

describe('zoom', () => {
  it('keeps the point under the cursor where it is', () => {
    fc.assert(
      fc.property(
        fc.record({ x: fc.integer({ min: 0, max: 500 }), y: fc.integer({ min: 0, max: 400 }) }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (at, factor) => {
          const view = fitted(picture, viewport);
          const before = toPicture(view, at);
          const after = toPicture(zoomedAt(view, at, factor, view.scale), at);
          expect(after.x).toBeCloseTo(before.x, 6);
          expect(after.y).toBeCloseTo(before.y, 6);
        },
      ),
    );
  });

  it('stops at 2000 %', () => {
    expect(zoomedAt(fitted(picture, viewport), { x: 0, y: 0 }, 1e6, 0.5).scale).toBe(MAX_SCALE);
  });
});

it('zooming out of a picture that is small only as a whole ends where all of it is seen', () => {
  const large = fitted({ width: 8000, height: 6000 }, viewport);
  expect(large.scale).toBeCloseTo(0.0625);
  const at = { x: 250, y: 200 };
  const near = zoomedAt(large, at, 4, large.scale);
  expect(near.scale).toBeCloseTo(0.25);
  let out = near;
  for (let i = 0; i < 10; i++) out = zoomedAt(out, at, 0.8, large.scale);
  expect(out.scale).toBeCloseTo(large.scale);
});

describe('fit', () => {
  it('shows the whole picture, centred', () => {
    expect(fitted(picture, viewport)).toEqual({ scale: 0.5, x: 0, y: 50 });
  });

  it('never lets a picture be dragged out of sight', () => {
    expect(kept({ scale: 0.5, x: 900, y: -900 }, picture, viewport)).toEqual({ scale: 0.5, x: 0, y: 50 });
    expect(kept({ scale: 1, x: 900, y: -900 }, picture, viewport)).toEqual({ scale: 1, x: 0, y: -200 });
  });
});
