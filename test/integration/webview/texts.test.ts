import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { untranslated } from '../marked-texts';
import { PanelBrowser, type OpenOptions } from './harness/browser';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
let panel: PanelBrowser;

beforeAll(async () => {
  panel = await PanelBrowser.start();
});
afterAll(async () => panel.close());

/** What the scenario's run and host say. */
const DATA = [
  'hazelnut',
  'This run was made by a newer version of MuSc Inspector.',
  'Update the extension, or score the folder again.',
  'good',
  'crack',
  'hole',
  'print',
  'DINOv2 ViT-B/14',
  'CLIP ViT-L/14-336',
  'general purpose · Apache-2.0',
  'WebGPU: no adapter found',
  'WebGPU',
  'CPU',
  'moved or deleted',
];
const TABS = ['image', 'metrics', 'review', 'compare'];

/** Words of the panel that no translation reaches, on every one of the given tabs. */
async function left(options: OpenOptions, tabs: readonly string[] = []): Promise<string[]> {
  const page = await panel.open({ ...options, marked: true });
  await page.waitForTimeout(600);
  const found = await untranslated(page, DATA);
  for (const tab of tabs) {
    await page.locator(`#tab-${tab}`).click();
    await page.waitForTimeout(400);
    found.push(...(await untranslated(page, DATA)));
  }
  await page.close();
  return [...new Set(found)];
}

describe('every text of the panel can be translated', () => {
  it('of a run with truth and labels', async () => expect(await left({}, TABS)).toEqual([]));
  it('of one without', async () => expect(await left({ scenario: { truth: false, labels: false } }, TABS)).toEqual([]));
  it('while a job runs, with missing pictures and another device', async () =>
    expect(await left({ scenario: { job: 'running', missing: 2, changed: 1, fallback: true } }, ['review'])).toEqual(
      [],
    ));
  it('while waiting for the first run', async () =>
    expect(await left({ scenario: { kind: 'pending', job: 'running' } })).toEqual([]));
  it('when refused', async () => expect(await left({ scenario: { kind: 'refused' } })).toEqual([]));
  it('in a narrow window', async () => expect(await left({ width: 300, height: 600 })).toEqual([]));
});
