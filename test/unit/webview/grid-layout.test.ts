import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellName } from '../../../webview/model/cell-name';
import {
  firstPlace,
  GAP,
  gridHeight,
  gridLayout,
  PADDING,
  placesInSight,
  scrollTo,
  thumbnailSize,
  topOfPlace,
} from '../../../webview/model/grid-layout';
import { factsFrom, tableFrom } from './facts';

const size = fc.constantFrom('S' as const, 'M' as const, 'L' as const);
const width = fc.integer({ min: 0, max: 5000 });

describe('grid layout', () => {
  it('fits, and one more column would not', () => {
    fc.assert(
      fc.property(size, width, (s, w) => {
        const { columns, cell } = gridLayout(s, w);
        const used = (n: number) => n * cell + (n - 1) * GAP + 2 * PADDING;
        if (columns > 1) expect(used(columns)).toBeLessThanOrEqual(w);
        expect(gridLayout(s, w + 1).columns).toBeGreaterThanOrEqual(columns);
      }),
    );
  });

  it('has larger cells for larger sizes, and pictures as large as they are seen', () => {
    const [s, m, l] = (['S', 'M', 'L'] as const).map((one) => gridLayout(one, 900));
    expect(s.columns).toBeGreaterThan(m.columns);
    expect(m.columns).toBeGreaterThan(l.columns);
    expect([thumbnailSize(s, 1), thumbnailSize(l, 1), thumbnailSize(l, 3)]).toEqual([128, 256, 512]);
  });

  it('knows the places of which at least half is in sight', () => {
    const layout = gridLayout('M', 900);
    const { columns, stride } = layout;
    const rows = (top: number, height: number) => placesInSight(layout, top, height).map((place) => place / columns);
    expect(rows(0, 3 * stride)).toEqual([0, 3]);
    expect(rows(PADDING + 0.4 * stride, 2 * stride)).toEqual([0, 2]);
    expect(rows(PADDING + 0.6 * stride, 2 * stride)).toEqual([1, 3]);
    expect(rows(PADDING + 100.3 * stride, stride / 4)).toEqual([100, 101]); // more does not fit
    expect(rows(1000, 0)).toEqual([0, 0]);
  });

  it('has in sight what it was scrolled to', () => {
    fc.assert(
      fc.property(
        size,
        width,
        fc.nat(10_000),
        fc.nat(1_000_000),
        fc.integer({ min: 2 * PADDING, max: 3000 }),
        (s, w, at, top, height) => {
          const layout = gridLayout(s, w);
          const [from, to] = placesInSight(layout, scrollTo(layout, at, top, height) ?? top, height);
          expect(at >= from && at < to).toBe(true);
        },
      ),
    );
  });

  it('scrolls no further than a place needs to be in sight', () => {
    fc.assert(
      fc.property(size, width, fc.nat(10_000), fc.nat(1_000_000), (s, w, at, top) => {
        const layout = gridLayout(s, w);
        const height = 3 * layout.stride;
        const to = scrollTo(layout, at, top, height) ?? top;
        const row = PADDING + Math.floor(at / layout.columns) * layout.stride;
        expect(row).toBeGreaterThanOrEqual(to);
        expect(row + layout.height).toBeLessThanOrEqual(to + height);
        expect(scrollTo(layout, at, to, height)).toBeNull();
      }),
    );
  });

  it('is as high as its rows', () => {
    const layout = gridLayout('M', 900);
    expect(gridHeight(layout, 0)).toBe(2 * PADDING);
    expect(gridHeight(layout, 2)).toBe(2 * PADDING + 2 * layout.height + GAP);
  });
});

describe('the name of a cell', () => {
  const table = tableFrom([{ score: 0.9, truth: 'good', type: 'good' }, { score: 0.1 }]);
  it('begins with what is seen, then says what colours say', () => {
    expect(cellName(0, factsFrom(table, 'd.', 0.5), undefined)).toBe(
      'Defect 1 good/0.png 0.900, above threshold, labelled defect, ground truth good, to check',
    );
    expect(cellName(1, factsFrom(table, 'd.', 0.5), 'moved')).toBe('moved 2 x/1.png 0.100, below threshold');
    expect(cellName(1, factsFrom(table, '..', 0.5), undefined, 'damaged')).toBe(
      '2 x/1.png 0.100, below threshold, no heatmap: damaged',
    );
  });
});

describe('the first image in sight', () => {
  it('is found again in other columns, and is not moved where it is first already', () => {
    const [wide, narrow] = [gridLayout('M', 900), gridLayout('M', 400)];
    expect(wide.columns).toBeGreaterThan(narrow.columns);
    for (const top of [0, 5, 8, 500, 9001]) {
      const place = firstPlace(wide, top);
      expect(place % wide.columns).toBe(0);
      expect(topOfPlace(wide, place, top)).toBe(top);
      const there = topOfPlace(narrow, place, top);
      const found = firstPlace(narrow, there);
      expect(found).toBeLessThanOrEqual(place);
      expect(found + narrow.columns).toBeGreaterThan(place);
    }
  });
});
