import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { colour, type Colormap } from '../../../extension/protocol/colormap';
import { peakOf, patchCentre, sampleAt } from '../../../webview/model/sample';
import { PanelBrowser, violationsOf, type OpenOptions } from './harness/browser';
import { DEFAULT_SCENARIO, defectOf, GRID, mapOf, maskOf, runOf, snapshotOf } from './harness/scenario';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 30_000, interval: 100 });

type Rgb = readonly number[];
/** A place in the picture, as fractions of its sides. */
type Place = readonly [u: number, v: number];

/** Pixels by row, four bytes each. */
class Pixels {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly data: Uint8Array,
  ) {}

  at(x: number, y: number): number[] {
    const from = (Math.round(y) * this.width + Math.round(x)) * 4;
    return [...this.data.subarray(from, from + 4)];
  }

  /** The mean colour around a pixel. */
  mean(x: number, y: number, reach: number): number[] {
    const sum = [0, 0, 0];
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) this.at(x + dx, y + dy).forEach((c, i) => i < 3 && (sum[i] += c));
    return sum.map((c) => c / (2 * reach + 1) ** 2);
  }

  /** Where pixels are of a kind. */
  where(kind: (rgba: readonly number[]) => boolean): [x: number, y: number][] {
    const found: [number, number][] = [];
    for (let y = 0; y < this.height; y++)
      for (let x = 0; x < this.width; x++) if (kind(this.at(x, y))) found.push([x, y]);
    return found;
  }
}

const { images } = runOf(DEFAULT_SCENARIO);
const TOTAL = images.length;
const SIDE = images[0].width;
const ranking = images.map((_, i) => i).sort((a, b) => images[b].score - images[a].score);
/** The first in the ranking, with a defect, which the panel opens with; and the last, without one. */
const [HOT, CALM] = [ranking[0], ranking[TOTAL - 1]];
const mapOfImage = (image: number) => ({ ...GRID, data: mapOf(image, TOTAL) });
/** Where an image's map is hottest. */
function peak(image: number): Place {
  const { row, column } = peakOf(mapOfImage(image));
  const { u, v } = patchCentre(GRID, row, column);
  return [u, v];
}
const [PEAK, CORNER]: Place[] = [peak(HOT), [0.06, 0.08]];
/** On the cloth, the nut and its shadow, all without heat. */
const QUIET: readonly Place[] = [CORNER, [0.93, 0.1], [0.4, 0.35], [0.75, 0.75], [0.1, 0.9]];

let panel: PanelBrowser;
let page: Page;
const errors: string[] = [];
/** The pictures that the host serves, by image. */
const served = new Map<number, Pixels>();

beforeAll(async () => {
  panel = await PanelBrowser.start();
  for (const image of [HOT, CALM]) {
    const answer = await fetch(`${new URL(panel.address()).origin}/picture/${TOTAL}/${SIDE}/${image}.jpg`);
    const data = await sharp(await answer.arrayBuffer())
      .ensureAlpha()
      .raw()
      .toBuffer();
    served.set(image, new Pixels(SIDE, SIDE, data));
  }
});
afterAll(async () => panel.close());
afterEach(async () => {
  expect(await violationsOf(page)).toEqual([]);
  expect(errors.splice(0)).toEqual([]);
  await page.close();
});

const press = (key: string) => page.keyboard.press(key);
const zoom = async () => parseInt((await page.locator('musc-stage .zoom').textContent()) ?? '', 10);
const arrange = (how: string) => page.getByLabel('Arrangement').selectOption(how);

/** What the stage shows: the pictures, or the lines over them. */
async function shot(layer: 'below' | 'above' = 'below'): Promise<Pixels> {
  const { width, height, text } = await page.locator(`musc-stage canvas.${layer}`).evaluate(async (canvas) => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const { width, height } = canvas as HTMLCanvasElement;
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy?.drawImage(canvas as HTMLCanvasElement, 0, 0);
    const bytes = copy?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { width, height, text: btoa(text) };
  });
  return new Pixels(width, height, Buffer.from(text, 'base64'));
}

/** Where the stage draws a place of the picture, px; `pane` 1 is the right one of two. */
function spot([u, v]: Place, pane: 0 | 1 = 0): Promise<[x: number, y: number]> {
  return page.locator('musc-stage').evaluate(
    (element, { u, v, pane, side }) => {
      const { view } = (element as unknown as { viewport: { view: { x: number; y: number; scale: number } } }).viewport;
      const gutter = 6;
      const shift = pane === 1 ? (element.clientWidth + gutter) / 2 : 0;
      return [view.x + shift + u * side * view.scale, view.y + v * side * view.scale];
    },
    { u, v, pane, side: SIDE },
  );
}

