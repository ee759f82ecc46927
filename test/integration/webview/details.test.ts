import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PanelSnapshot } from '../../../extension/protocol/panel';
import type { ThresholdRule } from '../../../webview/model/threshold';
import { callsOf, PanelBrowser, phases, violationsOf, type OpenOptions } from './harness/browser';
import type { FakeHost } from './harness/fake-host';
import { DEFAULT_SCENARIO, runOf } from './harness/scenario';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 30_000, interval: 100 });

/** What the tests reach into. */
interface Inside {
  readonly panel: {
    readonly derived: { readonly snapshot: PanelSnapshot; readonly toCheck: Int32Array };
    setThreshold(rule: ThresholdRule): void;
  };
}

let panel: PanelBrowser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());
afterEach(async () => {
  expect(await violationsOf(page)).toEqual([]);
  expect(errors.splice(0)).toEqual([]);
  await page.close();
});

async function open(options: OpenOptions = {}): Promise<void> {
  page = await panel.open(options);
  page.on('pageerror', (e) => errors.push(e.message));
}

const press = (key: string) => page.keyboard.press(key);
const app = () => page.locator('musc-app');

describe('the score range', () => {
  const low = () => page.getByLabel('Lowest score');
  const high = () => page.getByLabel('Highest score');
  const shown = () => page.locator('musc-grid .scroll').getAttribute('aria-label');
  const images = (from: number, to: number) => {
    const shown = runOf(DEFAULT_SCENARIO).images.map(({ score }) => Number(score.toFixed(3)));
    const count = shown.filter((score) => score >= from && score <= to).length;
    return count === 51 ? /^Images, 51$|^Images, 51 of 51$/ : new RegExp(`^Images, ${count} of 51$`);
  };

  it('filters by its bounds, keeps them where a field is cleared, and takes any score again', async () => {
    await open();
    await page.getByRole('button', { name: 'Score range…' }).click();
    await eventually(shown).toMatch(images(0, 2));
    await low().fill('0.7');
    await press('Tab');
    await eventually(shown).toMatch(images(0.7, 2));
    await high().fill('0.9');
    await press('Tab');
    await eventually(shown).toMatch(images(0.7, 0.9));
    for (const [field, value] of [
      [low(), '0.700'],
      [high(), '0.900'],
    ] as const) {
      await field.fill('');
      await press('Tab');
      await eventually(() => field.inputValue()).toBe(value);
    }
    await eventually(shown).toMatch(images(0.7, 0.9));
    await page.getByRole('button', { name: 'Any score' }).click();
    await eventually(shown).toMatch(images(0, 2));
    expect(await low().count()).toBe(0);
  });

  it('shows every image again where the bounds are typed in as they were shown', async () => {
    await open();
    await page.getByRole('button', { name: 'Score range…' }).click();
    for (const [field, other] of [
      [high(), '0.700'],
      [low(), '0.900'],
    ] as const) {
      const shownAtFirst = await field.inputValue();
      for (const value of [other, shownAtFirst]) {
        await field.fill(value);
        await press('Tab');
        if (value === other) await eventually(shown).not.toMatch(images(0, 2));
        else await eventually(shown).toMatch(images(0, 2));
      }
    }
  });
});

it('a threshold that is typed in flags the image whose score is shown as that number', async () => {
  await open();
  const flagged = page.locator('musc-filters .chip', { hasText: 'Above threshold' });
  const { images } = runOf(DEFAULT_SCENARIO);
  const shown = images.map(({ score }) => score.toFixed(3));
  const rounded = images.findIndex(({ score }, i) => score < Number(shown[i])); // up: the number is above the score
  await page.getByLabel('Threshold value').fill(shown[rounded]);
  await press('Tab');
  const count = shown.filter((score) => score >= shown[rounded]).length;
  await eventually(() => flagged.textContent()).toMatch(new RegExp(`\\b${count}\\s*$`));
  expect(await page.getByLabel('Threshold value').inputValue()).toBe(shown[rounded]);
});

