// A real VS Code workbench with the packaged extension, driven as a user does: menus, keys, clicks.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { cacheFolder, installEditor } from './cache.mjs';

export const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', hc: 'Default High Contrast' };
const CHROMIUM_FLAGS =
  '--no-sandbox --headless=new --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run'.split(
    ' ',
  );
const NO_GALLERY = '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}';
/** How long to wait for something that must appear, ms: a slow machine is no failure. */
export const PATIENCE = 120_000 * Number(process.env.MUSC_TEST_PATIENCE ?? 1);

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off', // the browser workbench saves by itself otherwise
  'files.simpleDialog.enable': true,
  'explorer.autoReveal': false,
};

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** One server with the extension installed; windows are opened on it one after another. */
export class EditorServer {
  static async start(wishes) {
    const installed = installEditor();
    const home = mkdtempSync(path.join(os.tmpdir(), 'musc-e2e-'));
    const extensions = mkdtempSync(path.join(cacheFolder(), 'extensions-')); // some machines run no program from among temporary files
    const server = new EditorServer({ home, extensions });
    try {
      await server.#start(installed, wishes);
      return server;
    } catch (error) {
      server.kill();
      server.remove();
      throw error;
    }
  }

  async #start(installed, { vsix, settings = {}, trust = 'always', args = [] }) {
    const { home, extensions } = this;
    const at = (name) => path.join(home, name);
    mkdirSync(at('data/User'), { recursive: true });
    writeFileSync(at('config.yaml'), '');
    writeFileSync(at('data/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
    const common = ['--config', at('config.yaml'), '--user-data-dir', at('data'), '--extensions-dir', extensions];
    const env = {
      ...installed.env,
      EXTENSIONS_GALLERY: NO_GALLERY,
      XDG_DATA_HOME: at('share'),
      NO_PROXY: '127.0.0.1', // hubs of the cases are here, whatever proxy the machine has
      no_proxy: '127.0.0.1',
    };
    if (vsix)
      await promisify(execFile)(installed.server, [...common, '--install-extension', path.resolve(vsix)], { env });
    const port = await freePort();
    const child = spawn(
      installed.server,
      [
        ...common,
        '--auth',
        'none',
        '--bind-addr',
        `127.0.0.1:${port}`,
        '--disable-telemetry',
        '--disable-update-check',
        ...(trust === 'always' ? ['--disable-workspace-trust'] : []),
        ...args,
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    this.child = child;
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
    const url = `http://127.0.0.1:${port}`;
    const until = Date.now() + PATIENCE;
    while (
      !(await fetch(`${url}/healthz`).then(
        (r) => r.ok,
        () => false,
      ))
    ) {
      if (Date.now() > until || child.exitCode !== null) throw new Error(`code-server did not start:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // one profile for all windows of a server: the workbench is compiled once
    const browser = await chromium.launch({
      executablePath: installed.chromium,
      args: CHROMIUM_FLAGS,
      handleSIGINT: false, // the runner ends everything itself
      handleSIGTERM: false,
    });
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE);
    Object.assign(this, { url, browser, context, readLog: () => log });
  }

  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Path of the user's settings. */
  get settingsFile() {
    return path.join(this.home, 'data/User/settings.json');
  }

  /** Replaces the user's settings: the next window, or one that is reloaded, has them for sure. */
  setSettings(settings) {
    writeFileSync(this.settingsFile, JSON.stringify({ ...SETTINGS, ...settings }));
  }

  /** Opens a folder (of the disk, or the address of one that is on none; or a .code-workspace file) in a window of its own. */
  async open(folder, { width = 1440, height = 900, query = '' } = {}) {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    const kind = folder?.endsWith('.code-workspace') ? 'workspace' : 'folder';
    const address = folder && (/^\w{2,}:\//.test(folder) ? folder : path.resolve(folder));
    const target = folder ? `${kind}=${encodeURIComponent(address)}` : 'ew=true';
    await page.goto(`${this.url}/?${target}${query}`, { timeout: 2 * PATIENCE });
    const editor = new Editor(page);
    await editor.ready(folder !== undefined);
    return editor;
  }

  async close() {
    this.kill();
    await this.browser.close().catch(() => undefined);
    this.remove();
  }

  /** Removes what a server that has ended left on the disk. */
  remove() {
    for (const folder of [this.home, this.extensions]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Ends the server at once: its own process group holds the extension host and the engines too. */
  kill() {
    try {
      if (this.child) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** One window of the editor. */
export class Editor {
  constructor(page) {
    this.page = page;
  }

  async ready(withFolder = true) {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: PATIENCE });
    if (withFolder)
      await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: PATIENCE });
  }

  /** Waits until the palette offers a command: the workbench learns late that a folder is trusted. */
  async offers(title) {
    const until = Date.now() + PATIENCE;
    while (!(await this.palette(title)).includes(title)) {
      if (Date.now() > until) throw new Error(`the palette does not offer ${title}`);
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(500);
    }
    await this.page.keyboard.press('Escape');
  }

  close() {
    return this.page.close();
  }

  /** Leaves nothing of a case behind: no editors, no notifications, the explorer in front. */
  async tidy() {
    await this.page.keyboard.press('Escape');
    await this.command('View: Close All Editors');
    const discard = this.page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: "Don't Save" }).first();
    await discard.click({ timeout: 1500 }).catch(() => undefined);
    await this.command('Notifications: Clear All Notifications').catch(() => undefined);
    await this.showExplorer();
  }

  async showExplorer() {
    await this.command('View: Show Explorer');
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: PATIENCE });
  }

  async reload() {
    await this.page.reload();
    await this.ready(false); // the side bar comes back as it was, with or without the explorer
  }

  /** The visible webview's document. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** Types into the palette and returns the rows it shows, as text. */
  async palette(text) {
    await this.again(async (timeout) => {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input.input').fill(`>${text}`, { timeout });
      await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout });
    });
    await this.page.waitForTimeout(300); // the list is filtered after typing
    return this.quickRows();
  }

  /** Does something with the quick input until it succeeds: an editor that opens meanwhile takes the focus, which closes it. */
  async again(attempt) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      try {
        return await attempt(PATIENCE / 20);
      } catch (error) {
        if (Date.now() > until) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Labels of the quick input's rows. */
  async quickRows() {
    return this.page
      .locator(
        '.quick-input-list .monaco-list-row .quick-input-list-label-meta, .quick-input-list .monaco-list-row .label-name',
      )
      .allTextContents();
  }

  /** Runs a command by its exact palette title. */
  async command(title) {
    await this.again(async (timeout) => {
      await this.palette(title);
      await this.quickPick(title, timeout);
    });
  }

  /** Chooses a row of the quick input by its label. */
  async quickPick(label, timeout = PATIENCE) {
    const row = this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .first();
    await row.click({ timeout });
  }

  /** A row of the explorer. */
  file(name) {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .first();
  }

  /** Opens the context menu of an explorer row and returns its items' labels. */
  async contextMenu(row) {
    await row.click({ button: 'right', timeout: PATIENCE });
    const items = this.page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
    await items.first().waitFor({ timeout: PATIENCE });
    return items.allTextContents();
  }

  /** Chooses an item of the open context menu by its exact label. A menu takes no click in its first moments: then it is clicked again. */
  async menuItem(label) {
    const menu = this.page.locator('.monaco-menu');
    const item = menu.locator('.action-item').filter({ has: this.page.getByText(label, { exact: true }) });
    const until = Date.now() + PATIENCE;
    for (let clicked = false; ; clicked = true) {
      // one that was clicked may go at any moment, in the middle of the next click too
      await item
        .first()
        .click({ timeout: clicked ? PATIENCE / 60 : PATIENCE })
        .catch((error) => {
          if (!clicked) throw error;
        });
      const closed = await menu
        .first()
        .waitFor({ state: 'detached', timeout: PATIENCE / 60 })
        .then(
          () => true,
          () => false,
        );
      if (closed) return;
      if (Date.now() > until) throw new Error(`the menu stays open after a click on ${label}`);
    }
  }

  /** A notification that holds this text. */
  notification(text) {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  }

  /** Clicks a button of a notification. */
  async answer(notification, button) {
    await notification.hover({ timeout: PATIENCE });
    await notification.locator('.monaco-button').filter({ hasText: button }).first().click({ timeout: PATIENCE });
  }

  /** An editor tab by its label. */
  tab(label) {
    return this.page.locator('.tabs-container .tab').filter({ hasText: label }).first();
  }

  /** Shows our side bar. */
  async showViews() {
    await this.command('MuSc Inspector: Focus on Runs View');
    await this.page.locator('.pane-header').filter({ hasText: 'Runs' }).first().waitFor({ timeout: PATIENCE });
  }

  /** Rows of our side bar, as their accessible names or text. */
  viewRows() {
    return this.page.locator('.sidebar .monaco-list-row');
  }
}
