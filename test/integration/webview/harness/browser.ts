import { chromium, type Browser, type Page } from 'playwright-core';
import type { FakeHost } from './fake-host';
import type { Scenario } from './scenario';
import { startHarness, type Harness } from './server';
import type { ThemeName } from './themes';

export interface OpenOptions {
  readonly scenario?: Partial<Scenario>;
  readonly theme?: ThemeName;
  /** With every translatable text in marks. */
  readonly marked?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
  readonly forcedColors?: boolean;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio?: number;
}

/** A browser with the panel in it. */
export class PanelBrowser {
  private constructor(
    private readonly harness: Harness,
    readonly browser: Browser,
  ) {}

  static async start(): Promise<PanelBrowser> {
    const harness = await startHarness();
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    return new PanelBrowser(harness, browser);
  }

  /** The address of the panel in a scenario. */
  address(options: OpenOptions = {}): string {
    const query = new URLSearchParams({
      theme: options.theme ?? 'dark',
      scenario: JSON.stringify(options.scenario ?? {}),
      ...(options.marked ? { marked: '1' } : {}),
    });
    return `${this.harness.url}/?${query.toString()}`;
  }

  /** A page with the panel open and its first pictures asked for. */
  async open(options: OpenOptions = {}): Promise<Page> {
    const page = await this.browser.newPage({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
      deviceScaleFactor: options.pixelRatio ?? 1,
      forcedColors: options.forcedColors ? 'active' : 'none',
    });
    await page.goto(this.address(options));
    await page.waitForSelector('musc-app');
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.harness.close();
  }
}

/** What the panel asked of the host with one method. */
export function callsOf(page: Page, method: string): Promise<unknown[]> {
  return page.evaluate((wanted) => {
    const { calls } = (window as unknown as { fakeHost: FakeHost }).fakeHost;
    return calls.filter((c) => 'method' in c && c.method === wanted).map((c) => ('params' in c ? c.params : null));
  }, method);
}

/** What the content security policy has refused so far. */
export function violationsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { fakeHost: FakeHost }).fakeHost.violations);
}

/** The phases of blinking (true: with heat) that the picture goes through in more than two beats. */
export function phases(page: Page): Promise<boolean[]> {
  return page.locator('musc-stage').evaluate(async (element) => {
    const stage = element as unknown as { readonly blinkOn: boolean };
    const seen = new Set<boolean>();
    for (let i = 0; i < 32; i++) {
      seen.add(stage.blinkOn);
      await new Promise((later) => setTimeout(later, 50));
    }
    return [...seen];
  });
}