it('with one class known the matrix tells no precision and no F1, and why, as the cards do', async () => {
  await open({ scenario: { truth: false, labels: false } });
  await page.locator('musc-grid [data-rank="1"]').click();
  await press('2');
  const rates = page.locator('musc-confusion .rates');
  await eventually(() => rates.innerText()).toMatch(/^precision – · recall 100\.0 · F1 –\s/);
  const why = 'Undefined: no good image among the images with a known class.';
  expect([await rates.getAttribute('title'), await rates.locator('.said').textContent()]).toEqual([why, why]);
});

describe('an image that is out of sight', () => {
  const inSight = (rank: number) =>
    page.locator(`musc-grid [data-rank="${rank}"]`).evaluateAll((cells) =>
      cells.some((cell) => {
        const [box, sight] = [cell, cell.closest('.scroll')].map((e) => e?.getBoundingClientRect() ?? new DOMRect());
        return box.top >= sight.top && box.bottom <= sight.bottom + 1;
      }),
    );
  const edits = async () => (await callsOf(page, 'editLabels')).length;
  const scrollAway = async () => {
    await page.locator('musc-grid .scroll').hover();
    await page.mouse.wheel(0, 20_000);
    await eventually(() => inSight(1)).toBe(false);
  };

  it.each([
    ['beside the metrics', 1440],
    ['in a narrow window', 500],
  ])('is scrolled to before it is labelled, %s', async (_, width) => {
    await open({ width, scenario: { images: 3000, labels: false } });
    if (width > 1000) await page.getByRole('tab', { name: 'Metrics' }).click();
    await page.locator('musc-grid [data-rank="1"]').click();
    await scrollAway();
    await press('2');
    await eventually(() => inSight(1)).toBe(true);
    expect(await page.locator('musc-notice .error').innerText()).toContain('nothing was labelled');
    expect(await edits()).toBe(0);
    for (const decided of [1, 2, 3, 4]) {
      await press('2'); // what auto-advance goes on to is in sight at once
      await eventually(edits).toBe(decided);
    }
    await scrollAway();
    await press('Control+a');
    await press('1');
    await eventually(edits).toBe(5);
  });

  it('is labelled where its picture is shown', async () => {
    await open({ scenario: { images: 3000, labels: false } });
    await page.locator('musc-grid [data-rank="1"]').click();
    await scrollAway();
    await press('2');
    await eventually(edits).toBe(1);
  });
});

it('arrows go on from where an image was before its label moved it, in the grid and elsewhere', async () => {
  await open({ scenario: { labels: false, truth: false } });
  const current = () => page.locator('musc-grid .cell.current').getAttribute('data-image');
  await page.getByRole('tab', { name: 'Review' }).click();
  await page.locator('musc-review-pane vscode-checkbox').click();
  await page.getByLabel('Sort', { exact: true }).selectOption('review');
  await page.locator('musc-grid .scroll').evaluate((e) => e.scrollTo(0, 0));
  const order = await page.locator('musc-grid .cell').evaluateAll((cells) =>
    cells
      .map((cell) => cell as HTMLElement)
      .sort(
        (a, b) =>
          a.getBoundingClientRect().y - b.getBoundingClientRect().y ||
          a.getBoundingClientRect().x - b.getBoundingClientRect().x,
      )
      .map((cell) => cell.dataset.image),
  );
  await page.locator(`musc-grid [data-image="${order[3]}"]`).click();
  for (const at of [3, 4, 5]) {
    await eventually(current).toBe(order[at]);
    await press('1');
    await eventually(async () => (await callsOf(page, 'editLabels')).length).toBe(at - 2);
    if (at === 4) await page.getByRole('tab', { name: 'Review' }).focus();
    await press(at === 4 ? 'Tab' : 'ArrowRight');
    if (at === 4) await press('ArrowRight');
  }
  await eventually(current).toBe(order[6]);
});

