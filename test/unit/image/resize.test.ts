import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Raster } from '../../../extension/core/image/raster';
import { pillowTaps, resizePillow } from '../../../extension/core/image/resize';

const side = fc.integer({ min: 1, max: 40 });
const filter = fc.constantFrom('bicubic' as const, 'bilinear' as const);
const raster = fc
  .tuple(side, side, fc.constantFrom(1 as const, 3 as const))
  .chain(([width, height, channels]) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((data): Raster => ({ width, height, channels, data })),
  );

const transpose = ({ width, height, channels, data }: Raster): Raster => {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) out[(x * height + y) * channels + c] = data[(y * width + x) * channels + c];
  return { width: height, height: width, channels, data: out };
};

describe('resizePillow', () => {
  test('the same size changes nothing', () => {
    fc.assert(fc.property(raster, filter, (r, f) => void expect(resizePillow(r, r.width, r.height, f)).toBe(r)));
  });

  test('a constant stays the constant', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), filter, (w, h, toW, toH, value, f) => {
        const data = new Uint8Array(w * h).fill(value);
        const out = resizePillow({ width: w, height: h, channels: 1, data }, toW, toH, f).data;
        expect(out).toEqual(new Uint8Array(toW * toH).fill(value));
      }),
    );
  });

  test('bilinear never leaves the range of its source', () => {
    fc.assert(
      fc.property(raster, side, side, (r, width, height) => {
        const [low, high] = [Math.min(...r.data), Math.max(...r.data)];
        for (const v of resizePillow(r, width, height, 'bilinear').data) {
          expect(v).toBeGreaterThanOrEqual(low);
          expect(v).toBeLessThanOrEqual(high);
        }
      }),
    );
  });

  test('one side at a time, both sides are treated alike', () => {
    fc.assert(
      fc.property(raster, side, filter, (r, to, f) => {
        const wide = resizePillow(r, to, r.height, f);
        const tall = resizePillow(transpose(r), r.height, to, f);
        expect(transpose(tall).data).toEqual(wide.data);
      }),
    );
  });

  test('three channels are three pictures of one channel', () => {
    fc.assert(
      fc.property(raster, side, side, filter, (r, width, height, f) => {
        const whole = resizePillow(r, width, height, f).data;
        for (let c = 0; c < r.channels; c++) {
          const data = r.data.filter((_, i) => i % r.channels === c);
          const plane = resizePillow({ ...r, channels: 1, data }, width, height, f).data;
          expect(whole.filter((_, i) => i % r.channels === c)).toEqual(plane);
        }
      }),
    );
  });
});

test('weights sum to 1 and stay inside the source', () => {
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(size, size, filter, (from, to, f) => {
      const { first, count, stride, weights } = pillowTaps(from, to, f);
      for (let x = 0; x < to; x++) {
        let sum = 0;
        for (let k = 0; k < count[x]; k++) sum += weights[x * stride + k];
        expect(sum).toBeCloseTo(1, 9);
        expect(first[x]).toBeGreaterThanOrEqual(0);
        expect(first[x] + count[x]).toBeLessThanOrEqual(from);
        expect(count[x]).toBeLessThanOrEqual(stride);
      }
    }),
  );
});
