import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { callsOf, PanelBrowser, violationsOf, type OpenOptions } from './harness/browser';

let panel: PanelBrowser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());

async function open(options: OpenOptions = {}): Promise<Page> {
  page = await panel.open(options);
  page.on('pageerror', (e) => errors.push(e.message));
  return page;
}

/** Whatever a test does: nothing may break the content security policy or throw. */
afterEach(async () => {
  expect(await violationsOf(page)).toEqual([]);
  expect(errors.splice(0)).toEqual([]);
  await page.close();
});

/** Patience for a busy machine: nothing here is about speed. */
const PATIENCE = 30_000;
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: PATIENCE, interval: 100 });

const grid = () => page.locator('musc-grid .scroll');
const cell = (n: number) => page.locator('musc-grid .cell').nth(n);
const current = () => page.locator('musc-grid .cell.current');
const chip = (name: string) => page.locator('musc-filters .chip', { hasText: name });
const press = (key: string) => page.keyboard.press(key);
/** What an element renders itself. */
const shadowText = (name: string) => page.locator(name).evaluate((e) => e.shadowRoot?.textContent ?? '');
const nameOfCurrent = () => current().getAttribute('aria-label');
/** What is asked of a patch needs the map of its picture. */
const heatIsThere = () => page.locator('musc-stage .legend .contour').waitFor({ timeout: PATIENCE });

/**
 * The heat of a row: the share of each picture that it covers, the number of hot pixels between pictures, how far (px) its
 * edges are from the first and the last picture's.
 */
const heatOfRow = (row: number) =>
  page.locator(`.row[aria-rowindex="${row + 1}"]`).evaluate((element) => {
    const pictures = [...element.querySelectorAll('musc-card')].map(
      (card) => card.shadowRoot?.querySelector('.picture')?.getBoundingClientRect() ?? new DOMRect(),
    );
    const canvas = element.querySelector('musc-row-marks')?.shadowRoot?.querySelector('canvas');
    const { width, height } = canvas ?? { width: 0, height: 0 };
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    if (canvas) copy?.drawImage(canvas, 0, 0);
    const data = copy?.getImageData(0, 0, width, height).data ?? [];
    const box = canvas?.getBoundingClientRect() ?? new DOMRect();
    const hot = pictures.map(() => 0);
    let between = 0;
    for (let i = 0; i < width * height; i++) {
      if (data[i * 4 + 3] === 0) continue;
      const x = box.left + (((i % width) + 0.5) / width) * box.width;
      const at = pictures.findIndex((p) => x >= p.left && x <= p.right);
      if (at < 0) between++;
      else hot[at]++;
    }
    const perPixel = (width * height) / (box.width * box.height);
    return {
      shares: hot.map((n, i) => n / (pictures[i].width * pictures[i].height * perPixel)),
      between,
      left: box.left - pictures[0].left,
      right: box.right - pictures[pictures.length - 1].right,
    };
  });