describe('the detail view', () => {
  /** Where the picture and the label buttons are, and what doubt is told of the image beside them, if any. */
  const look = () =>
    page.locator('musc-image-pane').evaluate(async (element) => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const inside = element.shadowRoot;
      const buttons = inside?.querySelector('musc-label-buttons')?.shadowRoot?.querySelectorAll('button') ?? [];
      const boxes = [inside?.querySelector('musc-current-picture'), ...buttons].map((part) => {
        const { x, y, width, height } = part?.getBoundingClientRect() ?? new DOMRect();
        return [x, y, width, height].map((n) => n.toFixed(2)).join(' ');
      });
      const doubt = inside?.querySelector('.doubt');
      const cut = [doubt, inside?.querySelector('.facts')].filter(
        (part) =>
          part &&
          !['inline', 'contents'].includes(getComputedStyle(part).display) &&
          (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1),
      );
      return { boxes: boxes.join(', '), doubt: doubt?.textContent ?? '', cut: cut.length > 0 };
    });
  const setThreshold = (value: number) =>
    app().evaluate((e, value) => (e as unknown as Inside).panel.setThreshold({ kind: 'manual', value }), value);

  for (const [width, height] of [
    [1440, 900],
    [1140, 800],
    [300, 700],
  ])
    it(`stays in place while one steps, moves the threshold and asks why, at ${width} px`, async () => {
      await open({ width, height });
      if (width === 300) await page.getByRole('button', { name: 'Details', exact: true }).click();
      const { boxes } = await look();
      const doubts = new Set<string>();
      const seen = (now: Awaited<ReturnType<typeof look>>) => {
        doubts.add(now.doubt);
        expect(now.boxes, now.doubt).toBe(boxes);
        expect(now.cut, now.doubt).toBe(false);
      };
      for (const threshold of [0.8, 0.5]) {
        await setThreshold(threshold); // the lower one: reviewers who called a good image a defect have the score's word too
        for (let i = 0; i < 50; i++) {
          await press(threshold === 0.8 ? 'ArrowRight' : 'ArrowLeft');
          seen(await look());
        }
      }
      expect(doubts.size).toBe(4); // every doubt there is, and none
      for (const threshold of [0.8, 2, 0.5, 0.8]) {
        await setThreshold(threshold);
        seen(await look());
      }
      await press('w');
      await eventually(() => page.locator('musc-why musc-crop').count()).toBe(5);
      seen(await look());
    });

  it('stays in place while the threshold is dragged past its image', async () => {
    await open();
    const { boxes, doubt } = await look();
    const box = (await page.locator('musc-histogram').boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 4, box.y + 10, { steps: 3 });
    await eventually(async () => (await look()).doubt).not.toBe(doubt);
    expect((await look()).boxes).toBe(boxes);
    await page.mouse.up();
  });

  it('keeps the end of a long name in sight', async () => {
    await open({ width: 300, height: 700 });
    await page.getByRole('button', { name: 'Details', exact: true }).click();
    const name = page.locator('musc-image-pane .title b');
    const { before, after } = await name.evaluate((b) => {
      const text = b.querySelector('bdi') as HTMLElement;
      const before = b.getBoundingClientRect().height;
      text.textContent = `${'long '.repeat(30)}/0001.png`;
      const [whole, inner] = [b.getBoundingClientRect(), text.getBoundingClientRect()];
      return { before, after: [whole.height, Math.round(inner.right - whole.right) <= 0] };
    });
    expect(after).toEqual([before, true]);
  });
});