/** The colour that the stage shows at a place of the picture. */
async function seen(place: Place, pane: 0 | 1 = 0): Promise<number[]> {
  const [x, y] = await spot(place, pane);
  return (await shot()).mean(x, y, 3);
}

/** The picture's own colour there. */
async function bare(place: Place, image = HOT): Promise<number[]> {
  const scale = (await zoom()) / 100;
  return served.get(image)?.mean(place[0] * SIDE, place[1] * SIDE, Math.max(1, Math.round(3 / scale))) ?? [];
}

const apart = (a: Rgb, b: Rgb) => Math.max(...a.map((c, i) => Math.abs(c - b[i])));
/** How much of something else lies on the picture at a place: the largest difference of a channel. */
const over = async (place: Place, pane: 0 | 1 = 0, image = HOT) =>
  apart(await seen(place, pane), await bare(place, image));
/** The picture is resampled and its noise averaged: so far it may look from itself. */
const SAME = 14;
const mixed = (under: Rgb, above: Rgb, share: number) => under.map((c, i) => c * (1 - share) + above[i] * share);

/** A page with the hottest image shown, its picture, heat and mask there. */
async function open(options: OpenOptions = {}): Promise<void> {
  page = await panel.open(options);
  page.on('pageerror', (e) => errors.push(e.message));
  await page.locator('musc-stage canvas').first().waitFor();
  await eventually(() => over(CORNER)).toBeLessThan(SAME);
  await page.locator('musc-stage .legend .truth').waitFor();
}

/** The colour at the hottest patch on the whole run's scale, with nothing under it. */
function hottest(colormap: Colormap): number[] {
  const { median, max } = snapshotOf(DEFAULT_SCENARIO).mapRange ?? { median: 0, max: 1 };
  return colour(colormap, (peakOf(mapOfImage(HOT)).value - median) / (max - median)).map((c) => c * 255);
}

describe('heat', () => {
  it('lies on the picture where it is hot, as opaque as it is set, and H takes it away', async () => {
    await open();
    for (const place of QUIET) expect(await over(place), place.join()).toBeLessThan(SAME);
    const outside = await shot();
    expect(outside.at(2, outside.height / 2)[3]).toBe(0);
    const opacity = page.getByLabel('Heatmap opacity, percent');
    for (const percent of [80, 40, 100]) {
      await opacity.fill(String(percent));
      const wanted = mixed(await bare(PEAK), hottest('turbo'), percent / 100);
      expect(apart(await seen(PEAK), wanted), `${percent} %`).toBeLessThan(SAME);
    }
    await opacity.fill('0');
    expect(await over(PEAK)).toBeLessThan(SAME);
    await opacity.fill('80');
    await press('h');
    expect(await over(PEAK)).toBeLessThan(SAME);
    await press('h');
    expect(await over(PEAK)).toBeGreaterThan(60);
  });

  it('has the colours of the colormap', async () => {
    await open();
    for (const name of ['viridis', 'jet', 'grey', 'turbo'] as const) {
      await page.getByLabel('Colormap').selectOption(name);
      expect(apart(await seen(PEAK), mixed(await bare(PEAK), hottest(name), 0.8)), name).toBeLessThan(SAME);
    }
  });

  it('shows on a faultless picture only on its own scale, which says what it does', async () => {
    await open();
    await page.locator('musc-grid .scroll').focus();
    await press('End');
    const [hot, note] = [peak(CALM), page.locator('musc-heat-tools .why')];
    await eventually(() => over(CORNER, 0, CALM)).toBeLessThan(SAME);
    await eventually(() => over(hot, 0, CALM)).toBeLessThan(SAME);
    expect(await note.count()).toBe(0);
    await page.getByLabel('Colour scale').selectOption('picture');
    await eventually(() => over(hot, 0, CALM)).toBeGreaterThan(60);
    expect(await note.textContent()).toMatch(/even a faultless picture looks hot/);
    await page.getByLabel('Colour scale').selectOption('run');
    await eventually(() => over(hot, 0, CALM)).toBeLessThan(SAME);
    expect(await note.count()).toBe(0);
  });
});