describe('grid', () => {
  it('has one tab stop; arrows, Home and End move the active cell, which is announced', async () => {
    await open();
    await grid().focus();
    await eventually(nameOfCurrent).toMatch(/(^| )1 \S+ \d\.\d{3},/);
    await press('ArrowRight');
    await eventually(nameOfCurrent).toMatch(/(^| )2 \S+ \d\.\d{3},/);
    await press('End');
    await eventually(nameOfCurrent).toMatch(/(^| )51 \S+ \d\.\d{3},/);
    const active = await grid().getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await press('Home');
    await eventually(nameOfCurrent).toMatch(/(^| )1 \S+ \d\.\d{3},/);
    expect(await page.locator('musc-grid [tabindex="0"]').count()).toBe(1);
  });

  it('selects with Shift and Ctrl, and labels the selection', async () => {
    await open({ scenario: { labels: false } });
    await cell(0).click();
    await cell(3).click({ modifiers: ['Shift'] });
    await cell(5).click({ modifiers: ['Control'] });
    expect(await page.locator('musc-grid .cell.selected').count()).toBe(5);
    await press('2');
    const [call] = (await callsOf(page, 'editLabels')) as { changes: { label: string }[] }[];
    expect(call.changes.map((c) => c.label)).toEqual(Array(5).fill('defect'));
    await eventually(() => page.locator('musc-row-marks .badge', { hasText: 'Defect' }).count()).toBe(5);
  });

  it('leaves Ctrl and Page Up or Down, and the tabs Alt or Ctrl and arrows, to the editor', async () => {
    await open();
    await page.evaluate(() => {
      const left: string[] = [];
      Object.assign(window, { left });
      addEventListener('keydown', (e) => /^Page|^Arrow/.test(e.key) && !e.defaultPrevented && left.push(e.key));
    });
    await grid().focus();
    await press('Home');
    const before = await grid().getAttribute('aria-activedescendant');
    for (const key of ['Control+PageDown', 'Control+PageUp', 'Meta+PageDown']) await press(key);
    expect(await grid().getAttribute('aria-activedescendant')).toBe(before);
    await page.locator('#tab-image').focus();
    for (const key of ['Alt+ArrowRight', 'Control+ArrowRight']) await press(key);
    expect(await page.locator('#tab-image').getAttribute('aria-selected')).toBe('true');
    expect(await page.evaluate(() => (window as unknown as { left: string[] }).left)).toEqual([
      'PageDown',
      'PageUp',
      'PageDown',
      'ArrowRight',
      'ArrowRight',
    ]);
    await press('ArrowRight');
    await eventually(() => page.locator('#tab-metrics').getAttribute('aria-selected')).toBe('true');
    await grid().focus();
    await press('PageDown');
    await eventually(() => grid().getAttribute('aria-activedescendant')).not.toBe(before);
  });

  it('selects single images by the keyboard: Ctrl and arrows go there, Space takes them in and out', async () => {
    await open({ scenario: { labels: false } });
    const selected = () =>
      page.locator('musc-grid .cell.selected').evaluateAll((cells) => cells.map((c) => Number(c.dataset.rank)));
    const active = async () => {
      const id = await grid().getAttribute('aria-activedescendant');
      return Number(await page.locator(`#${id}`).getAttribute('data-rank'));
    };
    const ringed = () => page.locator('musc-grid .cell.active').getAttribute('data-rank');
    await grid().focus();
    await press('Home');
    await press('Control+ArrowRight');
    await press('Control+ArrowRight');
    await eventually(active).toBe(3);
    expect(await ringed()).toBe('3');
    expect(await selected()).toEqual([1]);
    expect(await current().getAttribute('data-rank')).toBe('1');
    await press('Control+Space');
    await eventually(selected).toEqual([1, 3]);
    await press('Control+ArrowRight');
    await press('Control+ArrowRight');
    await press('Space');
    await eventually(selected).toEqual([1, 3, 5]);
    await press('Control+ArrowLeft');
    await press('Control+ArrowLeft');
    for (let held = 0; held < 3; held++) await page.keyboard.down('Space'); // out again, once; the ring stays where it is
    await page.keyboard.up('Space');
    await eventually(selected).toEqual([1, 5]);
    expect(await active()).toBe(3);
    await press('1');
    const [call] = (await callsOf(page, 'editLabels')) as { changes: unknown[] }[];
    expect(call.changes.length).toBe(2);
    await press('ArrowRight'); // from where the ring is
    await eventually(selected).toEqual([4]);
    await press('Control+End');
    await eventually(active).toBe(51);
    await press('Enter');
    await eventually(selected).toEqual([51]);
  });

  it('lays heat on the pictures it belongs to, and nothing on calm ones', async () => {
    await open();
    await eventually(async () => (await heatOfRow(0)).shares.every((share) => share > 0.001)).toBe(true);
    const { shares, between, left, right } = await heatOfRow(0);
    expect(shares.length).toBe(Number(await grid().getAttribute('aria-colcount')));
    expect(Math.max(...shares)).toBeLessThan(0.4);
    expect(between).toBe(0);
    expect(Math.max(Math.abs(left), Math.abs(right))).toBeLessThan(0.1);
    await grid().focus();
    await press('End');
    await page.getByRole('button', { name: 'Reverse the order' }).click();
    await eventually(() => page.locator('.row[aria-rowindex="1"] musc-row-marks canvas').isVisible()).toBe(false);
  });

  it('has few layers to put together at every frame', async () => {
    await open({ scenario: { images: 10_000 } });
    await page.locator('musc-card img').first().waitFor();
    await eventually(() => page.locator('musc-row-marks canvas:visible').count()).toBeGreaterThan(3);
    const session = await page.context().newCDPSession(page);
    let layers = 0;
    session.on('LayerTree.layerTreeDidChange', (event) => (layers = event.layers?.length ?? layers));
    await session.send('DOM.enable');
    await session.send('LayerTree.enable');
    const rows = await page.locator('musc-row').count();
    await grid().evaluate((e) => e.scrollBy(0, 100));
    await eventually(() => layers).toBeGreaterThan(rows);
    expect(layers).toBeLessThan(20 + 6 * rows);
  });

  it('shows the threshold on every bar, in one place', async () => {
    await open();
    await page.locator('musc-row-marks .tick').first().waitFor();
    const places = await page.evaluate(() => {
      const inner = document.querySelector('musc-app')?.shadowRoot?.querySelector('musc-grid')?.shadowRoot;
      return [...(inner?.querySelectorAll('musc-row') ?? [])].flatMap((row) => {
        const ticks = [...(row.querySelector('musc-row-marks')?.shadowRoot?.querySelectorAll('.tick') ?? [])];
        return [...row.querySelectorAll('musc-card')].map((card, column) => {
          const bar = card.shadowRoot?.querySelector('.bar')?.getBoundingClientRect() ?? new DOMRect();
          const tick = ticks[column].getBoundingClientRect();
          return [(tick.left - bar.left) / bar.width, tick.top - bar.top, tick.bottom - bar.bottom];
        });
      });
    });
    const [low, high] = await page
      .locator('musc-histogram')
      .evaluate((e) => [...(e.shadowRoot?.textContent ?? '').matchAll(/\d\.\d{3}/g)].map(Number).sort((a, b) => a - b))
      .then((values) => [values[0], values[values.length - 1]]);
    const value = Number(await page.getByLabel('Threshold value').inputValue());
    expect(places.length).toBeGreaterThan(12);
    for (const [share, above, below] of places) {
      expect(share).toBeCloseTo((value - low) / (high - low), 1);
      expect([above, below]).toEqual([-2, 2]);
    }
  });

  it('keeps the current image in sight through sorts, sizes and filters, else starts at the top', async () => {
    await open({ scenario: { images: 2000 } });
    const top = () => grid().evaluate((e) => e.scrollTop);
    const inSight = () =>
      current().evaluate((e) => {
        const [cell, sight] = [e, e.closest('.scroll')].map((x) => x?.getBoundingClientRect() ?? new DOMRect());
        return cell.top >= sight.top && cell.bottom <= sight.bottom + 1;
      });
    await cell(0).click();
    await grid().evaluate((e) => (e.scrollTop = 9000));
    await eventually(top).toBe(9000);
    await page.getByRole('button', { name: 'Reverse the order' }).click();
    await eventually(inSight).toBe(true);
    await eventually(top).toBeGreaterThan(9000);
    await page.getByRole('button', { name: 'Large pictures' }).click();
    await eventually(inSight).toBe(true);
    await page.locator('musc-filters input[type=search]').fill('test/');
    await eventually(inSight).toBe(true);
    const left = await top();
    await page.waitForTimeout(900);
    await page.reload();
    await eventually(top).toBe(left);
    await page.locator('musc-filters input[type=search]').fill('no such picture');
    await eventually(top).toBe(0);
  });

  it('keeps the images in sight when the window has room for other columns, also after a reload', async () => {
    await open({ scenario: { images: 2000 }, width: 1440, height: 900 });
    await grid().evaluate((e) => (e.scrollTop = 9000));
    const seen = () =>
      page.evaluate(() => {
        const scroll = document
          .querySelector('musc-app')
          ?.shadowRoot?.querySelector('musc-grid')
          ?.shadowRoot?.querySelector('.scroll');
        const sight = scroll?.getBoundingClientRect() ?? new DOMRect();
        const rows = [...(scroll?.querySelectorAll('musc-row') ?? [])];
        return rows
          .flatMap((row) => [...(row.shadowRoot ?? row).querySelectorAll('[data-image]')])
          .filter((cell) => cell.getBoundingClientRect().bottom > sight.top + 20)
          .filter((cell) => cell.getBoundingClientRect().top < sight.bottom - 20)
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((cell) => Number((cell as HTMLElement).dataset.image));
      });
    await page.locator('musc-grid [data-rank="1"]').waitFor({ state: 'detached' });
    await page.waitForTimeout(900);
    const [image] = await seen();
    for (const width of [1000, 1700, 820]) {
      await page.setViewportSize({ width, height: 900 });
      await eventually(seen).toContain(image);
      await page.waitForTimeout(900); // the place is remembered
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.reload();
    await eventually(seen).toContain(image);
  });

  it('shows where the focus is when the current cell is out of sight', async () => {
    await open({ scenario: { images: 2000 } });
    const ring = () => grid().evaluate((e) => getComputedStyle(e).outlineStyle);
    await grid().focus();
    await press('ArrowRight');
    await eventually(nameOfCurrent).toMatch(/(^| )2 /);
    expect(await ring()).toBe('none');
    await grid().evaluate((e) => (e.scrollTop = 9000));
    await eventually(ring).toBe('solid');
    await press('ArrowRight');
    await eventually(ring).toBe('none');
  });

  it('draws a few dozen of 10,000 images, wherever it is scrolled to', async () => {
    await open({ scenario: { images: 10_000 } });
    await cell(0).waitFor();
    const few = await page.locator('musc-grid .cell').count();
    expect(few).toBeLessThan(100);
    await grid().focus();
    await press('End');
    await eventually(nameOfCurrent).toMatch(/(^| )10000 \S+ \d\.\d{3},/);
    expect(await page.locator('musc-grid .cell').count()).toBeLessThanOrEqual(few);
  });
});

describe('filter', () => {
  it('counts, filters, says how many are left, and survives a reload', async () => {
    await open();
    await page.locator('musc-filters input[type=search]').fill('hole');
    const expected = Number((await chip('All').textContent())?.replace(/\D/g, ''));
    await eventually(() => page.locator('musc-grid .cell').count()).toBe(expected);
    expect(await page.locator('musc-notice .said').textContent()).toBe(`${expected} of 51 images`);
    await page.waitForTimeout(600);
    await page.reload();
    await eventually(() => page.locator('musc-filters input[type=search]').inputValue()).toBe('hole');
    await eventually(() => page.locator('musc-grid .cell').count()).toBe(expected);
  });

  it('menus show what is active, also after one was picked from', async () => {
    await open();
    const more = page.getByLabel('More filters');
    await more.selectOption('truthDefect');
    await eventually(() => more.inputValue()).toBe('truthDefect');
    await chip('All').click();
    await eventually(() => more.inputValue()).toBe('all');
    const rule = page.locator('musc-threshold select');
    await rule.selectOption('zeroMissed');
    await page.locator('musc-histogram .handle').focus();
    await press('ArrowLeft');
    await eventually(() => rule.inputValue()).toBe('manual');
    const arrangement = page.locator('musc-heat-tools select[aria-label=Arrangement]');
    await arrangement.selectOption('swipe');
    await grid().focus();
    await press('v');
    await eventually(() => arrangement.inputValue()).not.toBe('swipe');
  });

  it('shows the way back when nothing is left', async () => {
    await open();
    await page.locator('musc-filters input[type=search]').fill('no such picture');
    await page.getByRole('button', { name: 'Show all images' }).click();
    expect(await page.locator('musc-grid .cell').count()).toBeGreaterThan(12);
  });
});

describe('threshold', () => {
  it('follows dragging and keys; counts and matrix follow it', async () => {
    await open();
    const histogram = page.locator('musc-histogram');
    const box = await histogram.boundingBox();
    if (!box) throw new Error('no histogram');
    const counts = async () => (await page.locator('musc-confusion b').allTextContents()).map(Number);
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x - 4, box.y + 10, { steps: 4 });
    await eventually(async () => (await counts()).filter((_, i) => i % 2 === 1)).toEqual([0, 0]);
    const [hit, , alarms] = await counts();
    expect(hit + alarms).toBe(51);
    await page.mouse.up();
    await page.locator('musc-histogram .handle').focus();
    await press('End');
    await eventually(counts).toEqual([0, hit, 0, alarms]);
    expect(await chip('Above threshold').textContent()).toMatch(/ 0\s*$/);
  });

  it('renders only what follows it, and of the rows those with an image that it passes', async () => {
    await open({ scenario: { images: 400 } });
    await eventually(() => page.locator('musc-grid .cell').count()).toBeGreaterThan(12);
    const rendered = await page.evaluate(async () => {
      interface Inner extends Element {
        panel: { setThreshold(rule: { kind: 'manual'; value: number }): void };
        images: Int32Array;
        performUpdate(): void;
      }
      const app = document.querySelector('musc-app') as Inner;
      const rows = [
        ...(app.shadowRoot?.querySelector('musc-grid')?.shadowRoot?.querySelectorAll('musc-row') ?? []),
      ] as Inner[];
      const other = [...(app.shadowRoot?.querySelectorAll('musc-head, musc-histogram') ?? [])] as Inner[];
      const rowOf = (image: number) => rows.find((row) => row.images.includes(image));
      const score = (image: number) =>
        rowOf(image)?.querySelector<Element & { score: number }>(`[data-image="${image}"] musc-card`)?.score ?? 0;
      const shown = rows.flatMap((row) => [...row.images]).sort((a, b) => score(b) - score(a));
      const steps = (value: number) => {
        app.panel.setThreshold({ kind: 'manual', value });
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      };
      await steps((score(shown[0]) + score(shown[1])) / 2); // only the first lies above
      const seen: string[] = [];
      for (const element of [...rows, ...other]) {
        const real = element.performUpdate.bind(element);
        element.performUpdate = () => {
          seen.push(element.localName === 'musc-row' ? `row of ${element.images[0]}` : element.localName);
          real();
        };
      }
      await steps((score(shown[0]) + 3 * score(shown[1])) / 4); // passes nothing
      const before = seen.splice(0);
      await steps((score(shown[1]) + score(shown[2])) / 2); // passes the second
      const ticks = rows.map((row) => {
        const tick = row.querySelector('musc-row-marks')?.shadowRoot?.querySelector('.tick');
        return (tick?.getBoundingClientRect().x ?? NaN) - row.getBoundingClientRect().x;
      });
      return { before, after: seen, row: `row of ${rowOf(shown[1])?.images[0]}`, ticks };
    });
    expect(new Set(rendered.ticks).size).toBe(1);
    // On a slow machine the drag has its rest meanwhile, and the histogram is told of it once more.
    expect(new Set(rendered.before)).toEqual(new Set(['musc-histogram']));
    expect(new Set(rendered.after)).toEqual(new Set(['musc-histogram', rendered.row]));
  });

  it('reads the counts of the histogram under the pointer and by the keyboard', async () => {
    await open();
    const histogram = page.locator('musc-histogram');
    const note = histogram.locator('.bin');
    const chart = histogram.locator('svg');
    const value = () => page.getByLabel('Threshold value').inputValue();
    const before = await value();
    expect(await note.count()).toBe(0);
    await chart.focus();
    await press('Home');
    await eventually(() => note.textContent()).toMatch(/^\d\.\d{3} – \d\.\d{3}: \d+ good, \d+ defect$/);
    const bins = Number(await chart.getAttribute('aria-valuemax'));
    let images = 0;
    for (let bin = 1; bin <= bins; bin++) {
      await eventually(() => chart.getAttribute('aria-valuenow')).toBe(String(bin));
      const text = (await chart.getAttribute('aria-valuetext')) ?? '';
      for (const [, count] of text.matchAll(/(\d+) (?:good|defect|unknown)/g)) images += Number(count);
      await press('ArrowRight');
    }
    expect(images).toBe(51);
    expect(await histogram.locator('.read').count()).toBe(1);
    expect(await value()).toBe(before);
    const box = await histogram.boundingBox();
    if (!box) throw new Error('no histogram');
    const byKey = await note.textContent();
    await page.mouse.move(box.x + 3, box.y + 10);
    await eventually(() => note.textContent()).not.toBe(byKey);
    await page.mouse.move(box.x + 3, box.y - 60);
    await eventually(() => note.textContent()).toBe(byKey);
    await press('Tab'); // to the threshold, which reads the bin it lies in
    const last = await note.textContent();
    await press('Home');
    await eventually(() => note.textContent()).not.toBe(last);
    expect(await value()).not.toBe(before);
    await press('Tab');
    await eventually(() => note.count()).toBe(0);
  });

  it('names the classes whose bars it shows; what is read takes their place, and nothing moves', async () => {
    await open({ scenario: { truth: false } });
    const histogram = () => page.locator('musc-histogram');
    const names = () => histogram().locator('.legend span').allTextContents();
    await eventually(names).toEqual(['good', 'defect', 'unknown']);
    const places = () =>
      histogram().evaluate((element) =>
        [element, ...(element.shadowRoot?.querySelectorAll('svg, .good, .defect, .handle, .ends') ?? [])]
          .filter((part) => !part.closest('.legend'))
          .map((part) => JSON.stringify(part.getBoundingClientRect())),
      );
    const before = await places();
    await histogram()
      .locator('svg')
      .hover({ position: { x: 12, y: 30 } });
    await eventually(() => histogram().locator('.bin').count()).toBe(1);
    expect(await names()).toEqual([]);
    expect(await places()).toEqual(before);
    await page.close();
    await open({ scenario: { labels: false, truth: false } });
    await eventually(names).toEqual(['unknown']);
  });

  it('stays where it is when a drag from elsewhere passes, and when a field is cleared', async () => {
    await open();
    const box = await page.locator('musc-histogram').boundingBox();
    if (!box) throw new Error('no histogram');
    const value = () => page.getByLabel('Threshold value').inputValue();
    const before = await value();
    await page.mouse.move(box.x + box.width / 2, box.y - 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 4, box.y + 20, { steps: 4 });
    await page.mouse.up();
    expect(await value()).toBe(before);
    await page.getByLabel('Threshold value').fill('');
    await press('Tab');
    await eventually(value).toBe(before);
    await page.locator('musc-threshold select').selectOption('falseAlarms');
    const rate = page.getByLabel('False alarms, percent of good images');
    await rate.fill('');
    await press('Tab');
    await eventually(() => rate.inputValue()).toBe('5');
  });

  it('filters by the sides of the threshold where nothing is known', async () => {
    await open({ scenario: { truth: false, labels: false } });
    const below = page.locator('musc-confusion button', { hasText: 'below' });
    await below.click();
    const count = Number(await below.locator('b').textContent());
    await eventually(() => grid().getAttribute('aria-label')).toBe(`Images, ${count} of 51`);
    expect(await below.getAttribute('aria-pressed')).toBe('true');
  });

  it('a cell of the matrix filters the grid', async () => {
    await open();
    await page.locator('musc-confusion button', { hasText: 'passed' }).click();
    const passed = Number(
      await page.locator('musc-confusion button', { hasText: 'passed' }).locator('b').textContent(),
    );
    const label = await grid().getAttribute('aria-label');
    expect(label).toBe(`Images, ${passed} of 51`);
  });
});

