import { describe, expect, it } from 'vitest';
import { benchRows } from '../../../extension/protocol/bench-table';
import { dotPlace, dotPlot } from '../../../webview/charts/dot-plot';
import { FIRST_SORT, nextSort, sortRows, trend } from '../../../webview/model/bench-sort';
import { category, figures, sampleBench } from '../benchmark/sample-bench';

const rows = benchRows({
  ...sampleBench(),
  categories: [
    { ...category('a10', 0.9), published: figures(0.95) },
    { ...category('a2', 0.7), published: figures(0.6) },
    category('b', null),
    { ...category('c', 0.8), published: null },
  ],
}).filter((row) => !row.mean);
const order = (sorted: readonly { name: string }[]) => sorted.map(({ name }) => name).join(' ');

describe("a benchmark's order", () => {
  it('begins by name, with numbers in names as numbers', () => {
    expect(order(sortRows(rows, FIRST_SORT, 'value'))).toBe('a2 a10 b c');
  });

  it('goes by a figure or its difference, rows without one last either way', () => {
    const down = { column: 'image_auroc', descending: true } as const;
    expect(order(sortRows(rows, down, 'value'))).toBe('a10 c a2 b');
    expect(order(sortRows(rows, { ...down, descending: false }, 'value'))).toBe('a2 c a10 b');
    expect(order(sortRows(rows, down, 'difference'))).toBe('a2 a10 b c');
    expect(order(sortRows(rows, { ...down, descending: false }, 'difference'))).toBe('a10 a2 b c');
  });

  it('turns round with the second click', () => {
    const first = nextSort(FIRST_SORT, 'pixel_ap');
    expect(first).toEqual({ column: 'pixel_ap', descending: true });
    expect(nextSort(first, 'pixel_ap')).toEqual({ column: 'pixel_ap', descending: false });
    expect(nextSort(first, 'name')).toEqual(FIRST_SORT);
  });

  it('tells a difference at the decimals shown', () => {
    expect([0.0001, -0.0001, 0.00001, null].map(trend)).toEqual(['up', 'down', 'even', 'even']);
  });
});

describe("a benchmark's chart", () => {
  it('begins at a round figure below all dots and ends at 100', () => {
    const plot = dotPlot(rows, 'image_auroc');
    expect(plot.low).toBeLessThan(0.6);
    expect(plot.high).toBe(1);
    expect(plot.ticks.at(-1)).toBe(1);
    for (const { ours, published } of plot.rows)
      for (const value of [ours, published])
        if (value !== null) expect(dotPlace(value, plot)).toBeGreaterThanOrEqual(0);
  });

  it('has an axis without any figure, and with 0', () => {
    expect(dotPlot(rows, 'pixel_aupro')).toMatchObject({ low: 0.99, high: 1 });
    const zero = benchRows({ ...sampleBench(), categories: [category('a', 0)] });
    expect(dotPlot(zero, 'image_ap')).toMatchObject({ low: 0, ticks: [0, 0.25, 0.5, 0.75, 1] });
  });
});
