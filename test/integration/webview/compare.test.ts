import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HostMessage, PanelJob } from '../../../extension/protocol/panel';
import type { RunFile } from '../../../extension/protocol/run-file';
import { callsOf, PanelBrowser, type OpenOptions } from './harness/browser';
import { DEFAULT_SCENARIO, OTHER_RUNS, otherRunOf, snapshotOf, type Scenario } from './harness/scenario';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let panel: PanelBrowser;
let page: Page;

beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());
afterEach(async () => page.close());

const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 30_000, interval: 100 });
const pane = () => page.locator('musc-compare-pane');
const images = () => page.locator('musc-compare-images');
const chosen = () => pane().locator('select').inputValue();
const send = (message: HostMessage) => page.evaluate((told) => window.fakeHost.send(told), message);
const job = (state: PanelJob['state']): HostMessage => ({
  event: 'job',
  job: { state, stage: null, done: 0, total: 0, secondsLeft: null },
});

/** From now on the host answers these questions like this: a value, or what went wrong. */
const answers = (given: Readonly<Record<string, { result: unknown } | { error: string }>>) =>
  page.evaluate((changed) => {
    type Call = (method: string, ...rest: unknown[]) => Promise<unknown>;
    const app = document.querySelector('musc-app') as unknown as { panel: { channel: { call: Call } } };
    const { channel } = app.panel;
    const real = channel.call.bind(channel);
    channel.call = (method, ...rest) => {
      const answer = changed[method];
      if (!answer) return real(method, ...rest);
      return 'error' in answer ? Promise.reject(new Error(answer.error)) : Promise.resolve(answer.result);
    };
  }, given);

async function open(options: OpenOptions = {}): Promise<void> {
  page = await panel.open(options);
  await page.locator('#tab-compare').waitFor();
}

async function compare(): Promise<void> {
  await page.locator('#tab-compare').click();
  await pane().locator('select').selectOption('run-2');
  await images().waitFor();
}

const scenario = (changed: Partial<Scenario> = {}): Scenario => ({ ...DEFAULT_SCENARIO, ...changed });
const other = (changed: (run: RunFile) => Partial<RunFile>, of = scenario()): RunFile => {
  const run = otherRunOf(of);
  return { ...run, ...changed(run) };
};

describe('the choice of the other run', () => {
  const later = { ...OTHER_RUNS[0], id: 'run-3', createdAt: '2026-11-25T08:00:00Z', backbone: 'DINOv3 ViT-B/16' };

  it('has a run that was made while it was shown', async () => {
    await open();
    await answers({ otherRuns: { result: [] } });
    await page.locator('#tab-compare').click();
    await eventually(() => pane().getByRole('button', { name: 'Score again' }).count()).toBe(1);
    await answers({ otherRuns: { result: [later] } });
    await send(job('running'));
    await send(job('done'));
    await eventually(() => pane().locator('option').allTextContents()).toHaveLength(2);
    expect(await pane().locator('option').nth(1).textContent()).toContain('DINOv3');
  });

  it('names the run that the editor asks for, though it was not there when the runs were listed', async () => {
    await open();
    await compare();
    const run = other(() => ({ id: 'run-3', createdAt: later.createdAt }));
    await answers({ otherRuns: { result: [later, ...OTHER_RUNS] }, otherRun: { result: run } });
    await send({ event: 'compare', run: 'run-3' });
    await eventually(chosen).toBe('run-3');
    await eventually(() => pane().locator('option').allTextContents()).toHaveLength(3);
    expect(await pane().locator('option', { hasText: 'DINOv3' }).count()).toBe(1);
  });

  it('names the run that is shown where no list has it', async () => {
    await open();
    await compare();
    const run = other(() => ({ id: 'elsewhere' }));
    await answers({ otherRun: { result: run } });
    await send({ event: 'compare', run: 'elsewhere' });
    await eventually(chosen).toBe('elsewhere');
  });

  it('says that the runs could not be listed, and why, and lists them when asked again', async () => {
    await open();
    await answers({ otherRuns: { error: 'the folder is not readable' } });
    await page.locator('#tab-compare').click();
    const note = pane().locator('musc-problem-note');
    await eventually(() => note.textContent()).toContain('cannot be listed: the folder is not readable');
    expect(await pane().getByText('no other run').count()).toBe(0);
    await answers({ otherRuns: { result: OTHER_RUNS } });
    await note.getByRole('button', { name: 'Try again' }).click();
    await eventually(() => pane().locator('option').count()).toBe(2);
    expect(await note.count()).toBe(0);
  });

  it('is asked for once at a time', async () => {
    await open();
    await page.locator('#tab-compare').click();
    await eventually(() => pane().locator('option').count()).toBe(2);
    await pane().locator('select').selectOption('run-2');
    await images().waitFor();
    expect(await callsOf(page, 'otherRuns')).toHaveLength(1);
  });
});

