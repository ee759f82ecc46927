import { readFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { PanelBrowser } from '../integration/webview/harness/browser';
import type { BenchRow } from './bench-row';

/** A run as large as the panel promises to be quick with. */
const IMAGES = 10_000;
const GROUP = `panel, ${IMAGES.toLocaleString('en-US')} images`;

/**
 * The panel's promises, measured in chromium without a GPU: opening, memory, scrolling, threshold, next image. Times are
 * what a user waits; "main thread" is the processor time of the page itself, which does not grow when the machine is busy
 * with other things.
 */
export async function benchPanel(): Promise<BenchRow[]> {
  const panel = await PanelBrowser.start();
  const rows: BenchRow[] = [];
  const row = (name: string, value: number, unit: string) => rows.push({ group: GROUP, name, value, unit });
  try {
    // The first page pays for starting the browser and for making the pictures that the fake host serves.
    const warm = await panel.open({ scenario: { images: IMAGES } });
    await warm.waitForTimeout(3000);
    const work = await MainThread.of(warm);
    await warm.goto(panel.address({ scenario: { images: IMAGES } }), { waitUntil: 'commit' });
    row('open to usable grid', await usableAfter(warm), 'ms');
    row('open to usable grid, main thread', await work.total(), 'ms');
    await warm.waitForTimeout(2000);
    await scrolling(warm, work, row);
    await dragging(warm, work, row);
    for (const step of STEPS) await switching(warm, work, step, row);
    row('heap', await heap(warm), 'MB');
    const process = await rendererMemory(panel.browser);
    if (process !== null) row('page process memory', process, 'MB');
    for (const situation of SITUATIONS) {
      await warm.goto(panel.address({ scenario: { images: IMAGES } }), { waitUntil: 'commit' });
      await usableAfter(warm);
      await warm.waitForTimeout(2000);
      await draggingIn(warm, work, situation, row);
    }
  } finally {
    await panel.close();
  }
  return rows;
}

type Row = (name: string, value: number, unit: string) => void;

/** Processor time of a page's main thread. */
class MainThread {
  private before = 0;

  private constructor(private readonly session: CDPSession) {}

  static async of(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new MainThread(session);
  }

  /** Since the page's beginning, ms. */
  async total(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1000 * (metrics.find((m) => m.name === 'TaskDuration')?.value ?? NaN);
  }

  async begin(): Promise<void> {
    this.before = await this.total();
  }

  /** Since `begin`, per unit, ms. */
  async per(units: number): Promise<number> {
    return ((await this.total()) - this.before) / units;
  }
}

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}

/** From navigation to the first frame with a grid full of cards, ms. */
function usableAfter(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const grid = document.querySelector('musc-app')?.shadowRoot?.querySelector('musc-grid')?.shadowRoot;
          if (grid && grid.querySelectorAll('.cell').length > 12)
            requestAnimationFrame(() => resolve(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** Frame times while the grid is scrolled: a page's first two seconds of it, and the two after. */
async function scrolling(page: Page, work: MainThread, row: Row): Promise<void> {
  await work.begin();
  const first = await scroll(page);
  row('scrolling, main thread per frame', await work.per(first.length), 'ms');
  for (const [name, frames] of [
    ['scrolling', first],
    ['scrolling on', await scroll(page)],
  ] as const) {
    const { median, p95 } = spread(frames);
    row(`${name}, frame time, median`, median, 'ms');
    row(`${name}, frame time, 95 %`, p95, 'ms');
    row(`${name}, late frames`, (100 * frames.filter((ms) => ms > 20).length) / frames.length, '%');
  }
}

/** Frame times of two seconds at 2,400 px a second. */
function scroll(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector('musc-app')?.shadowRoot?.querySelector('musc-grid')?.shadowRoot;
        const scroller = grid?.querySelector('.scroll');
        const times: number[] = [];
        let last = performance.now();
        const begin = last;
        const frame = (now: number) => {
          times.push(now - last);
          last = now;
          scroller?.scrollBy(0, 40);
          if (now - begin < 2000) requestAnimationFrame(frame);
          else resolve(times.slice(2));
        };
        requestAnimationFrame(frame);
      }),
  );
}

/** Time from setting a threshold to the end of the rendering and layout that it causes: a page's first drag, and the one after it. */
async function dragging(page: Page, work: MainThread, row: Row): Promise<void> {
  await work.begin();
  const first = await drag(page);
  row('threshold drag, main thread per step', await work.per(first.length), 'ms');
  const { median, p95 } = spread(first);
  row('threshold drag, update, median', median, 'ms');
  row('threshold drag, update, 95 %', p95, 'ms');
  row('threshold drag again, update, 95 %', spread(await drag(page)).p95, 'ms');
}

/** What can be open, filtered and sorted while the threshold is dragged. */
interface Situation {
  readonly name: string;
  /** Beside what `USUAL` says. */
  readonly view: { readonly pane?: string; readonly filter?: object; readonly sort?: object };
  /** An element that is there when the pane has all it shows. */
  readonly ready?: string;
  /** How often the panes are gone through before. */
  readonly rounds?: number;
}

/** The page remembers the view of the situation before. */
const USUAL = {
  pane: 'image',
  filter: { show: 'all', types: [], text: '', range: null },
  sort: { key: 'score', reversed: false },
} as const;

