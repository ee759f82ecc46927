import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PanelBrowser } from './harness/browser';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let panel: PanelBrowser;
let page: Page;

const HEATMAP = 'The heatmap cannot be shown: the patch scores are damaged';
const MASK = 'The ground-truth mask cannot be shown: the file ends early';
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 30_000, interval: 100 });
const cell = (image: number) => page.locator(`musc-grid [data-image="${image}"]`);
const notes = (pane: string) => page.locator(`${pane} musc-problem-note`).allInnerTexts();

beforeAll(async () => {
  panel = await PanelBrowser.start();
  page = await panel.open({ scenario: { images: 9, unread: 1 } });
});
afterAll(async () => panel.close());

describe('an image whose patch scores and mask are damaged', () => {
  it('has a mark in the grid that says why it has no heat, and no other has', async () => {
    await eventually(() => page.locator('musc-grid musc-card .unread').count()).toBe(1);
    expect(await cell(0).locator('.unread').getAttribute('title')).toBe(HEATMAP);
    expect(await cell(0).getAttribute('aria-label')).toContain('no heatmap: the patch scores are damaged');
    expect(await cell(1).getAttribute('aria-label')).not.toContain('no heatmap');
  });

  it('says so beside its picture, and with it alone', async () => {
    await cell(0).click();
    await eventually(() => notes('musc-image-pane')).toEqual([HEATMAP, MASK]);
    expect(await page.locator('musc-stage canvas').first().getAttribute('aria-label')).toMatch(/without heatmap$/);
    await page.keyboard.press('w');
    await eventually(() => page.locator('musc-notice .said').innerText()).toBe(HEATMAP);
    expect(await page.locator('musc-why p').innerText()).toContain('Without its heatmap no patch');
    expect(await page.locator('musc-why vscode-button').count()).toBe(0);
    await cell(1).click();
    await eventually(() => notes('musc-image-pane')).toEqual([]);
    expect(await page.locator('musc-why vscode-button').count()).toBe(1);
  });

  it('says so where runs are compared, of both runs', async () => {
    await cell(0).click();
    await page.locator('#tab-compare').click();
    await page.locator('musc-compare-pane select').selectOption('run-2');
    await eventually(() => notes('musc-compare-pane')).toEqual([
      HEATMAP,
      'The other run’s heatmap cannot be shown: the patch scores are damaged',
      MASK,
    ]);
  });
});
