import axe from 'axe-core';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedFor } from '../../../extension/core/benchmark/published';
import { missingCategories } from '../../../extension/core/pipeline/expected-images';
import type { BenchCategory, BenchFigures, BenchFile } from '../../../extension/protocol/bench-file';
import { BENCH_METRICS } from '../../../extension/protocol/bench-metrics';
import { category, sampleBench } from '../../unit/benchmark/sample-bench';
import { untranslated } from '../marked-texts';
import { BenchBrowser, postedBy, refusedBy } from './harness/bench-browser';

/** Where to keep pictures of the page, for people to look at; none are taken without it. */
const PICTURES = process.env.MUSC_PICTURES;
const CATEGORIES = ['bottle', ...missingCategories('mvtec', ['bottle'])];
const BACKBONE = 'clip-vit-l-14-336-openai';

/** Published figures moved a little, the same way in every run. */
function nearby(published: BenchFigures, seed: number): BenchFigures {
  const moved = BENCH_METRICS.map((metric, i) => {
    const value = published[metric];
    return [metric, value === null ? null : Math.min(1, Math.max(0, value + 0.012 * Math.sin(seed * 7 + i * 3)))];
  });
  return Object.fromEntries(moved) as BenchFigures;
}

/** A whole MVTec AD, with a failed category and one that lacks pictures. */
function wholeBench(): BenchFile {
  const categories = CATEGORIES.map((name, i): BenchCategory => {
    const published = publishedFor('mvtec', name, BACKBONE, 518);
    const row = { ...category(name, 0.9), published, absent: {}, images: 83 + i * 4, seconds: (83 + i * 4) * 0.41 };
    if (name === 'zipper')
      return { ...row, run: null, figures: null, images: 0, seconds: 0, problem: 'test/rough: permission denied' };
    if (name === 'screw') row.problem = '150 of 160 pictures';
    return { ...row, skipped: name === 'pill' ? 2 : 0, figures: published && nearby(published, i) };
  });
  return { ...sampleBench(), categories };
}

describe('the page of a benchmark', () => {
  let browser: BenchBrowser;
  beforeAll(async () => {
    browser = await BenchBrowser.start();
    if (PICTURES) await mkdir(PICTURES, { recursive: true });
  });
  afterAll(() => browser?.close());

  it('shows figures beside the published ones, sorts by keyboard, opens runs and exports', async () => {
    const page = await browser.open({ bench: wholeBench(), running: false });
    const names = () => page.locator('tbody th .name').allInnerTexts();
    expect(await names()).toEqual([...CATEGORIES].sort());
    expect(await page.locator('tfoot').innerText()).toContain('over 14 of 15 categories');

    const head = page.locator('th[data-column=pixel_aupro]');
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await names()).at(-1)).toBe('zipper');
    const down = await names();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await names()).toEqual([...down.slice(0, -1).reverse(), 'zipper']);

    await page.getByRole('button', { name: 'screw', exact: true }).click();
    await page.getByRole('button', { name: 'Export as LaTeX' }).click();
    await page.getByLabel('Chart').selectOption('Pixel AUPRO');
    expect(await postedBy(page)).toEqual([
      { do: 'openRun', category: 'screw' },
      { do: 'export', format: 'tex' },
    ]);
    expect(await page.locator('circle.published').count()).toBe(16); // 15 and the key's
    expect(await refusedBy(page)).toEqual([]);
    await page.close();
  });

  it.each([
    ['dark', 1280],
    ['light', 1280],
    ['hc-dark', 1280],
    ['hc-light', 1280],
    ['dark', 420],
  ] as const)('is readable in %s at %i px', async (theme, width) => {
    const page = await browser.open({ bench: wholeBench(), running: theme === 'light' }, { theme, width });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `bench-${theme}-${width}.png`) });
    await page.close();
  });

  it('can be translated, every text of it', async () => {
    const file = wholeBench();
    const { name, root, notes } = file.dataset;
    const data = [
      ...CATEGORIES,
      ...notes,
      name,
      root,
      BACKBONE,
      'test/rough: permission denied',
      '150 of 160 pictures',
    ];
    const page = await browser.open({ bench: file, running: true }, { marked: true });
    expect(await untranslated(page, data)).toEqual([]);
    await page.close();
    const bench = { ...sampleBench(), categories: [], published: null };
    const empty = await browser.open({ bench, running: false }, { marked: true });
    expect(await untranslated(empty, data)).toEqual([]);
    await empty.close();
  });

  it('says in how many subsets pictures were compared, where in several', async () => {
    const bench = sampleBench();
    const caption = async (subsets: number) => {
      const page = await browser.open({
        bench: { ...bench, settings: { ...bench.settings, subsets } },
        running: false,
      });
      const text = await page.locator('musc-bench-head p').innerText();
      await page.close();
      return text;
    };
    expect(await caption(4)).toContain('reference protocol · in 4 subsets · CPU');
    expect(await caption(1)).toContain('reference protocol · CPU');
  });

  it('says why there is nothing to show', async () => {
    const refused = await browser.open({ refused: { what: 'Not a valid benchmark.', hint: 'run it again' } });
    expect(await refused.getByRole('alert').innerText()).toContain('Not a valid benchmark.');
    const empty = await browser.open({ bench: { ...sampleBench(), categories: [], published: null }, running: false });
    expect(await empty.getByRole('status').innerText()).toContain('No category has been measured yet.');
    expect(await empty.getByRole('link').allInnerTexts()).toEqual(['MVTec AD', 'VisA', 'BTAD']);
    if (PICTURES) await empty.screenshot({ path: path.join(PICTURES, 'bench-empty.png') });
    await refused.close();
    await empty.close();
  });
});
