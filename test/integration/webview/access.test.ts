import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PanelBrowser, phases, violationsOf, type OpenOptions } from './harness/browser';

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

/** What axe finds serious or worse, in the whole page or in the element that a way through the shadow trees leads to. */
async function serious(page: Page, ...way: string[]): Promise<string[]> {
  await page.evaluate(axe);
  const findings = await page.evaluate(async (way) => {
    const { axe: runner } = window as unknown as { axe: { run(where: unknown): Promise<{ violations: unknown[] }> } };
    return (await runner.run(way.length > 0 ? { fromShadowDom: way } : document)).violations;
  }, way);
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
    it(`in the ${theme} theme`, () =>
      check({ theme, scenario: { job: 'running', missing: 2, changed: 1, fallback: true } }));

  for (const tab of ['metrics', 'review', 'compare'] as const) it(`with ${tab} open`, () => check({}, tab));

  it('in a narrow window', () => check({ width: 300, height: 600 }));
  it('while waiting', () => check({ scenario: { kind: 'pending', job: 'running' } }));
  it('when refused', () => check({ scenario: { kind: 'refused' } }));
});

describe('axe finds nothing serious in what comes later', () => {
  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const)
    it(`in the ${theme} theme`, async () => {
      const page = await panel.open({ theme, scenario: { job: 'failed', labels: false } });
      await page.locator('musc-stage .legend .truth').waitFor();
      await page.keyboard.press('w');
      await page.locator('musc-why musc-crop').nth(4).waitFor();
      await page.locator('musc-head .fact.warn').hover();
      expect(await serious(page)).toEqual([]);
      for (const label of ['Good', 'Defect', 'Unsure']) {
        const button = page.locator('musc-label-buttons button', { hasText: label });
        await button.click(); // and the pointer stays on it, but the next image is shown
        await page.keyboard.press('ArrowLeft');
        await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
        expect(await serious(page, 'musc-app', 'musc-side', 'musc-image-pane', 'musc-label-buttons')).toEqual([]);
      }
      await page.close();
    });
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
    expect(await phases(page)).toEqual([true]);
    await page.locator('musc-stage canvas').first().focus();
    await page.keyboard.press('b');
    expect(await phases(page)).toEqual([false]);
    await page.close();
  });
});

/** Colours that a style gives the elements a selector finds, in the shadow trees too. */
function colours(page: Page, selector: string, property: string, pseudo?: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll(
      (elements, { property, pseudo }) => [
        ...new Set(elements.map((e) => getComputedStyle(e, pseudo).getPropertyValue(property))),
      ],
      { property, pseudo },
    );
}

describe('colours that the system forces', () => {
  it('leave marks, selection, threshold and classes distinguishable', async () => {
    const page = await panel.open({ forcedColors: true });
    await page.locator('musc-card img').first().waitFor();
    const [canvas] = await colours(page, 'musc-app', 'background-color');
    const only = async (selector: string, property: string, pseudo?: string) => {
      const found = await colours(page, selector, property, pseudo);
      expect(found, selector).toHaveLength(1);
      return found[0];
    };
    expect(await only('musc-histogram .handle', 'background-color', '::before')).not.toBe(canvas);
    expect(await only('musc-histogram .good', 'fill')).not.toBe(await only('musc-histogram .defect', 'fill'));
    expect(await only('musc-histogram .defect', 'fill')).toContain('#hatch');
    const flagged = await only('musc-card .flagged .fill', 'background-color');
    const calm = await only('musc-card div:not(.flagged) > .bar .fill', 'background-color');
    const bar = await only('musc-card .bar', 'background-color');
    expect(new Set([flagged, calm, bar]).size).toBe(3);
    expect(await only('musc-row-marks .tick', 'border-left-color')).not.toBe(bar);
    expect(await only('musc-grid .cell.current', 'border-top-color')).not.toBe(
      await only('musc-grid .cell:not(.selected)', 'border-top-color'),
    );
    const chip = (pressed: boolean) => only(`musc-filters .chip[aria-pressed=${pressed}]`, 'background-color');
    expect(await chip(true)).not.toBe(await chip(false));
    const tab = (selected: boolean) => only(`musc-side [role=tab][aria-selected=${selected}]`, 'background-color');
    expect(await tab(true)).not.toBe(await tab(false));
    await page.locator('#tab-metrics').click();
    expect(await only('musc-curve .curve', 'stroke')).not.toBe(canvas);
    expect(await only('musc-curve .tick', 'fill')).toBe(await only('musc-app', 'color'));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
    await page.close();
  });
});

/** Every control in sight is within a window so wide and high once it is scrolled to, and nothing has moved sideways for that. */
async function expectReachable(page: Page, width: number, height: number): Promise<void> {
  for (const control of await page
    .locator('button, vscode-button, select, input, [role=slider], [tabindex="0"]')
    .all()) {
    if (!(await control.isVisible())) continue;
    const { name, sideways } = await control.evaluate((element) => {
      element.scrollIntoView({ block: 'center', inline: 'nearest' });
      const outer = (node: Node): Node | null =>
        (node instanceof Element ? node.assignedSlot : null) ??
        (node instanceof ShadowRoot ? node.host : node.parentNode);
      let sideways = 0;
      for (let node = outer(element); node; node = outer(node))
        if (node instanceof Element) sideways += Math.abs(node.scrollLeft);
      return { name: element.outerHTML.slice(0, 80), sideways };
    });
    expect(sideways, name).toBe(0);
    const box = await control.boundingBox();
    expect(
      box && box.x >= -1 && box.x + box.width <= width + 1 && box.y + Math.min(box.height, 24) <= height + 1,
      name,
    ).toBe(true);
  }
  expect(await page.evaluate(() => [document.documentElement.scrollWidth, scrollX])).toEqual([width, 0]);
}

describe('at 200 % zoom', () => {
  for (const front of ['Images', 'Details', 'Summary'] as const)
    it(`${front} has most of the window, and every control is reached without scrolling sideways`, async () => {
      const page = await panel.open({ width: 720, height: 450, pixelRatio: 2 });
      await page.getByRole('button', { name: front, exact: true }).click();
      const shown = { Images: 'musc-grid', Details: 'musc-side', Summary: '.summary' }[front];
      expect((await page.locator(shown).boundingBox())?.height).toBeGreaterThan(450 * 0.6);
      await expectReachable(page, 720, 450);
      await page.close();
    });

  it.each([
    [300, 600],
    [320, 256],
    [520, 700],
  ])('the images have every control in a window of %d x %d px, too', async (width, height) => {
    const page = await panel.open({ width, height });
    await page.getByRole('button', { name: 'Images', exact: true }).waitFor();
    await expectReachable(page, width, height);
    await page.close();
  });
});

describe('high contrast', () => {
  for (const theme of ['hc-dark', 'hc-light'] as const)
    it(`shows what is on in ${theme}`, async () => {
      const page = await panel.open({ theme });
      const ring = (pressed: boolean) => colours(page, `musc-filters .chip[aria-pressed=${pressed}]`, 'box-shadow');
      expect(await ring(true)).not.toEqual(await ring(false));
      await page.close();
    });
});