const SITUATIONS: readonly Situation[] = [
  { name: 'with Image open', view: {} },
  { name: 'with Metrics open', view: { pane: 'metrics' }, ready: 'musc-metrics-pane musc-type-table' },
  { name: 'with Review open', view: { pane: 'review' }, ready: 'musc-review-pane li' },
  { name: 'with Compare open', view: { pane: 'compare' }, ready: 'musc-compare-images tbody tr' },
  { name: 'of labels to check', view: { filter: { ...USUAL.filter, show: 'toCheck' } } },
  { name: 'sorted by disagreement', view: { sort: { key: 'disagreement', reversed: false } } },
  { name: 'after twenty rounds through the panes', view: {}, rounds: 20 },
];

/** The same in a situation on a page that has just been opened: its second drag, so that the first has compiled what it takes. */
async function draggingIn(page: Page, work: MainThread, situation: Situation, row: Row): Promise<void> {
  const { rounds = 0 } = situation;
  const view = { ...USUAL, ...situation.view };
  await page.evaluate(
    async ({ view, rounds }) => {
      const { panel } = document.querySelector('musc-app') as unknown as {
        panel: { setView(patch: object): void; comparing: { choose(run: string): Promise<void> } };
      };
      const frame = () => new Promise(requestAnimationFrame);
      await panel.comparing.choose('run-2');
      for (let round = 0; round < rounds; round++)
        for (const pane of ['metrics', 'review', 'compare', 'image']) {
          panel.setView({ pane });
          await frame();
          await frame();
        }
      panel.setView(view);
    },
    { view, rounds },
  );
  if (situation.ready) await page.locator(situation.ready).first().waitFor();
  await drag(page);
  await work.begin();
  const times = await drag(page);
  row(`threshold drag ${situation.name}, main thread per step`, await work.per(times.length), 'ms');
  const { median, p95 } = spread(times);
  row(`threshold drag ${situation.name}, update, median`, median, 'ms');
  row(`threshold drag ${situation.name}, update, 95 %`, p95, 'ms');
}

/** Times of sixty steps. */
function drag(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    interface Inner extends Element {
      panel: { setThreshold(rule: { kind: 'manual'; value: number }): void };
      updateComplete: Promise<boolean>;
    }
    const app = document.querySelector('musc-app') as Inner;
    const parts: Element[] = [];
    const collect = (root: ParentNode) => {
      for (const element of root.querySelectorAll('*')) {
        if ('updateComplete' in element) parts.push(element);
        if (element.shadowRoot) collect(element.shadowRoot);
      }
    };
    collect(document);
    const measured: number[] = [];
    for (let i = 0; i < 60; i++) {
      await new Promise(requestAnimationFrame);
      const begin = performance.now();
      app.panel.setThreshold({ kind: 'manual', value: 0.65 + i * 0.005 });
      await Promise.all(parts.map((p) => (p as Inner).updateComplete));
      // Reading a box makes the browser finish style and layout.
      app.getBoundingClientRect();
      measured.push(performance.now() - begin);
    }
    return measured;
  });
}

/** A key that shows another picture, and the pane that shows it. */
interface Step {
  readonly name: string;
  readonly pane: 'image' | 'review';
  readonly key: string;
}

const STEPS: readonly Step[] = [
  { name: 'next image', pane: 'image', key: 'ArrowRight' },
  { name: '1 in Review', pane: 'review', key: '1' },
];

/** Time from a key to the canvas showing the next picture with its heat; thumbnails and maps of the grid are warm. */
async function switching(page: Page, work: MainThread, step: Step, row: Row): Promise<void> {
  await work.begin();
  const times = await page.evaluate(async ({ pane, key }) => {
    interface Stage extends Element {
      picture: unknown;
      heat: unknown;
      label: string;
    }
    const { panel } = document.querySelector('musc-app') as unknown as { panel: { setView(patch: object): void } };
    panel.setView({ pane, advance: true });
    const app = document.querySelector('musc-app')?.shadowRoot;
    const grid = app?.querySelector('musc-grid')?.shadowRoot?.querySelector('.scroll');
    grid?.scrollTo(0, 0);
    await new Promise((resolve) => setTimeout(resolve, 800));
    const stage = app
      ?.querySelector('musc-side')
      ?.shadowRoot?.querySelector(`musc-${pane}-pane`)
      ?.shadowRoot?.querySelector('musc-current-picture')
      ?.shadowRoot?.querySelector('musc-stage') as Stage;
    const measured: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { label } = stage;
      const begin = performance.now();
      dispatchEvent(new KeyboardEvent('keydown', { key }));
      for (;;) {
        await new Promise(requestAnimationFrame);
        if (stage.label !== label && stage.picture && stage.heat) break;
      }
      measured.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return measured;
  }, step);
  row(`${step.name}, main thread`, await work.per(times.length), 'ms');
  const { median, p95 } = spread(times);
  row(`${step.name}, picture and heat shown, median`, median, 'ms');
  row(`${step.name}, picture and heat shown, 95 %`, p95, 'ms');
}

/** JavaScript heap after a collection, MB. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/** What the largest page process of a browser holds for itself alone, MB; null where /proc has no such figure. */
async function rendererMemory(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => readFile(`/proc/${id}/smaps_rollup`, 'utf8')),
  ).catch(() => []);
  const kilobytes = sizes.map((text) =>
    [...text.matchAll(/^Private_\w+: +(\d+) kB$/gm)].reduce((sum, [, size]) => sum + Number(size), 0),
  );
  return kilobytes.length > 0 ? Math.max(...kilobytes) / 1000 : null;
}