describe('image', () => {
  it('explains a patch by its nearest neighbours, shown as crops', async () => {
    await open();
    await heatIsThere();
    await press('w');
    await eventually(() => page.locator('musc-why musc-crop').count()).toBe(5);
    expect(await page.locator('musc-why p').textContent()).toMatch(/looks? like/);
    const whole = page.locator('musc-why .whole');
    expect(await whole.isVisible()).toBe(false);
    await page.locator('musc-why li button').nth(1).hover();
    await eventually(() => whole.isVisible()).toBe(true);
    expect(await whole.textContent()).toMatch(/patch \d+, \d+/);
    await page.mouse.move(5, 5);
    await eventually(() => whole.isVisible()).toBe(false);
  });

  it('zooms to the cursor, fits, shows 1:1, and reads values under the cursor', async () => {
    await open();
    const box = await page.locator('musc-stage').boundingBox();
    if (!box) throw new Error('no stage');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect
      .poll(() => page.locator('musc-stage .readout').textContent())
      .toMatch(/x \d+ y \d+ · \d\.\d{3} · patch/);
    const zoom = async () => parseInt((await page.locator('musc-stage .zoom').textContent()) ?? '', 10);
    const fitted = await zoom();
    await page.mouse.wheel(0, -500);
    await eventually(zoom).toBeGreaterThan(fitted);
    await press('z');
    await eventually(zoom).toBe(100);
    await press('f');
    await eventually(zoom).toBe(fitted);
  });

  it('reads the patch chosen by keys, in sight and to a screen reader, while the pointer is away', async () => {
    await open();
    await heatIsThere();
    const readout = () => page.locator('musc-stage .readout').textContent();
    const row = async () => Number(/patch (\d+),/.exec((await readout()) ?? '')?.[1]);
    expect(await page.locator('musc-stage .readout').count()).toBe(0);
    await press('i');
    await eventually(readout).toMatch(/^x \d+ y \d+ · \d\.\d{3} · patch \d+, \d+$/);
    const before = await row();
    await press(before > 0 ? 'i' : 'k');
    await eventually(row).toBe(before > 0 ? before - 1 : before + 1);
    const text = await readout();
    expect(await page.locator('musc-stage canvas').first().getAttribute('aria-label')).toContain(`Chosen: ${text}`);
    await page.locator('musc-stage').hover();
    await eventually(readout).not.toBe(text);
    await page.mouse.move(5, 5);
    await eventually(readout).toBe(text);
  });

  it('blinks by hand wherever the focus is, once for one press', async () => {
    await open({ reducedMotion: true });
    await page.getByLabel('Arrangement').selectOption('blink');
    await grid().focus();
    const shown = () => page.locator('musc-stage').evaluate((e) => (e as unknown as { blinkOn: boolean }).blinkOn);
    expect(await shown()).toBe(true);
    await page.keyboard.down('b');
    await page.keyboard.down('b');
    await page.keyboard.up('b');
    await eventually(shown).toBe(false);
    await press('b');
    await eventually(shown).toBe(true);
  });

  it('leaves arrows to the slider that has the focus, not letters', async () => {
    await open();
    const before = await nameOfCurrent();
    const opacity = page.getByLabel('Heatmap opacity, percent');
    await opacity.focus();
    const value = Number(await opacity.inputValue());
    await press('ArrowLeft');
    await eventually(async () => Number(await opacity.inputValue())).toBe(value - 1);
    expect(await nameOfCurrent()).toBe(before);
    await press('[');
    await eventually(async () => Number(await opacity.inputValue())).toBeLessThan(value - 5);
  });

  it('opens the picture that is shown, not the first that is selected', async () => {
    await open();
    const images = page.locator('musc-grid .cell');
    await images.nth(0).click();
    await images.nth(3).click({ modifiers: ['Shift'] });
    const shown = Number(await images.nth(3).getAttribute('data-image'));
    await page.getByRole('button', { name: 'Open the picture' }).click();
    await page.getByRole('button', { name: 'Show in the explorer' }).click();
    expect(await callsOf(page, 'command')).toEqual(
      ['openPicture', 'revealInExplorer'].map((name) => ({ name, images: [shown] })),
    );
  });

  it('goes on after a decision, and offers the next to review', async () => {
    await open({ scenario: { labels: false } });
    const before = await nameOfCurrent();
    await press('1');
    await eventually(nameOfCurrent).not.toBe(before);
    await press('n');
    expect(await page.locator('musc-notice .said').textContent()).toContain('good');
  });

  it('leaves undo to the editor: Ctrl+Z sends nothing', async () => {
    await open();
    await press('Control+z');
    expect(await callsOf(page, 'command')).toEqual([]);
  });

  it('undoes text in the field that is typed in, and the editor hears of it only elsewhere', async () => {
    await open();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      // As the editor listens.
      addEventListener('keydown', (e) => e.ctrlKey && e.key !== 'Control' && heard.push(e.key));
    });
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const name = page.getByLabel('Filter by name');
    await name.pressSequentially('00');
    await eventually(() => grid().getAttribute('aria-label')).not.toBe('Images, 51 of 51');
    await press('Control+z');
    await eventually(() => name.inputValue()).toBe('');
    await eventually(() => grid().getAttribute('aria-label')).toBe('Images, 51 of 51');
    await press('Control+y');
    await eventually(() => name.inputValue()).toBe('00');
    const value = page.getByLabel('Threshold value');
    const before = await value.inputValue();
    await value.press('End');
    await value.press('5');
    expect(await value.inputValue()).toBe(`${before}5`);
    await press('Control+z');
    await eventually(() => value.inputValue()).toBe(before);
    expect(await heard()).toEqual([]);
    await grid().focus();
    await press('Control+z');
    expect(await heard()).toEqual(['z']);
  });
});

