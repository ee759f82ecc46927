import { build } from 'esbuild';
import { basename } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { panelPage } from '../../../../extension/host/panel-page';
import type { BenchHostMessage, BenchPageMessage } from '../../../../extension/protocol/bench-panel';
import { markedTexts } from '../../marked-texts';
import { BODY_CLASS, themeProperties, type ThemeName } from './themes';

/** Nothing listens there: every request is answered by the test. */
const ORIGIN = 'http://bench.test';

interface FakeEditor {
  readonly posted: BenchPageMessage[];
  readonly violations: string[];
}
type TestWindow = Window & { editor: FakeEditor };

export interface BenchPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** With every translatable text in marks. */
  readonly marked?: boolean;
}

/** A browser with a benchmark's page in it, under the policy that the editor's host sets. */
export class BenchBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, Uint8Array>,
  ) {}

  static async start(): Promise<BenchBrowser> {
    const built = await build({
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outdir: 'out',
      legalComments: 'none',
      loader: { '.ttf': 'file' },
      entryPoints: { bench: 'webview/bench.ts' },
    });
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    return new BenchBrowser(browser, new Map(built.outputFiles.map((file) => [basename(file.path), file.contents])));
  }

  /** A page that has been told `message` by the editor. */
  async open(message: BenchHostMessage, options: BenchPageOptions = {}): Promise<Page> {
    const page = await this.browser.newPage({
      viewport: { width: options.width ?? 1280, height: options.height ?? 1000 },
    });
    const theme = options.theme ?? 'dark';
    await page.addInitScript(
      ({ message, properties, bodyClass }) => {
        const editor: FakeEditor = { posted: [], violations: [] };
        (window as unknown as TestWindow).editor = editor;
        document.addEventListener('securitypolicyviolation', (event) =>
          editor.violations.push(event.violatedDirective),
        );
        document.addEventListener('DOMContentLoaded', () => {
          for (const [name, value] of Object.entries(properties))
            document.documentElement.style.setProperty(name, value);
          document.body.className = bodyClass;
        });
        let state: unknown = null;
        Object.assign(window, {
          acquireVsCodeApi: () => ({
            postMessage: (posted: BenchPageMessage) => {
              editor.posted.push(posted);
              if (posted.do === 'ready') window.postMessage(message, '*');
            },
            getState: () => state,
            setState: (next: unknown) => (state = next),
          }),
        });
      },
      { message, properties: themeProperties(theme), bodyClass: BODY_CLASS[theme] },
    );
    await page.route('**/*', (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      const file = this.files.get(name);
      if (file)
        return route.fulfill({
          body: Buffer.from(file),
          contentType: name.endsWith('.js') ? 'text/javascript' : 'font/ttf',
        });
      if (name !== '') return route.abort();
      const texts = options.marked ? { language: 'en', bundle: markedTexts() } : undefined;
      const body = panelPage({ script: `${ORIGIN}/bench.js`, source: ORIGIN, title: 'Benchmark', texts });
      return route.fulfill({ body, contentType: 'text/html' });
    });
    await page.goto(`${ORIGIN}/`);
    await page.locator('musc-bench-app h1').waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What the page asked the editor for, without its first "ready". */
export const postedBy = (page: Page): Promise<BenchPageMessage[]> =>
  page.evaluate(() => (window as unknown as TestWindow).editor.posted.filter((message) => message.do !== 'ready'));

/** What the content security policy has refused. */
export const refusedBy = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as TestWindow).editor.violations);
