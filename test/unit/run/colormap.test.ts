import { describe, expect, it } from 'vitest';
import { COLORMAPS, colormapTable, colour } from '../../../extension/protocol/colormap';

/** Published values: matplotlib's tables for viridis and turbo, MATLAB's rule for jet; the fits may be a few levels off. */
const KNOWN: [name: (typeof COLORMAPS)[number], t: number, rgb: [number, number, number], levels: number][] = [
  ['viridis', 0, [68, 1, 84], 4],
  ['viridis', 0.5, [33, 145, 140], 4],
  ['viridis', 1, [253, 231, 37], 4],
  ['turbo', 0, [48, 18, 59], 32],
  ['turbo', 0.5, [164, 252, 60], 20],
  ['turbo', 1, [122, 4, 3], 30],
  ['jet', 0, [0, 0, 128], 1],
  ['jet', 0.5, [128, 255, 128], 1],
  ['jet', 1, [128, 0, 0], 1],
  ['grey', 0.5, [128, 128, 128], 1],
];

describe('colormap', () => {
  it.each(KNOWN)('%s at %f', (name, t, rgb, levels) => {
    colour(name, t).forEach((c, i) => expect(Math.abs(c * 255 - rgb[i])).toBeLessThanOrEqual(levels));
  });

  it.each(COLORMAPS)('%s: 256 colours, no jump between neighbours', (name) => {
    const table = colormapTable(name);
    expect(table).toHaveLength(768);
    for (let i = 3; i < table.length; i++) expect(Math.abs(table[i] - table[i - 3])).toBeLessThanOrEqual(13);
  });

  it('viridis and grey grow lighter throughout', () => {
    for (const name of ['viridis', 'grey'] as const) {
      let before = -1;
      for (let i = 0; i <= 255; i++) {
        const [r, g, b] = colour(name, i / 255);
        const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        expect(luminance).toBeGreaterThan(before - 1e-3);
        before = luminance;
      }
    }
  });

  it('clamps what lies outside', () => {
    expect(colour('jet', -3)).toEqual(colour('jet', 0));
    expect(colour('jet', 7)).toEqual(colour('jet', 1));
  });
});
