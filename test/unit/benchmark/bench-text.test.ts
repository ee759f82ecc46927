import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { benchReport } from '../../../extension/core/benchmark/bench-report';
import { publishedFor } from '../../../extension/core/benchmark/published';
import { missingCategories } from '../../../extension/core/pipeline/expected-images';
import type { BenchFile } from '../../../extension/protocol/bench-file';
import { benchRows, PUBLISHED_CATEGORIES } from '../../../extension/protocol/bench-table';
import { benchCaption, benchCsv, benchLatex, benchMarkdown } from '../../../extension/core/benchmark/bench-text';
import { sheetName } from '../../../extension/core/benchmark/bench-workbook';
import { category, sampleBench } from './sample-bench';

/** All of a published data set. */
const categoriesOf = (layout: 'mvtec' | 'visa' | 'btad') => {
  const [one] = { mvtec: ['bottle'], visa: ['candle'], btad: ['01'] }[layout];
  return [one, ...missingCategories(layout, [one])];
};

describe('a benchmark', () => {
  it('has a row per category and a mean over those that have figures', () => {
    const rows = benchRows(sampleBench());
    expect(rows.map((r) => r.name)).toEqual(['bottle', 'cable', '=screw_1', 'mean']);
    const mean = rows[3];
    expect(mean.figures).toMatchObject({ image_auroc: 0.75, pixel_aupro: null });
    expect(mean).toMatchObject({ images: 30, secondsPerImage: 2, problem: 'over 2 of 3 categories' });
    expect(rows[0].difference.image_auroc).toBeCloseTo(1 - 0.9992, 10);
    expect(rows[0].difference.pixel_aupro).toBeNull();
  });

  it('compares its mean with the published one of the same categories, or with none', () => {
    const mean = (bench: BenchFile) => benchRows(bench).at(-1);
    const of = (name: string) => publishedFor('mvtec', name, 'clip-vit-l-14-336-openai', 518)?.image_auroc ?? NaN;
    expect(mean(sampleBench())?.published?.image_auroc).toBeCloseTo((of('bottle') + of('cable')) / 2, 10);
    const alone = { ...category('bottle', 1), published: null };
    expect(mean(sampleBench({ categories: [alone] }))).toMatchObject({ published: null });
    const all = categoriesOf('mvtec').map((name) => ({ ...alone, name }));
    const { published } = sampleBench();
    expect(mean(sampleBench({ categories: all }))?.published).toEqual(published?.mean);
    for (const [layout, count] of Object.entries(PUBLISHED_CATEGORIES))
      expect(categoriesOf(layout as 'mvtec')).toHaveLength(count);
  });

  it('names the input of its runs, or says that they differ', () => {
    const caption = (...inputs: ({ height: number; width: number } | undefined)[]) =>
      benchCaption(sampleBench({ categories: inputs.map((input, i) => ({ ...category(`c${i}`, 1), input })) }));
    const square = { height: 518, width: 518 };
    for (const inputs of [[], [undefined], [square, undefined, square]])
      expect(caption(...inputs)).toContain('at 518 x 518,');
    expect(caption(square, { height: 448, width: 602 })).toContain('at mixed sizes,');
  });

  it('as CSV: percent, published and difference, no formula', () => {
    const rows = parse(benchCsv(sampleBench()), { columns: true }) as Record<string, string>[];
    expect(rows[0]).toMatchObject({
      category: 'bottle',
      image_auroc: '100',
      image_auroc_published: '99.92',
      image_auroc_difference: '0.08',
      pixel_aupro: '',
      seconds_per_image: '2',
    });
    expect(rows[2].category).toBe("'=screw_1");
  });

  it('as Markdown: one table, names escaped', () => {
    const text = benchMarkdown(sampleBench());
    expect(text).toContain('| bottle | 10 | 100.00 (+0.08) |');
    expect(text).toContain('MVTec\\_AD \\<1\\>');
    expect(text).toContain('- =screw\\_1: no pictures \\| \\<b\\>');
    const table = text.split('\n').filter((l) => l.startsWith('|'));
    expect(new Set(table.map((l) => l.replace(/\\\|/g, '').split('|').length)).size).toBe(1);
  });

  it('as LaTeX: escaped, one row each', () => {
    const text = benchLatex(sampleBench());
    expect(text).toContain('bottle & 100.00 & 100.00 & 100.00 & 100.00 & 100.00 & 100.00 & -- \\\\');
    expect(text).toContain('=screw\\_1 & -- &');
    expect(text).toContain('MVTec\\_AD <1>');
    expect(text.match(/\\\\$/gm)).toHaveLength(6);
  });

  it('as HTML: one file that loads nothing', () => {
    const text = benchReport([sampleBench()]);
    expect(text).not.toMatch(/<1>|<script|https?:|\sstyle=|<link/);
    expect(text).toContain('MVTec_AD &lt;1&gt;');
    expect(text).toContain('+0.08');
  });

  it('names sheets as Excel takes them', () => {
    const used = new Set<string>();
    expect(sheetName('a/b:c*', used)).toBe('a b c');
    expect(sheetName('A B C', used)).toBe('A B C 2');
    expect(sheetName('x'.repeat(40), used)).toHaveLength(26);
    expect(sheetName("''", used)).toBe('data set');
  });
});
