import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PanelBrowser, violationsOf, type OpenOptions } from './harness/browser';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let panel: PanelBrowser;

beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds serious or worse. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const findings = await page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
    return (await runner.run()).violations;
  });
  return (findings as Finding[])
    .filter((f) => f.impact === 'serious' || f.impact === 'critical')
    .flatMap((f) => f.nodes.map((n) => `${f.id}: ${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`));
}

async function check(options: OpenOptions, tab?: string): Promise<void> {
  const page = await panel.open(options);
  await page.waitForTimeout(500);
  if (tab) await page.locator(`#tab-${tab}`).click();
  await page.waitForTimeout(200);
  expect(await serious(page)).toEqual([]);
  expect(await violationsOf(page)).toEqual([]);
  await page.close();
}

describe('axe finds nothing serious', () => {
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const)
    it(`in the ${theme} theme`, () => check({ theme, scenario: { job: 'running', missing: 2, fallback: true } }));

  for (const tab of ['metrics', 'review', 'compare'] as const) it(`with ${tab} open`, () => check({}, tab));

  it('in a narrow window', () => check({ width: 300, height: 600 }));
  it('while waiting', () => check({ scenario: { kind: 'pending', job: 'running' } }));
  it('when refused', () => check({ scenario: { kind: 'refused' } }));
});

describe('space and motion', () => {
  for (const width of [300, 480, 701, 1000, 1440, 3840])
    it(`nothing sticks out at ${width} px`, async () => {
      const page = await panel.open({ width, height: 800 });
      await page.waitForTimeout(300);
      const out = await page.evaluate(() => {
        const app = document.querySelector('musc-app')?.shadowRoot;
        return [...(app?.querySelectorAll('.app > *, main > *') ?? [])]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => e.localName);
      });
      expect(out).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.close();
    });

  it('blinks only by hand where motion is unwanted', async () => {
    const page = await panel.open({ reducedMotion: true });
    await page.waitForTimeout(400);
    const arrangement = page.locator('musc-heat-tools select[aria-label=Arrangement]');
    await arrangement.selectOption('blink');
    const shown = () =>
      page.evaluate(() => {
        const stage = document
          .querySelector('musc-app')
          ?.shadowRoot?.querySelector('musc-side')
          ?.shadowRoot?.querySelector('musc-image-pane')
          ?.shadowRoot?.querySelector('musc-stage') as unknown as { blinkOn: boolean };
        return stage.blinkOn;
      });
    await page.waitForTimeout(1600);
    expect(await shown()).toBe(true);
    await page.locator('musc-stage canvas').first().focus();
    await page.keyboard.press('b');
    expect(await shown()).toBe(false);
    await page.close();
  });
});
