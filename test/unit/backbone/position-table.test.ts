import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizePositions, type PositionRule } from '../../../extension/core/backbone/position-table';
import { noise } from './tiny-network';

const side = fc.integer({ min: 1, max: 9 });
const rule = fc.constantFrom<PositionRule>('size', 'scale_plus_0.1');
const prefix = fc.integer({ min: 0, max: 5 });

describe('a position table resized', () => {
  it('keeps the rows of class token and registers', () => {
    fc.assert(
      fc.property(side, side, side, side, prefix, rule, (height, width, h, w, first, by) => {
        const channels = 3;
        const data = noise((first + height * width) * channels, 3);
        const out = resizePositions(
          { data, prefix: first, grid: { height, width }, channels },
          { height: h, width: w },
          by,
        );
        expect(out.length).toBe((first + h * w) * channels);
        expect(out.subarray(0, first * channels)).toEqual(data.subarray(0, first * channels));
      }),
    );
  });

  it('is itself at its own size', () => {
    const data = noise(17 * 4, 5);
    const table = { data, prefix: 1, grid: { height: 4, width: 4 }, channels: 4 };
    expect(resizePositions(table, { height: 4, width: 4 }, 'scale_plus_0.1')).toBe(data);
  });

  it('keeps a constant constant: the weights of every cell sum to one', () => {
    fc.assert(
      fc.property(side, side, side, side, rule, (height, width, h, w, by) => {
        const data = new Float32Array(height * width).fill(2);
        for (const v of resizePositions(
          { data, prefix: 0, grid: { height, width }, channels: 1 },
          { height: h, width: w },
          by,
        ))
          expect(v).toBeCloseTo(2, 5);
      }),
    );
  });

  it('commutes with turning rows into columns', () => {
    const turn = (data: Float32Array, h: number, w: number) =>
      Float32Array.from({ length: h * w }, (_, i) => data[(i % h) * w + Math.floor(i / h)]);
    fc.assert(
      fc.property(side, side, side, side, rule, (height, width, h, w, by) => {
        const data = noise(height * width, 8);
        const out = resizePositions(
          { data, prefix: 0, grid: { height, width }, channels: 1 },
          { height: h, width: w },
          by,
        );
        const turned = resizePositions(
          { data: turn(data, height, width), prefix: 0, grid: { height: width, width: height }, channels: 1 },
          { height: w, width: h },
          by,
        );
        turn(out, h, w).forEach((v, i) => expect(turned[i]).toBeCloseTo(v, 5));
      }),
    );
  });

  it('is refused when its rows do not fit its grid', () => {
    const table = { data: new Float32Array(15), prefix: 1, grid: { height: 4, width: 4 }, channels: 1 };
    expect(() => resizePositions(table, { height: 2, width: 2 }, 'size')).toThrow(/does not fit/);
  });
});
