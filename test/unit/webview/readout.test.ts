import { describe, expect, it } from 'vitest';
import { readingAt, readingOf, readingText } from '../../../webview/model/readout';

describe('what a place holds', () => {
  const map = { width: 3, height: 2, data: Float32Array.of(0, 1, 2, 3, 4, 5) };
  const size = { width: 30, height: 20 };

  it('is the pixel, the value between patches, and the nearest patch', () => {
    expect(readingAt(map, size, { u: 0.25, v: 0 })).toEqual({ x: 7, y: 0, value: 0.5, row: 0, column: 1 });
    expect(readingAt(map, size, { u: 1, v: 1 })).toEqual({ x: 29, y: 19, value: 5, row: 1, column: 2 });
  });

  it("is a patch's own at its place", () => {
    expect(readingOf(map, size, { row: 1, column: 1 })).toEqual({ x: 15, y: 19, value: 4, row: 1, column: 1 });
  });

  it('is read out in a line, both values where two maps are side by side', () => {
    const reading = readingOf(map, size, { row: 1, column: 1 });
    expect(readingText(reading)).toBe('x 15 y 19 · 4.000 · patch 1, 1');
    expect(readingText(reading, [0.5, 4])).toBe('x 15 y 19 · 0.500 | 4.000 · patch 1, 1');
    expect(readingText(reading, [4, null])).toBe('x 15 y 19 · 4.000 | – · patch 1, 1');
  });
});