describe('motion that the editor’s own setting takes away', () => {
  const still = (on: boolean) =>
    page.evaluate((on) => document.body.classList.toggle('vscode-reduce-motion', on), on).then(() => undefined);
  const style = (selector: string, property: string) =>
    page.locator(selector).evaluate((e, property) => getComputedStyle(e).getPropertyValue(property), property);

  it('icons turn and bars slide only without it', async () => {
    await open({ scenario: { job: 'running' } });
    const moving = async () => [
      (await style('musc-job-bar musc-icon', 'animation-name')) !== 'none',
      (await style('musc-job-bar .fill', 'transition-property')) !== 'none',
    ];
    await eventually(moving).toEqual([true, true]);
    await still(true);
    await eventually(moving).toEqual([false, false]);
    await still(false);
    await eventually(moving).toEqual([true, true]);
    await page.emulateMedia({ reducedMotion: 'reduce' }); // and the system's
    await eventually(moving).toEqual([false, false]);
  });

  it('the picture blinks by itself only without it, and by hand with B', async () => {
    await open();
    const on = () => page.locator('musc-stage').evaluate((e) => (e as unknown as { blinkOn: boolean }).blinkOn);
    await still(true);
    await page.getByLabel('Arrangement').selectOption('blink');
    expect(await phases(page)).toEqual([true]);
    await still(false);
    await eventually(on).toBe(false);
    await still(true);
    const rest = await on();
    expect(await phases(page)).toEqual([rest]);
    await page.locator('musc-grid .scroll').focus();
    await press('b');
    await eventually(on).toBe(!rest);
  });
});

describe('pictures that are not shown', () => {
  /** The host tells of the run again. */
  const tell = (more: Partial<PanelSnapshot>) =>
    page.evaluate((more) => {
      const { panel } = document.querySelector('musc-app') as unknown as Inside;
      const { fakeHost } = window as unknown as { fakeHost: FakeHost };
      fakeHost.send({ event: 'snapshot', snapshot: { ...panel.derived.snapshot, ...more } });
    }, more);
  const all = (reason: string) => Array.from({ length: 51 }, (_, i): [number, string] => [i, reason]);
  const bar = () => page.locator('musc-missing-bar div:not([part])');
  const find = () => page.getByRole('button', { name: /^Find the folder/ });

  it('in restricted mode wait for trust: no folder has to be found', async () => {
    await open({ scenario: { missing: 51 } });
    await tell({ restricted: true, missing: all('pictures outside the run are not shown in restricted mode') });
    await eventually(() => bar().textContent()).toMatch(/restricted mode. Trust the workspace/);
    expect(await page.locator('musc-image-pane musc-problem-note').textContent()).toContain('restricted mode');
    expect(await find().count()).toBe(0);
    await tell({ restricted: false, missing: [] });
    await eventually(() => bar().count()).toBe(0);
  });

  it('say why, and that the folder can be found, where none is there', async () => {
    await open({ scenario: { missing: 51 } });
    await tell({ missing: all('the run names a whole drive as its folder') });
    await eventually(() => bar().textContent()).toContain('the run names a whole drive as its folder');
    expect(await page.getByRole('button', { name: 'Show them' }).count()).toBe(0);
    await find().first().click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'relink' }]);
  });

  it('for another reason than their place are not looked for elsewhere', async () => {
    await open({ scenario: { missing: 51 } });
    const note = () => page.locator('musc-image-pane musc-problem-note');
    await eventually(() => note().getByRole('button').count()).toBe(1);
    await tell({ missing: [] }); // the host knows where it is, but can't read it
    await eventually(() => note().getByRole('button').count()).toBe(0);
    expect(await note().innerText()).toContain('moved or deleted');
  });
});

describe('pictures that were replaced or edited since they were scored', () => {
  it('are told with those that are missing, can be shown and scored again, and say so themselves', async () => {
    await open({ scenario: { missing: 1, changed: 2 } });
    const bar = page.locator('musc-missing-bar');
    await eventually(() => bar.locator('div:not([part]) > span').allTextContents()).toEqual([
      expect.stringMatching(/^One picture is not where it was/),
      expect.stringMatching(/^2 pictures were replaced or edited after this run was made/),
    ]);
    await bar.getByRole('button', { name: 'Show them' }).last().click();
    await eventually(() => page.locator('musc-grid musc-card').count()).toBe(2);
    await eventually(() => page.locator('musc-image-pane .doubt').textContent()).toBe(
      'replaced or edited since it was scored',
    );
    await bar.getByRole('button', { name: 'Score again' }).click();
    expect(await callsOf(page, 'command')).toEqual([{ name: 'scoreAgain' }]);
  });
});

