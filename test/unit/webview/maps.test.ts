import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colormapTable } from '../../../extension/protocol/colormap';
import { contourLines } from '../../../webview/model/contour';
import { pictureScale, runScale } from '../../../extension/protocol/heat-scale';
import { heatPixels } from '../../../webview/model/heat';
import { outlineLines } from '../../../webview/model/mask-outline';
import { patchAt, peakOf, resized, sampleAt, type PatchMap } from '../../../webview/model/sample';

const map: PatchMap = { width: 3, height: 2, data: Float32Array.of(0, 1, 2, 3, 4, 5) };
const maps = fc
  .record({ width: fc.integer({ min: 2, max: 7 }), height: fc.integer({ min: 2, max: 7 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 10 }), { minLength: width * height, maxLength: width * height })
      .map((data): PatchMap => ({ width, height, data: Float32Array.from(data) })),
  );

describe('sampling', () => {
  it('puts corner patches on the corners (align_corners)', () => {
    expect([sampleAt(map, 0, 0), sampleAt(map, 1, 0), sampleAt(map, 0, 1), sampleAt(map, 1, 1)]).toEqual([0, 2, 3, 5]);
    expect(sampleAt(map, 0.25, 0.5)).toBeCloseTo(2, 6);
  });

  it('resizing samples every pixel', () => {
    fc.assert(
      fc.property(maps, (m) => {
        const big = resized(m, 9, 5);
        for (let y = 0; y < 5; y++)
          for (let x = 0; x < 9; x++) expect(big.data[y * 9 + x]).toBeCloseTo(sampleAt(m, x / 8, y / 4), 4);
      }),
    );
  });

  it('finds patches and the peak', () => {
    expect(patchAt(map, 0.6, 0.4)).toEqual({ row: 0, column: 1 });
    expect(peakOf(map)).toEqual({ row: 1, column: 2, value: 5 });
  });
});

describe('contour', () => {
  it('is closed, and lies where the map has the level', () => {
    fc.assert(
      fc.property(maps, (m) => {
        for (const line of contourLines(m, 4.5)) {
          expect(line[line.length - 2]).toBe(line[0]);
          expect(line[line.length - 1]).toBe(line[1]);
        }
      }),
    );
  });

  it('has a piece in every cell that the level goes through, however the map falls into blocks', () => {
    const large = fc
      .record({ width: fc.integer({ min: 1, max: 14 }), height: fc.integer({ min: 1, max: 14 }), calm: fc.nat(10) })
      .chain(({ width, height, calm }) =>
        fc
          .array(fc.integer({ min: -20, max: 10 }), { minLength: width * height, maxLength: width * height })
          .map((data): PatchMap => ({ width, height, data: Float32Array.from(data, (v) => Math.max(v, calm)) })),
      );
    fc.assert(
      fc.property(large, fc.constantFrom(0, 3, 4.5, 10, 11), (m, level) => {
        const value = (x: number, y: number) =>
          x >= 0 && y >= 0 && x < m.width && y < m.height ? m.data[y * m.width + x] : -Infinity;
        let expected = 0;
        for (let y = -1; y < m.height; y++)
          for (let x = -1; x < m.width; x++) {
            const corners = [value(x, y), value(x + 1, y), value(x + 1, y + 1), value(x, y + 1)].map((v) => v >= level);
            expected += corners.filter((inside, i) => inside !== corners[(i + 3) % 4]).length / 2;
          }
        const lines = contourLines(m, level);
        expect(lines.reduce((sum, line) => sum + line.length / 2 - 1, 0)).toBe(expected);
      }),
    );
  });

  it('surrounds one hot patch by a diamond', () => {
    const hot: PatchMap = { width: 3, height: 3, data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0) };
    const [line, ...rest] = contourLines(hot, 0.5);
    expect(rest).toHaveLength(0);
    const points = Array.from({ length: line.length / 2 }, (_, i) => `${line[2 * i]},${line[2 * i + 1]}`);
    expect(new Set(points)).toEqual(new Set(['0.5,0.25', '0.75,0.5', '0.5,0.75', '0.25,0.5']));
  });

  it('is empty above the hottest patch', () => {
    expect(contourLines(map, 6)).toEqual([]);
  });
});

describe('mask outline', () => {
  it('surrounds a rectangle and its hole', () => {
    const rows = ['.....', '.###.', '.#.#.', '.###.', '.....'];
    const data = Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
    const lines = outlineLines({ width: 5, height: 5, data });
    expect(lines).toHaveLength(2);
    const lengths = lines.map((l) => {
      let sum = 0;
      for (let i = 2; i < l.length; i += 2) sum += Math.hypot(l[i] - l[i - 2], l[i + 1] - l[i - 1]) * 5;
      return Math.round(sum);
    });
    expect(lengths.sort((a, b) => a - b)).toEqual([4, 12]);
  });
});

describe('heat', () => {
  it('is clear where nothing is wrong and opaque at the top', () => {
    const scale = runScale({ median: 1, max: 5 }, 3);
    const pixels = heatPixels(
      { width: 2, height: 2, data: Float32Array.of(0, 1, 2, 5) },
      2,
      2,
      scale,
      colormapTable('turbo'),
    );
    const alpha = [pixels[3], pixels[7], pixels[11], pixels[15]];
    expect(alpha.slice(0, 3)).toEqual([0, 0, 0]);
    expect(alpha[3]).toBe(255);
  });

  it("a picture's own scale runs from its median to its hottest patch", () => {
    expect(pictureScale(map.data)).toMatchObject({ low: 3, high: 5 });
  });
});