describe('metrics of two runs', () => {
  const table = () => pane().locator('table').first();
  const row = (name: string) => table().locator('tr', { has: page.getByText(name, { exact: true }) });

  it('are those against labels where one run has ground truth and the other none', async () => {
    await open();
    await answers({ otherRun: { result: other(() => ({ metrics: null })) } });
    await compare();
    await eventually(() => table().textContent()).toContain('Image AUROC, against labels');
    expect(await pane().getByText('Only one of the runs has ground truth').count()).toBe(1);
    expect(await pane().getByText('Label good and defect images').count()).toBe(0);
  });

  it('ask for labels where there are none', async () => {
    await open({ scenario: { labels: false } });
    await answers({ otherRun: { result: other(() => ({ metrics: null })) } });
    await compare();
    await eventually(() => pane().getByText('Label good and defect images').count()).toBe(1);
  });

  it('say why one is undefined, on hover and below the table', async () => {
    await open();
    await compare();
    const cells = row('AUPRO').locator('td');
    await eventually(() => cells.nth(1).getAttribute('title')).toBe('no mask could be read');
    expect(await cells.nth(2).getAttribute('title')).toBe('no mask could be read');
    expect(await row('Pixel AP').locator('td').nth(1).getAttribute('title')).toBe('');
    expect(await pane().getByText('Undefined in both runs: AUPRO (no mask could be read).').count()).toBe(1);
  });

  it('say which run a metric is undefined in', async () => {
    await open();
    const result = other(({ metrics }) => ({
      metrics: metrics && {
        image: metrics.image,
        pixel: { ...metrics.pixel, ap: { absent: 'no defect' }, f1max: { absent: 'no defect' }, aupro: { value: 0.9 } },
      },
    }));
    await answers({ otherRun: { result } });
    await compare();
    await eventually(() => pane().getByText('Undefined in this run: AUPRO (no mask could be read).').count()).toBe(1);
    const there = 'Undefined in the other run: Pixel F1-max, Pixel AP (no defect).';
    expect(await pane().getByText(there).count()).toBe(1);
  });
});

it('pixel metrics without a value say why beside their curves, also while labels are measured against', async () => {
  await open();
  await page.locator('#tab-metrics').click();
  await page.locator('musc-metrics-pane').getByRole('button', { name: 'reviewers’ labels' }).click();
  const note = page.locator('musc-metrics-pane musc-curve', { hasText: 'Per-region overlap' }).locator('h3 span');
  await eventually(() => note.textContent()).toBe('AUPRO up to 30 %: undefined, no mask could be read');
});

it('heat, contours, truth and zoom of both maps follow the keys', async () => {
  await open();
  await compare();
  const stage = pane().locator('musc-stage');
  await eventually(() => stage.locator('.legend .truth').count()).toBe(1);
  const shown = () =>
    stage.evaluate((element) => {
      type Heat = { opacity: number; contour: number | null } | null;
      const { heat, leftHeat, fill } = element as unknown as { heat: Heat; leftHeat: Heat; fill: boolean };
      return {
        hot: [leftHeat, heat].map((h) => (h?.opacity ?? 0) > 0),
        lines: [leftHeat, heat].map((h) => typeof h?.contour === 'number'),
        fill,
      };
    });
  await eventually(shown).toEqual({ hot: [true, true], lines: [true, true], fill: false });
  for (const key of ['h', 'c', 'Shift+T']) await page.keyboard.press(key);
  await eventually(shown).toEqual({ hot: [false, false], lines: [false, false], fill: true });
  await page.locator('musc-grid .scroll').focus();
  const zoom = () => stage.locator('.zoom').textContent();
  const before = await zoom();
  await page.keyboard.press('+');
  await eventually(zoom).not.toBe(before);
  await page.keyboard.press('f');
  await eventually(zoom).toBe(before);
});

describe('a map that is not there', () => {
  const stage = () => pane().locator('musc-stage');
  const notes = () => stage().locator('.absent').allTextContents();
  const titles = () => stage().locator('.note:is(.left, .right):not(.absent)').allTextContents();
  const select = (image: number) =>
    page.evaluate((to) => {
      const app = document.querySelector('musc-app') as unknown as { panel: { select(image: number): void } };
      app.panel.select(to);
    }, image);
  /** What the value under the pointer, left of the middle of the stage, is told as. */
  const read = async () => {
    const box = await stage().boundingBox();
    if (!box) throw new Error('no stage');
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    return stage().locator('.readout').textContent();
  };

  it('says so on its side where the image is in this run only; the other is read', async () => {
    await open();
    await compare();
    await select(50); // the other run lacks it
    await eventually(notes).toEqual(['This image is not in the other run.']);
    expect(await titles()).toEqual(['DINOv2 ViT-B/14', 'CLIP ViT-L/14-336']);
    await eventually(() => stage().locator('.legend .contour').count()).toBe(1);
    await eventually(read).toMatch(/ · \d\.\d{3} \| – · /);
    await select(0);
    await eventually(notes).toEqual([]);
    await eventually(read).toMatch(/ · \d\.\d{3} \| \d\.\d{3} · /);
  });

  it('is loading, or cannot be read', async () => {
    await open();
    await page.evaluate(() => {
      type Call = (method: string, ...rest: unknown[]) => Promise<unknown>;
      const { channel } = (document.querySelector('musc-app') as unknown as { panel: { channel: { call: Call } } })
        .panel;
      const real = channel.call.bind(channel);
      channel.call = (method, ...rest) => (method === 'otherMaps' ? new Promise(() => {}) : real(method, ...rest));
    });
    await compare();
    await eventually(notes).toEqual(['Loading …']);
    expect(await titles()).toHaveLength(2);
    await page.close();
    await open({ scenario: { unread: 51 } });
    await compare();
    await eventually(notes).toEqual(['No heatmap', 'No heatmap']);
  });
});

