import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHalf, widen } from '../../../extension/core/backbone/checkpoint/dtype';

const bytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('half precision', () => {
  it('round-trips every value that is a number, subnormals and -0 included', () => {
    const all = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
    const wide = widen('F16', bytes(all));
    const back = toHalf(wide);
    for (let i = 0; i < all.length; i++) if (!Number.isNaN(wide[i])) expect(back[i]).toBe(i);
    expect(wide[0x0001]).toBe(2 ** -24);
    expect(Object.is(wide[0x8000], -0)).toBe(true);
    expect(wide[0x7c00]).toBe(Infinity);
    expect(wide[0x7e00]).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    const values = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -25, 3 * 2 ** -25, -(2 ** -26));
    expect([...widen('F16', bytes(toHalf(values)))]).toEqual([1, 1 + 2 ** -9, 65504, Infinity, 0, 2 ** -23, -0]);
  });

  it('is never further from a value than the neighbouring half is', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const half = widen('F16', bytes(toHalf(Float32Array.of(value))))[0];
        const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10));
        expect(Math.abs(half - value)).toBeLessThanOrEqual(step / 2);
      }),
    );
  });
});

describe('bfloat16', () => {
  it('is the upper half of float32, subnormals included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (bits) => {
        const wide = widen('BF16', bytes(Uint16Array.of(bits)));
        expect(new Uint32Array(wide.buffer)[0] >>> 16).toBe(bits);
      }),
    );
  });
});

it('reads from any alignment', () => {
  const odd = new Uint8Array(9);
  odd.set(bytes(Float32Array.of(1.5, -2)), 1);
  expect([...widen('F32', odd.subarray(1))]).toEqual([1.5, -2]);
});

it('reads whole numbers of every width', () => {
  expect([...widen('I64', bytes(BigInt64Array.of(-2n, 1n << 40n)))]).toEqual([-2, 2 ** 40]);
  expect([...widen('U8', Uint8Array.of(0, 255))]).toEqual([0, 255]);
  expect([...widen('I8', Uint8Array.of(255))]).toEqual([-1]);
  expect(() => widen('F8_E4M3', Uint8Array.of(1))).toThrow(RangeError);
});
