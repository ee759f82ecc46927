import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { decodeBmp } from '../../../extension/core/image/bmp';

interface Form {
  readonly width: number;
  /** Negative: top row first. */
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Blue, green, red, 0 for each colour. */
  readonly palette?: readonly number[];
  /** Bit masks after the header. */
  readonly masks?: readonly number[];
  readonly pixels: readonly number[];
}

function bmp({ width, height, bits, compression = 0, palette = [], masks = [], pixels }: Form): Buffer {
  const at = 54 + masks.length * 4 + palette.length;
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(at + pixels.length, 2);
  header.writeUInt32LE(at, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(palette.length / 4, 46);
  const fields = Buffer.alloc(masks.length * 4);
  masks.forEach((m, i) => fields.writeUInt32LE(m, i * 4));
  return Buffer.concat([header, fields, Buffer.from(palette), Buffer.from(pixels)]);
}

const GREYS = Array.from({ length: 256 }, (_, i) => [i, i, i, 0]).flat();
const TWO = [0, 0, 0, 0, 255, 255, 255, 0];
const COLOURS = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0]; // black, red, green, blue

describe('decodeBmp', () => {
  test('24 bits: bottom row first, rows padded to four bytes, blue first', () => {
    const { data, mode } = decodeBmp(bmp({ width: 1, height: 2, bits: 24, pixels: [3, 2, 1, 0, 6, 5, 4, 0] }));
    expect([mode, ...data]).toEqual(['RGB', 4, 5, 6, 1, 2, 3]);
  });

  test('a negative height: top row first', () => {
    const { data } = decodeBmp(bmp({ width: 1, height: -2, bits: 24, pixels: [3, 2, 1, 0, 6, 5, 4, 0] }));
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('8 bits: grey ramps are grey, other palettes indices', () => {
    const pixels = [0, 1, 2, 3];
    expect(decodeBmp(bmp({ width: 4, height: 1, bits: 8, palette: GREYS, pixels }))).toMatchObject({ mode: 'L' });
    const { mode, data, palette } = decodeBmp(bmp({ width: 4, height: 1, bits: 8, palette: COLOURS, pixels }));
    expect([mode, ...data]).toEqual(['P', 0, 1, 2, 3]);
    expect([...palette.subarray(3, 6)]).toEqual([255, 0, 0]);
  });

  test('1 and 4 bits', () => {
    const one = decodeBmp(bmp({ width: 5, height: 1, bits: 1, palette: TWO, pixels: [0b10110000, 0, 0, 0] }));
    expect([one.mode, ...one.data]).toEqual(['1', 255, 0, 255, 255, 0]);
    const four = decodeBmp(bmp({ width: 3, height: 1, bits: 4, palette: COLOURS, pixels: [0x12, 0x30, 0, 0] }));
    expect([four.mode, ...four.data]).toEqual(['P', 1, 2, 3]);
  });

  test('16 bits of 5-5-5 and 5-6-5, 32 bits with alpha', () => {
    const plain = decodeBmp(bmp({ width: 1, height: 1, bits: 16, pixels: [0x1f, 0x7c, 0, 0] }));
    expect([...plain.data]).toEqual([255, 0, 255]);
    const masks = [0xf800, 0x7e0, 0x1f];
    const six = decodeBmp(bmp({ width: 1, height: 1, bits: 16, compression: 3, masks, pixels: [0xe0, 0x07, 0, 0] }));
    expect([...six.data]).toEqual([0, 255, 0]);
    const alpha = [0xff0000, 0xff00, 0xff, 0xff000000];
    const four = decodeBmp(bmp({ width: 1, height: 1, bits: 32, compression: 6, masks: alpha, pixels: [3, 2, 1, 9] }));
    expect([four.mode, ...four.data]).toEqual(['RGBA', 1, 2, 3, 9]);
    const without = decodeBmp(bmp({ width: 1, height: 1, bits: 32, pixels: [3, 2, 1, 9] }));
    expect([without.mode, ...without.data]).toEqual(['RGB', 1, 2, 3]);
  });

  test('run lengths of 8 and 4 bits: runs, literals, line ends, jumps', () => {
    const runs = [3, 7, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1];
    const eight = decodeBmp(bmp({ width: 3, height: 2, bits: 8, compression: 1, palette: GREYS, pixels: runs }));
    expect([...eight.data]).toEqual([1, 2, 3, 7, 7, 7]);
    const jump = decodeBmp(
      bmp({ width: 3, height: 2, bits: 8, compression: 1, palette: GREYS, pixels: [0, 2, 1, 1, 1, 9, 0, 1] }),
    );
    expect([...jump.data]).toEqual([0, 9, 0, 0, 0, 0]);
    const four = decodeBmp(
      bmp({ width: 4, height: 1, bits: 4, compression: 2, palette: COLOURS, pixels: [4, 0x12, 0, 1] }),
    );
    expect([...four.data]).toEqual([1, 2, 1, 2]);
  });

  test('cut short is PICTURE_UNREADABLE, an unknown compression PICTURE_UNSUPPORTED', () => {
    const whole = bmp({ width: 4, height: 4, bits: 24, pixels: new Array<number>(48).fill(1) });
    for (const length of [0, 20, 40, 54, 100])
      expect(() => decodeBmp(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'PICTURE_UNREADABLE' }),
      );
    const jpeg = bmp({ width: 4, height: 4, bits: 24, compression: 4, pixels: new Array<number>(48).fill(1) });
    expect(() => decodeBmp(jpeg)).toThrow(expect.objectContaining({ code: 'PICTURE_UNSUPPORTED' }));
  });

  test('any change of bytes gives a picture or one of our errors', () => {
    const whole = bmp({
      width: 6,
      height: 3,
      bits: 8,
      compression: 1,
      palette: COLOURS,
      pixels: [4, 1, 0, 3, 1, 2, 3, 0, 0, 0, 2, 2, 0, 1],
    });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) if (at < 18 || at >= 26) bytes[at] = value; // sizes are checked elsewhere
        try {
          expect(decodeBmp(bytes).data.length % 18).toBe(0);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^PICTURE_/) });
        }
      }),
    );
  });
});