describe('a narrow window', () => {
  it('brings the next to review to the front, which the grid may hide', async () => {
    await open({ width: 500, scenario: { labels: false } });
    await page.locator('musc-filters input[type=search]').fill('000');
    await eventually(() => grid().getAttribute('aria-label')).toBe('Images, 1 of 51');
    await grid().focus();
    await press('n');
    await eventually(() => page.locator('musc-image-pane').isVisible()).toBe(true);
    expect(await page.locator('musc-image-pane .title b').getAttribute('title')).not.toContain('000');
    await front('Images').click();
    await eventually(nameOfCurrent).toContain('000'); // what keys label is never out of sight
  });

  const front = (name: string) => page.locator('.switch button', { hasText: name });
  const isGridFocused = () => grid().evaluate((e) => (e.getRootNode() as ShadowRoot).activeElement === e);

  it('shows the grid where it was left, after other things were in front', async () => {
    await open({ width: 500 });
    const top = () => grid().evaluate((e) => e.scrollTop);
    await grid().evaluate((e) => e.scrollTo(0, 900));
    await eventually(async () =>
      Number(await page.locator('musc-row').first().getAttribute('aria-rowindex')),
    ).toBeGreaterThan(1);
    const before = await top();
    expect(before).toBeGreaterThan(500);
    for (const name of ['Details', 'Summary']) {
      await front(name).click();
      await eventually(() => grid().isVisible()).toBe(false);
      await page.waitForTimeout(400); // as long as it takes a place to count as final
      await front('Images').click();
      await eventually(() => grid().isVisible()).toBe(true);
      await eventually(top).toBe(before);
    }
  });

  it('brings the grid to the front, with the focus, where a filter is asked for', async () => {
    await open({ width: 500 });
    await front('Summary').click();
    await page.locator('musc-confusion button', { hasText: 'passed' }).click();
    await eventually(() => grid().isVisible()).toBe(true);
    await eventually(isGridFocused).toBe(true);
    expect(await grid().getAttribute('aria-label')).not.toBe('Images, 51 of 51');
    await front('Details').click();
    await page.locator('musc-side [role="tab"]', { hasText: 'Metrics' }).click();
    await page.locator('musc-type-table button', { hasText: 'crack' }).click();
    await eventually(() => grid().isVisible()).toBe(true);
    await eventually(isGridFocused).toBe(true);
    expect(await page.locator('musc-side').isVisible()).toBe(false);
  });
});