describe('lines', () => {
  /** Places of the picture with line pixels of a kind. */
  const places = async (kind: (rgba: readonly number[]) => boolean) => {
    const [[x0, y0], [x1, y1]] = [await spot([0, 0]), await spot([1, 1])];
    return (await shot('above'))
      .where(kind)
      .map(([x, y]): Place => [(x + 0.5 - x0) / (x1 - x0), (y + 0.5 - y0) / (y1 - y0)]);
  };
  const red = ([r, g, b, a]: readonly number[]) => a > 200 && r > 180 && g < 120 && b < 120;
  const white = ([r, g, b, a]: readonly number[]) => a > 200 && Math.min(r, g, b) > 220;
  const cyan = ([r, g, b, a]: readonly number[]) => a > 200 && r < 60 && g > 220 && b > 220;

  it('go round what is above the threshold, until C takes them away', async () => {
    await open();
    const threshold = await page
      .locator('musc-app')
      .evaluate((e) => (e as unknown as { panel: { derived: { mapThreshold: number } } }).panel.derived.mapThreshold);
    const contour = await places(red);
    expect(contour.length).toBeGreaterThan(60);
    const map = mapOfImage(HOT);
    // A line is some pixels wide: it lies between what is 1 % of the picture further in and further out.
    for (const [u, v] of contour) {
      const around = [-0.01, 0, 0.01].flatMap((dv) => [-0.01, 0, 0.01].map((du) => sampleAt(map, u + du, v + dv)));
      expect([Math.min(...around) <= threshold, Math.max(...around) >= threshold]).toEqual([true, true]);
    }
    await press('c');
    expect(await places(red)).toEqual([]);
    await press('c');
    expect((await places(red)).length).toBe(contour.length);
  });

  it('go round the ground truth, until T takes them away; Shift+T fills it', async () => {
    await open();
    await press('c');
    await press('h');
    const mask = maskOf(HOT, TOTAL);
    if (!mask) throw new Error('no mask');
    const inside = ([u, v]: Place) => mask.data[Math.floor(v * mask.height) * mask.width + Math.floor(u * mask.width)];
    const outline = await places(white);
    expect(outline.length).toBeGreaterThan(60);
    for (const [u, v] of outline) {
      const around = [-0.01, 0, 0.01].flatMap((dv) => [-0.01, 0, 0.01].map((du) => inside([u + du, v + dv])));
      expect(new Set(around)).toEqual(new Set([0, 1]));
    }
    await press('t');
    expect(await places(white)).toEqual([]);
    const { u, v } = defectOf(HOT, TOTAL) ?? { u: 0, v: 0 };
    expect(await over([u, v])).toBeLessThan(SAME);
    await press('Shift+T');
    expect(apart(await seen([u, v]), mixed(await bare([u, v]), [255, 255, 255], 110 / 255))).toBeLessThan(SAME);
    for (const place of QUIET) expect(await over(place), place.join()).toBeLessThan(SAME);
    await press('Shift+T');
    expect(await over([u, v])).toBeLessThan(SAME);
    await press('t');
    expect((await places(white)).length).toBe(outline.length);
  });

  it('box the chosen patch', async () => {
    await open();
    const box = async () => {
      const found = await places(cyan);
      const [u, v] = [0, 1].map((i) => found.map((place) => place[i]));
      return [Math.min(...u), Math.min(...v), Math.max(...u), Math.max(...v)];
    };
    /** The area nearest to a patch, and half a line around it. */
    const around = ([u, v]: Place) => {
      const half = 0.5 / (GRID.width - 1);
      return [u - half, v - half, u + half, v + half];
    };
    const close = (a: readonly number[], b: readonly number[]) => apart(a, b) * SIDE < 3;
    expect(await places(cyan)).toEqual([]);
    await press('w');
    await eventually(async () => close(await box(), around(PEAK))).toBe(true);
    const other: Place = [10 / (GRID.width - 1), 6 / (GRID.height - 1)];
    const [x, y] = await spot(other);
    await page.locator('musc-stage').click({ position: { x, y } });
    await eventually(async () => close(await box(), around(other))).toBe(true);
  });
});