/** What has the focus, wherever it is. */
const focused = () =>
  page.evaluateHandle(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at ?? document.body;
  });
const nameOfFocused = async () =>
  (await focused()).evaluate((e) => (e.getAttribute('aria-label') ?? e.textContent ?? '').trim());
const isOnPicture = async () =>
  (await focused()).evaluate((e) => e.matches('canvas') && e.getRootNode() instanceof ShadowRoot);

describe('buttons and checkboxes of the editor’s element library', () => {
  it('press once however long Space is held, and scroll nothing', async () => {
    await open();
    await page.getByRole('button', { name: 'Score again' }).focus();
    await page.keyboard.down(' ');
    for (let i = 0; i < 5; i++) await page.keyboard.down(' '); // as the system repeats it
    await page.keyboard.up(' ');
    await press('Enter');
    expect(await callsOf(page, 'command')).toEqual([{ name: 'scoreAgain' }, { name: 'scoreAgain' }]);
  });

  it('hear the press of a screen reader, which goes to the input inside', async () => {
    await open();
    const contour = page.locator('musc-heat-tools vscode-checkbox').nth(1);
    const input = contour.locator('input');
    const states = () => Promise.all([contour.evaluate((e) => (e as HTMLInputElement).checked), input.isChecked()]);
    const before = await input.isChecked();
    for (const now of [!before, before, !before]) {
      await input.evaluate((e: HTMLInputElement) => e.click());
      await eventually(states).toEqual([now, now]);
    }
    await page.locator('musc-grid .scroll').focus();
    await press('c');
    await eventually(states).toEqual([before, before]);
  });

  it.each(['hc-dark', 'hc-light'] as const)('can be read under the pointer and with the focus in %s', async (theme) => {
    await open({ theme });
    const again = page.locator('musc-head vscode-button[secondary]').first();
    const colours = () =>
      again.evaluate((e) => {
        const { color, backgroundColor } = getComputedStyle(e.shadowRoot?.querySelector('.base') ?? e);
        return [color, backgroundColor];
      });
    const [text] = await colours();
    const shades =
      theme === 'hc-dark'
        ? ['rgba(0, 0, 0, 0)', 'rgba(255, 255, 255, 0.1)']
        : ['rgb(255, 255, 255)', 'rgba(15, 74, 133, 0.1)'];
    expect((await colours())[1]).toBe(shades[0]);
    await again.hover();
    expect(await colours()).toEqual([text, shades[1]]);
    await page.mouse.move(0, 0);
    await again.focus();
    expect(await colours()).toEqual([text, shades[1]]);
  });
});