describe('states', () => {
  it('says why a run can not be shown', async () => {
    await open({ scenario: { kind: 'refused' } });
    expect(await page.locator('musc-refusal h1').textContent()).toContain('newer version');
  });

  it('shows stages, time left and pictures of a run that is being made', async () => {
    await open({ scenario: { kind: 'pending', job: 'running' } });
    await eventually(() => page.locator('musc-waiting img').count()).toBe(12);
    expect(await page.locator('musc-waiting h1').textContent()).toBe('hazelnut');
    expect(await page.locator('[aria-current=step]').getAttribute('aria-label')).toBe('Reading pictures: now');
    expect(await shadowText('musc-job-bar')).toContain('Reading pictures · 34 of 51 · 21 s left · test/good/021.png');
    expect(await page.getByRole('button', { name: 'Watch' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'cancel' }]);
  });

  it('shows how far a run is beside an older one, and the way to its pictures', async () => {
    await open({ scenario: { job: 'running' } });
    await page.getByRole('button', { name: 'Watch' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'watch' }]);
    expect(await grid().isVisible()).toBe(true);
  });

  it('stays to say how a run ended that gave no result', async () => {
    await open({ scenario: { kind: 'pending', job: 'failed' } });
    await eventually(() => page.locator('musc-job-bar [role=alert]').textContent()).toContain('DISK_FULL');
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'scoreAgain', resume: true }]);
  });

  it('offers to go on with a cancelled job from what it kept', async () => {
    await open({ scenario: { job: 'cancelled' } });
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'scoreAgain', resume: true }]);
  });

  it('names failures, skipped pictures, a fallback device, and moved pictures', async () => {
    await open({ scenario: { job: 'failed', missing: 3, fallback: true } });
    await eventually(() => page.locator('musc-job-bar [role=alert]').textContent()).toContain('DISK_FULL');
    expect(await page.locator('musc-head .device').textContent()).toContain('no adapter found');
    await page.locator('musc-head button', { hasText: '2 skipped' }).click();
    expect(await page.locator('musc-head .more').textContent()).toContain('the file ends early');
    await page.locator('musc-missing-bar vscode-button', { hasText: 'Find the folder' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'relink' }]);
  });

  it('says by which protocol a run was scored, and in how many subsets, where in several', async () => {
    await open({ scenario: { subsets: 4 } });
    expect(await shadowText('musc-head')).toContain('exact protocol · in 4 subsets');
    await page.close();
    await open({});
    expect(await shadowText('musc-head')).not.toContain('subsets');
  });

  it('says what is known of an empty run and of one without truth', async () => {
    await open({ scenario: { images: 0 } });
    expect(await shadowText('musc-nothing')).toContain('the file ends early');
    await page.close();
    await open({ scenario: { truth: false, labels: false } });
    expect(await page.locator('musc-threshold .how').textContent()).toContain('Otsu');
    expect(await shadowText('musc-confusion')).toContain('need labels or truth');
  });
});