describe('comparing a picture with its heat', () => {
  it('side by side: bare on the left, hot on the right, in one view', async () => {
    await open();
    await arrange('side');
    const look = async () => {
      expect(await over(PEAK, 0)).toBeLessThan(SAME);
      expect(await over(PEAK, 1)).toBeGreaterThan(60);
    };
    await look();
    const [fitted, [x, y]] = [await zoom(), await spot(PEAK, 1)];
    await page.locator('musc-stage').hover({ position: { x, y } });
    await page.mouse.wheel(0, -500);
    await eventually(zoom).toBeGreaterThan(fitted * 1.5);
    await look();
    const before = await spot(PEAK);
    await press('Shift+ArrowLeft');
    await eventually(async () => (await spot(PEAK))[0]).toBeGreaterThan(before[0]);
    await look();
    const low: Place = [PEAK[0], PEAK[1] + 0.1]; // nothing of one pane's view is the other's
    expect(await over(low, 0)).toBeLessThan(SAME);
    await press('h');
    for (const pane of [0, 1] as const)
      for (const place of [PEAK, low]) expect(await over(place, pane)).toBeLessThan(SAME);
  });

  it('swipe: bare left of the divider, which the pointer and keys move', async () => {
    await open();
    await arrange('swipe');
    const [beside, width] = [0.02, await page.locator('musc-stage').evaluate((e) => e.clientWidth)];
    const [left, right]: Place[] = [
      [PEAK[0] - beside, PEAK[1]],
      [PEAK[0] + beside, PEAK[1]],
    ];
    const divider = page.getByRole('slider', { name: 'Divider between picture and heatmap' });
    const at = async () => Number(await divider.getAttribute('aria-valuenow'));
    const hot = async () => [(await over(left)) > 60, (await over(right)) > 60];
    const box = (await divider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const stage = (await page.locator('musc-stage').boundingBox()) ?? { x: 0 };
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(stage.x + (await spot(PEAK))[0], box.y + 20, { steps: 3 });
    await page.mouse.up();
    expect(Math.abs((await at()) - ((await spot(PEAK))[0] / width) * 100)).toBeLessThan(1.5);
    expect(await hot()).toEqual([false, true]);
    await divider.focus();
    await press('End');
    await eventually(at).toBe(100);
    expect(await hot()).toEqual([false, false]);
    await press('Home');
    await eventually(at).toBe(0);
    expect(await hot()).toEqual([true, true]);
    await press('ArrowRight');
    await eventually(at).toBe(2);
    await press('PageUp');
    await eventually(at).toBe(12);
  });

  it('blink: with heat and without it in turns, by hand with B', async () => {
    await open({ reducedMotion: true });
    await arrange('blink');
    await eventually(() => over(PEAK)).toBeGreaterThan(60);
    await press('b');
    await eventually(() => over(PEAK)).toBeLessThan(SAME);
    expect(await over(CORNER)).toBeLessThan(SAME);
    await press('b');
    await eventually(() => over(PEAK)).toBeGreaterThan(60);
  });
});

describe('zoom', () => {
  /** The share of picture pixels, along a row of them, that are of one colour. */
  async function plain(): Promise<number> {
    const [pixels, [x0, y0], [x1]] = [await shot(), await spot([0, 0]), await spot([1, 1])];
    const scale = (x1 - x0) / SIDE;
    // The row is in the middle of a picture pixel, and so are the columns that are compared.
    const y = Math.floor(y0 + (Math.floor((pixels.height / 2 - y0) / scale) + 0.5) * scale);
    const columns = new Map<number, string[]>();
    for (let x = 0; x < pixels.width; x++) {
      const along = (x + 0.5 - x0) / scale;
      const part = along - Math.floor(along);
      if (part < 0.1 || part > 0.9) continue;
      columns.set(Math.floor(along), [...(columns.get(Math.floor(along)) ?? []), pixels.at(x, y).join()]);
    }
    const several = [...columns.values()].filter((colours) => colours.length > 1);
    expect(new Set(several.flat()).size).toBeGreaterThan(20);
    return several.filter((colours) => new Set(colours).size === 1).length / several.length;
  }

  it('shows pixels as they are from 3x on, and smooth below', async () => {
    await open();
    await press('h');
    while ((await zoom()) * 1.25 < 300) await press('+');
    expect(await zoom()).toBeGreaterThan(200);
    expect(await plain()).toBeLessThan(0.5);
    await press('+');
    expect(await plain()).toBe(1);
    for (let i = 0; i < 5; i++) await press('+');
    expect(await plain()).toBe(1);
  });

  it('ends at 10 % and at 2000 %', async () => {
    await open();
    for (let i = 0; i < 30; i++) await press('+');
    await eventually(zoom).toBe(2000);
    for (let i = 0; i < 40; i++) await press('-');
    await eventually(zoom).toBe(10);
    const { width, height } = await shot();
    const [[x0, y0], [x1, y1]] = [await spot([0, 0]), await spot([1, 1])];
    expect([(x0 + x1) / 2, (y0 + y1) / 2].map(Math.round)).toEqual([width / 2, height / 2].map(Math.round));
  });
});