describe('the images of two runs', () => {
  const rows = () => images().locator('tbody tr');

  it('are listed in steps, with how many there are', async () => {
    await open({ scenario: { images: 300 } });
    await compare();
    await images().getByRole('button', { name: 'Largest rank changes' }).click();
    await eventually(() => rows().count()).toBe(100);
    expect(await images().getByText('among the images in both runs').count()).toBe(1);
    expect(await images().getByText('100 of 299 images').count()).toBe(1);
    await images().getByRole('button', { name: 'Show 100 more' }).click();
    await eventually(() => rows().count()).toBe(200);
    await images().getByRole('button', { name: 'Show 99 more' }).click();
    await eventually(() => rows().count()).toBe(299);
    expect(await images().getByRole('button', { name: /^Show/ }).count()).toBe(0);
  });

  it('tell how far each has moved, those that moved most first', async () => {
    await open();
    await compare();
    await images().getByRole('button', { name: 'Largest rank changes' }).click();
    const cells = await rows().evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    expect(cells).toHaveLength(50);
    const changes = cells.map(([, , , change]) => {
      expect(change).toMatch(/^(0|[+−]\d+)$/);
      return Number(change?.replace('−', '-'));
    });
    expect(changes.map(Math.abs)).toEqual(changes.map(Math.abs).sort((a, b) => b - a));
    expect(Math.abs(changes[0])).toBeGreaterThan(1);
    // one image is only here: ranks below its own are one more here
    for (const [i, [, here, there]] of cells.entries())
      expect([0, -1]).toContain(Number(there) - Number(here) - changes[i]);
  });

  it('that crossed the threshold follow it, and are all listed where they are few', async () => {
    await open();
    await compare();
    const option = images().getByRole('button', { name: /^Crossed the threshold/ });
    const value = page.getByLabel('Threshold value');
    const counts = new Set<number>();
    const { run } = snapshotOf(scenario());
    const scores = run.images.map((image) => image.score).sort((a, b) => b - a);
    for (const threshold of [scores[5] - 1e-4, scores[20] - 1e-4]) {
      await value.fill(threshold.toFixed(4));
      await page.keyboard.press('Enter');
      await eventually(async () => Number((await option.textContent())?.match(/\d+/)?.[0])).toBe(await rows().count());
      const flagged = await rows().locator('td:last-child').allTextContents();
      expect(flagged.every((text) => /^only (here|there)$/.test(text))).toBe(true);
      counts.add(flagged.length);
    }
    expect(counts.size).toBe(2);
  });
});

it('a step of the threshold renders nothing that does not follow it', async () => {
  await open();
  const rendered = (pane: string, names: readonly string[]) =>
    page.evaluate(
      async ({ pane, names }) => {
        interface Inner extends Element {
          panel: { setThreshold(rule: { kind: 'manual'; value: number }): void };
          performUpdate(): void;
        }
        const app = document.querySelector('musc-app') as Inner;
        const root = app.shadowRoot?.querySelector('musc-side')?.shadowRoot?.querySelector(pane)?.shadowRoot;
        const seen: string[] = [];
        for (const element of names.flatMap((name) => [...(root?.querySelectorAll(name) ?? [])] as Inner[])) {
          const real = element.performUpdate.bind(element);
          element.performUpdate = () => {
            seen.push(element.localName);
            real();
          };
        }
        for (const value of [0.7, 0.8]) {
          app.panel.setThreshold({ kind: 'manual', value });
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }
        return seen;
      },
      { pane, names },
    );
  await compare();
  const shown = await rendered('musc-compare-pane', ['musc-compare-choice', 'musc-compare-images']);
  expect(shown).toEqual(['musc-compare-images', 'musc-compare-images']);
  await page.locator('#tab-metrics').click();
  await page.locator('musc-pixel-curves musc-curve').first().waitFor();
  expect(await rendered('musc-metrics-pane', ['musc-pixel-curves', 'musc-type-table'])).toEqual([
    'musc-type-table',
    'musc-type-table',
  ]);
});