describe('compare', () => {
  it('shows metric differences, rank changes and both maps', async () => {
    await open();
    await page.locator('#tab-compare').click();
    await page.locator('musc-compare-pane select').selectOption('run-2');
    await eventually(() => page.locator('musc-compare-pane table').first().textContent()).toContain('+2.8');
    expect(await shadowText('musc-compare-images')).toContain('1 only here');
    expect(await shadowText('musc-compare-images')).toMatch(/same rule, by the ground truth: where F1 is largest/);
    await eventually(async () => (await callsOf(page, 'otherMaps')).length).toBeGreaterThan(0);
  });

  it('measures both runs against labels where the panel does', async () => {
    await open({ scenario: { truth: false } });
    await page.locator('#tab-compare').click();
    await page.locator('musc-compare-pane select').selectOption('run-2');
    const table = () => page.locator('musc-compare-pane table').first().textContent();
    await eventually(table).toContain('Image AUROC, against labels');
    expect(await shadowText('musc-compare-images')).toContain('by reviewers’ labels');
  });
});

it('labels that can not be edited are not imported either', async () => {
  await open({ scenario: { editable: false } });
  await page.locator('#tab-review').click();
  const button = (name: RegExp) => page.locator('musc-review-pane').getByRole('button', { name });
  await eventually(() => button(/^Import labels/).isDisabled()).toBe(true);
  expect(await button(/^Export labels/).isDisabled()).toBe(false);
});

