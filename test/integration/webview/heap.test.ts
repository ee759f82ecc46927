import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PanelBrowser } from './harness/browser';

/** Open-close cycles; MUSC_HEAP_CYCLES=100 for what docs/reliability.md states. */
const CYCLES = Number(process.env.MUSC_HEAP_CYCLES ?? 20);
/** Cycles before the first look: caches of the browser and of the panel fill once. */
const WARM_UP = 10;
/** Growth that is no leak: a share of the heap. */
const GROWTH = 0.05;

vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 240_000 });
let panel: PanelBrowser;
beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());

/** Bytes that the page's scripts hold, in all its frames, after everything unreachable went. */
async function heapOf(devtools: CDPSession): Promise<number> {
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

/** Growth of the heap over the cycles, a share of what it was after the first ones. */
async function growthOver(page: Page, what: string, cycle: () => Promise<void>): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  for (let i = 0; i < WARM_UP; i++) await cycle();
  const before = await heapOf(devtools);
  for (let i = 0; i < CYCLES; i++) await cycle();
  const after = await heapOf(devtools);
  const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
  if (process.env.MUSC_HEAP_CYCLES) console.log(`${what}: ${mb(before)} MB, after ${CYCLES} cycles ${mb(after)} MB`);
  return after / before - 1;
}

it('panels that are opened and closed in one window, as the editor does it, leave nothing', async () => {
  const page = await panel.browser.newPage({ viewport: { width: 1200, height: 800 } });
  const address = panel.address({ scenario: { images: 200 } });
  await page.goto(new URL('/window', address).href);
  const growth = await growthOver(page, 'panel in a frame', () =>
    page.evaluate(async (src) => {
      const frame = document.createElement('iframe');
      Object.assign(frame.style, { width: '1180px', height: '780px' });
      frame.src = src;
      document.body.append(frame);
      const shown = () => frame.contentDocument?.querySelector('musc-app')?.shadowRoot?.querySelector('musc-grid');
      const pictures = () => shown()?.shadowRoot?.querySelectorAll('.cell').length ?? 0;
      while (pictures() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      frame.remove();
    }, address),
  );
  await page.close();
  expect(growth).toBeLessThan(GROWTH);
});

it('the panel’s elements, taken off the page and made again, let go of everything', async () => {
  const page = await panel.open({ scenario: { images: 200 } });
  const growth = await growthOver(page, 'panel element', () =>
    page.evaluate(async () => {
      const old = document.querySelector('musc-app') as HTMLElement & { panel: unknown };
      const app = document.createElement('musc-app') as typeof old;
      app.panel = old.panel;
      old.remove();
      document.body.append(app);
      const pictures = () => app.shadowRoot?.querySelector('musc-grid')?.shadowRoot?.querySelectorAll('.cell').length;
      while (!pictures()) await new Promise((resolve) => setTimeout(resolve, 20));
      window.fakeHost.calls.length = 0; // the stand-in for the editor remembers what it was asked
    }),
  );
  await page.close();
  expect(growth).toBeLessThan(GROWTH);
});

it('panes and rows that made place for others no longer follow the panel', async () => {
  const page = await panel.open({ scenario: { images: 200 } });
  const listeners = await page.evaluate(async () => {
    interface App extends HTMLElement {
      panel: {
        store: { listeners: Set<unknown> };
        setView(view: object): void;
        setFilter(filter: object): void;
        clearFilter(): void;
      };
      updateComplete: Promise<boolean>;
    }
    const app = document.querySelector('musc-app') as App;
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
    const round = async () => {
      for (const pane of ['metrics', 'review', 'compare', 'image']) {
        app.panel.setView({ pane });
        await drawn();
      }
      app.panel.setFilter({ text: 'no picture has this name' });
      await drawn();
      app.panel.clearFilter();
      await drawn();
      return app.panel.store.listeners.size;
    };
    return [await round(), await round(), await round()];
  });
  await page.close();
  expect(new Set(listeners).size).toBe(1);
});
