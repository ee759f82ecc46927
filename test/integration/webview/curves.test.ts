import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callsOf, PanelBrowser } from './harness/browser';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let panel: PanelBrowser;
let page: Page;

beforeAll(async () => {
  panel = await PanelBrowser.start();
  page = await panel.open();
  await page.locator('#tab-metrics').click();
});
afterAll(async () => panel.close());

const roc = () => page.locator('musc-curve', { hasText: 'ROC' }).first();
const hits = async () => Number(/, hits (\d+\.\d) %/.exec((await roc().locator('.readout').textContent()) ?? '')?.[1]);

/** The scenario's defects all score above its good images, so that its ROC rises straight up at the left edge. */
describe('a curve that rises straight up', () => {
  it('is read where the pointer is', async () => {
    await roc().locator('svg').scrollIntoViewIfNeeded();
    const frame = await roc().locator('.frame').boundingBox();
    if (!frame) throw new Error('no curve');
    const read: number[] = [];
    for (const part of [0.05, 0.5, 0.95]) {
      await page.mouse.move(frame.x + 1, frame.y + frame.height * (1 - part));
      read.push(await hits());
    }
    expect(read[0]).toBeLessThan(15);
    expect(Math.abs(read[1] - 50)).toBeLessThan(10);
    expect(read[2]).toBeGreaterThan(85);
  });

  it('is read by keys from the chosen threshold on', async () => {
    await page.mouse.move(5, 5);
    const marked = await hits();
    expect(marked).toBeGreaterThan(50);
    await roc().locator('svg').focus();
    await page.keyboard.press('ArrowLeft');
    const before = await hits();
    expect(before).toBeLessThan(marked);
    expect(marked - before).toBeLessThan(15);
  });
});

it('the per-region overlap is drawn up to the end of its axis', async () => {
  const pro = page.locator('musc-curve', { hasText: 'Per-region overlap' });
  await pro.locator('svg').focus();
  await page.keyboard.press('End');
  expect(await pro.locator('.readout').textContent()).toMatch(/false positives 30\.0 %, overlap 88\.4 %/);
});

it('the curves of pixels are there at once when their tab is shown again', async () => {
  await page.locator('musc-pixel-curves musc-curve').first().waitFor();
  await page.locator('#tab-image').click();
  const shown = await page.evaluate(async () => {
    const root = (...names: string[]) =>
      names.reduce<ParentNode | null>((within, name) => within?.querySelector(name)?.shadowRoot ?? null, document);
    const { panel } = document.querySelector('musc-app') as unknown as { panel: { setView(patch: object): void } };
    panel.setView({ pane: 'metrics' });
    await new Promise(requestAnimationFrame);
    return root('musc-app', 'musc-side', 'musc-metrics-pane', 'musc-pixel-curves')?.querySelectorAll('musc-curve')
      .length;
  });
  expect(shown).toBe(3);
  expect(await callsOf(page, 'pixelCurves')).toHaveLength(1);
});