describe('the focus goes on where a button goes with what it did', () => {
  /** Presses a button by the keyboard. */
  const use = async (name: string | RegExp) => {
    await page.getByRole('button', { name }).focus();
    await press('Enter');
  };

  it('from the score range to its fields, and back', async () => {
    await open();
    await use('Score range…');
    await eventually(nameOfFocused).toBe('Lowest score');
    await use('Any score');
    await eventually(nameOfFocused).toBe('Score range…');
  });

  it('from an empty grid to its images', async () => {
    await open();
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('no such picture');
    await use('Show all images');
    await eventually(nameOfFocused).toBe('Images, 51 of 51');
  });

  it('from a question about a patch, and from an answer that is opened, to the picture', async () => {
    await open();
    await page.locator('musc-stage .legend .contour').waitFor();
    await use(/^Explain the hottest patch/);
    await eventually(isOnPicture).toBe(true);
    await eventually(() => page.locator('musc-why li').count()).toBe(5);
    const before = await page.locator('musc-image-pane .title b').getAttribute('title');
    await page.locator('musc-why li button').nth(1).focus();
    await press('Enter');
    await eventually(() => page.locator('musc-image-pane .title b').getAttribute('title')).not.toBe(before);
    expect(await isOnPicture()).toBe(true);
  });

  it('from a label that was checked to the next one', async () => {
    await open();
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.locator('musc-histogram .handle').focus();
    await press('Home'); // everything is flagged: the good images' scores contradict what is known of them
    const entries = page.locator('musc-review-pane li');
    await eventually(() => entries.count()).toBe(30);
    const decide = async (place: number) => {
      const [entry, next] = await Promise.all(
        [place, place + 1].map((i) => entries.nth(i).locator('.path').innerText()),
      );
      await entries.nth(place).getByRole('button').focus();
      await press('Enter');
      await press('3');
      await eventually(() => entries.locator('.path').allInnerTexts()).not.toContain(entry);
      await eventually(nameOfFocused).toContain(next);
      expect(await page.locator('musc-review-pane .shown .facts').innerText()).toContain(next); // what the next key labels
    };
    for (const place of [4, 4, 0]) await decide(place);
  });

  it('from a label that was confirmed to the next one, and from the last one to the next to review', async () => {
    await open();
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.evaluate(() => {
      const { panel } = document.querySelector('musc-app') as unknown as Inside;
      const { run } = panel.derived.snapshot;
      const highest = run.images.filter(({ truth }) => truth === 'defect').sort((a, b) => b.score - a.score);
      const labels = run.images.map((image) => (highest.slice(0, 4).includes(image) ? 'good' : null));
      (window as unknown as { fakeHost: FakeHost }).fakeHost.send({ event: 'labels', labels });
    });
    const entries = page.locator('musc-review-pane li');
    await eventually(() => entries.count()).toBeGreaterThan(3);
    const facts = () => page.locator('musc-review-pane .shown .facts').innerText();
    const paths = await entries.locator('.path').allInnerTexts();
    const count = paths.length;
    await entries.first().getByRole('button').focus();
    await press('Enter');
    for (let at = 0; at < count; at++) {
      await eventually(nameOfFocused).toContain(paths[at]);
      await eventually(facts).toContain(paths[at]);
      const label = /label defect/.test(await facts()) ? '2' : '1';
      await press(label); // its own, where it has one
    }
    await eventually(nameOfFocused).toMatch(/^Next to review/);
    expect(await facts()).not.toContain('label ');
  });

  const focusedPanel = async () => (await focused()).evaluate((e) => e.id);
  const paneShown = (pane: string) => eventually(() => page.locator(`musc-${pane}-pane`).isVisible()).toBe(true);

  it('from a pane that gives way to another to its panel, where keys are heard', async () => {
    await open({ scenario: { labels: false } });
    await page.locator('musc-stage canvas').first().focus();
    await press('m');
    await paneShown('metrics');
    expect(await focusedPanel()).toBe('panel');
    await page.locator('musc-metrics-pane musc-curve [tabindex="0"]').first().focus();
    await press('n');
    await paneShown('image');
    expect(await focusedPanel()).toBe('panel');
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.locator('musc-compare-pane select').selectOption('run-2');
    await page.locator('musc-compare-images button').nth(1).click();
    await page.locator('musc-compare-images tbody button').first().focus();
    await press('n');
    await paneShown('image');
    expect(await focusedPanel()).toBe('panel');
    await page.getByRole('tab', { name: 'Metrics' }).focus();
    await press('m'); // the tabs stay
    await paneShown('metrics');
    expect(await nameOfFocused()).toBe('Metrics');
  });

  it('from an action on a job to the one that takes its place, and from its last word to the images', async () => {
    const tell = (job: object) =>
      page.evaluate((job) => {
        const { fakeHost } = window as unknown as { fakeHost: FakeHost };
        fakeHost.send({ event: 'job', job: job as never });
      }, job);
    const job = { state: 'running', stage: 'features', done: 1, total: 9, secondsLeft: null };
    await open({ scenario: { job: 'running' } });
    await use('Cancel');
    await tell({ ...job, state: 'cancelled' });
    await eventually(nameOfFocused).toBe('Resume');
    await press('Enter');
    await tell({ ...job, state: 'queued' });
    await eventually(nameOfFocused).toBe('Cancel');
    await tell({ ...job, state: 'failed', error: 'DISK_FULL: no room' });
    await eventually(nameOfFocused).toBe('Try again');
    const bar = page.locator('musc-job-bar');
    await bar.getByRole('button', { name: 'Close' }).focus();
    await press('Enter');
    await eventually(nameOfFocused).toBe('Images, 51 of 51');
    expect(await bar.locator('.job').count()).toBe(0);
    expect(await callsOf(page, 'dismissJob')).toEqual([{}]);
  });

  it.each([
    [1440, null, 'Images, 51 of 51'],
    [500, 'Details', 'panel'],
    [500, 'Summary', 'Summary'],
  ] as const)('from an error that is closed to what is shown, at %d px: %s', async (width, front, expected) => {
    await open({ width });
    if (front) await page.getByRole('button', { name: front, exact: true }).click();
    await page.evaluate(() => {
      const { panel } = document.querySelector('musc-app') as unknown as {
        panel: { say(text: string, error: boolean): void };
      };
      panel.say('It went wrong', true);
    });
    await page.locator('musc-notice').getByRole('button', { name: 'Close' }).focus();
    await press('Enter');
    await eventually(async () => [await focusedPanel(), await nameOfFocused()]).toContain(expected);
  });
});