describe('lists of images', () => {
  it('load their pictures again when a snapshot has emptied what was loaded', async () => {
    await open();
    await page.locator('#tab-review').click();
    const pictures = () => page.locator('musc-small-picture img').count();
    await eventually(pictures).toBeGreaterThan(0);
    const before = await pictures();
    await page.evaluate(() => {
      const app = document.querySelector('musc-app') as unknown as {
        panel: { derived: { snapshot: { run: { id: string } } } };
      };
      const { snapshot } = app.panel.derived;
      const again = { ...snapshot, run: { ...snapshot.run, id: 'another' } };
      (window as unknown as { fakeHost: { send(message: unknown): void } }).fakeHost.send({
        event: 'snapshot',
        snapshot: again,
      });
    });
    await page.waitForTimeout(300);
    await eventually(pictures).toBe(before);
  });

  it('mark a score in doubt by more than a colour', async () => {
    await open({ forcedColors: true });
    await page.locator('musc-histogram .handle').focus();
    await press('Home'); // everything is flagged: the good images' scores contradict what is known of them
    await grid().focus();
    await press('End');
    await page.getByRole('button', { name: 'Reverse the order' }).click();
    const doubts = page.locator('musc-card .doubt.score');
    await eventually(() => doubts.count()).toBeGreaterThan(0);
    expect(await doubts.first().evaluate((e) => getComputedStyle(e).textDecorationStyle)).toBe('dotted');
    expect(await doubts.first().evaluate((e) => getComputedStyle(e).textDecorationLine)).toBe('underline');
  });
});