describe('reviewing', () => {
  it('says how a label is cleared', async () => {
    await open();
    const good = page.locator('musc-label-buttons button').first();
    expect(await good.getAttribute('title')).toBe('Good (1); click again or press 0 to clear');
  });

  it('says how many images a decision is for, as Compare does', async () => {
    await open({ scenario: { labels: false } });
    await page
      .locator('[role=gridcell]')
      .nth(1)
      .click({ modifiers: ['Shift'] });
    const told = () => page.locator('musc-review-pane musc-label-buttons span').allInnerTexts();
    await page.getByRole('tab', { name: 'Review' }).click();
    await eventually(told).toEqual(['2 selected:']);
    await page.locator('[role=gridcell]').first().click();
    await eventually(told).toEqual([]);
  });

  it('gives the focus to the next to review when the last label to check is decided on', async () => {
    await open();
    const entries = page.locator('musc-review-pane li');
    await page.getByRole('tab', { name: 'Review' }).click();
    await page.evaluate(() => {
      const { panel } = document.querySelector('musc-app') as unknown as Inside;
      const { snapshot, toCheck } = panel.derived;
      const labels = snapshot.run.images.map((_, image) => (image === toCheck[0] ? snapshot.labels[image] : 'unsure'));
      (window as unknown as { fakeHost: FakeHost }).fakeHost.send({ event: 'labels', labels });
    });
    await eventually(() => entries.count()).toBe(1);
    await entries.getByRole('button').focus();
    await press('Enter');
    await press('3');
    await eventually(() => entries.count()).toBe(0);
    await eventually(nameOfFocused).toMatch(/^Next to review/);
  });

  const pane = () => page.locator('musc-review-pane');
  const facts = () => pane().locator('.shown .facts').innerText();
  const drawn = () =>
    pane()
      .locator('musc-stage canvas.below')
      .evaluate((canvas: HTMLCanvasElement) =>
        canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value !== 0),
      );

  for (const [width, height] of [
    [340, 700],
    [1440, 900],
  ])
    it(`shows the picture that is decided on, at ${width} px, whatever the grid shows`, async () => {
      await open({ width, height, scenario: { labels: false } });
      const narrow = width === 340;
      if (!narrow) await page.getByRole('searchbox', { name: 'Filter by name' }).fill('000');
      if (narrow) await page.getByRole('button', { name: 'Details', exact: true }).click();
      await page.getByRole('tab', { name: 'Review' }).click();
      const seen = new Set<string>();
      await pane()
        .getByRole('button', { name: /^Next to review/ })
        .click();
      for (let i = 0; i < 3; i++) {
        const now = await facts();
        expect(seen.has(now), now).toBe(false);
        seen.add(now);
        await eventually(drawn).toBe(true);
        const [name] = now.split('\n');
        const label = await pane().locator('musc-stage canvas').first().getAttribute('aria-label');
        expect(label).toContain(name.replace(/^.*\//, ''));
        await press('1');
        await eventually(facts).not.toBe(now);
      }
      const zoom = () => pane().locator('musc-stage .zoom').innerText();
      const before = await zoom();
      await press('+');
      await eventually(zoom).not.toBe(before);
    });

  it('explains a patch beside the image: by W, by the keys that choose one, and by a click', async () => {
    await open();
    const chosen = () => page.locator('musc-image-pane musc-stage canvas').first().getAttribute('aria-label');
    const review = async () => {
      await page.getByRole('tab', { name: 'Review' }).click();
      await eventually(() => pane().locator('musc-stage .legend .contour').count()).toBe(1);
    };
    for (const key of ['w', 'i']) {
      await review();
      await press(key);
      await eventually(chosen).toMatch(/Chosen: .* patch \d+, \d+$/);
      await eventually(() => page.locator('musc-why musc-crop').count()).toBe(5);
    }
    await review();
    await pane().locator('musc-stage').click();
    await eventually(chosen).toMatch(/Chosen: .* patch \d+, \d+$/);
    expect(await isOnPicture()).toBe(true);
  });

  it('says why there is no next image', async () => {
    await open({ scenario: { labels: false, images: 9 } });
    await page.locator('musc-grid [data-image="0"]').click();
    await press('Control+a');
    await press('1');
    await press('n');
    await eventually(() => page.locator('musc-notice .error').innerText()).toContain(
      'No other image is without a label.',
    );
  });
});

describe('what counts in the whole run', () => {
  const shown = async () => /\d+/.exec((await page.locator('musc-grid .scroll').getAttribute('aria-label')) ?? '')?.[0];

  it('shows as many images as it says, whatever was filtered by', async () => {
    await open();
    const text = page.getByRole('searchbox', { name: 'Filter by name' });
    const cell = page.locator('musc-confusion button').filter({ hasText: 'passed' });
    const count = /\d+/.exec((await cell.textContent()) ?? '')?.[0];
    await text.fill('nothing is called so');
    await eventually(shown).toBe('0');
    await cell.click();
    await eventually(shown).toBe(count);
    await cell.click();
    await eventually(shown).toBe('51');
    await page.getByRole('tab', { name: 'Metrics' }).click();
    const row = page.locator('musc-type-table tbody tr').first();
    const images = await row.locator('td').first().textContent();
    await text.fill('nothing is called so');
    await row.getByRole('button').click();
    await eventually(shown).toBe(images);
  });
});

describe('in a narrow window', () => {
  it('M shows the metrics from the grid, and Enter the image, with the focus where keys are heard', async () => {
    await open({ width: 340, height: 700 });
    await page.locator('musc-grid [data-rank="2"]').click();
    await press('m');
    await eventually(() => page.locator('musc-metrics-pane').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Images', exact: true }).click();
    await page.locator('musc-grid .scroll').focus();
    await press('Enter');
    await eventually(() => page.locator('musc-image-pane').isVisible()).toBe(true);
    const inside = () =>
      page.evaluate(() => document.querySelector('musc-app')?.shadowRoot?.activeElement?.tagName.toLowerCase());
    await eventually(inside).toBe('musc-side');
    const name = () => page.locator('musc-image-pane .title b').getAttribute('title');
    const before = await name();
    await press('ArrowRight');
    await eventually(name).not.toBe(before);
  });
});
