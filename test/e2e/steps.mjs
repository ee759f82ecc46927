// What several cases do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PATIENCE } from './editor.mjs';

/** A run takes longer on a machine that does other things too, ms. */
export const RUN_PATIENCE = 4 * PATIENCE;

/** Right-clicks a folder of the explorer and scores it; waits for nothing. */
export async function scoreByMenu(editor, folder) {
  await editor.offers('MuSc: Score Folder...');
  await editor.contextMenu(editor.file(folder));
  await editor.menuItem('Score This Folder');
}

/** Waits for the run editor and its first ranked picture; returns that picture's accessible name. */
export async function firstPicture(editor) {
  await editor.tab('run.musc.json').waitFor({ timeout: RUN_PATIENCE });
  const first = editor.webview().locator('[role=gridcell][data-rank="1"]');
  await first.waitFor({ timeout: RUN_PATIENCE });
  return first.getAttribute('aria-label');
}

/** Waits for the run after a reload, and for what it shows. Where the editor has forgotten its tabs, as it does in a browser now and then, it is opened by hand. */
export async function comesBack(editor, shown) {
  const back = editor.tab('run.musc.json').waitFor({ timeout: PATIENCE / 4 });
  if (!(await back.then(() => true).catch(() => false))) {
    console.log('       the editor did not open its tabs again');
    await editor.showViews();
    await editor.viewRows().filter({ hasText: 'Top score' }).first().click({ timeout: PATIENCE });
  }
  await shown.waitFor({ timeout: RUN_PATIENCE });
}

/** The picture of rank 1 is really drawn: its thumbnail was loaded. */
export async function thumbnailIsDrawn(editor) {
  const image = editor.webview().locator('[role=gridcell][data-rank="1"] img').first();
  await image.waitFor({ timeout: PATIENCE });
  await until(
    async () => (await image.evaluate((element) => element.naturalWidth)) > 0,
    'the first thumbnail is loaded',
  );
}

/** Waits until every part of a canvas shows something: parts are of the same width, side by side. Returns their pixels. */
export async function partsDrawn(canvas, parts = 1) {
  const read = () =>
    canvas.evaluate((element, count) => {
      const { width, height } = element;
      const side = Math.floor(width / count);
      if (side === 0 || height === 0) return null;
      const context = element.getContext('2d');
      return Array.from({ length: count }, (_, i) => [...context.getImageData(i * side, 0, side, height).data]);
    }, parts);
  let pixels = null;
  await until(async () => {
    pixels = await read();
    return pixels?.every((part) => part.some((value) => value !== 0)) ?? false;
  }, 'the canvas is drawn');
  return pixels;
}

/** So many looks in a row have to find what a field shall keep. */
const KEPT = 10;

/** Answers the editor's own file dialog with a path, once it has read the folder that it opened with. */
export async function answerFileDialog(editor, { title, button, file }) {
  const dialog = editor.page.locator('.quick-input-widget').filter({ hasText: title });
  const input = dialog.locator('input.input');
  await until(async () => (await input.inputValue()).includes('/'), 'the dialog shows a folder');
  // the dialog fills its field in again when it has read the folder
  let kept = 0;
  await until(async () => {
    if ((await input.inputValue()) === file) return ++kept === KEPT;
    kept = 0;
    await input.fill(file, { timeout: PATIENCE });
    return false;
  }, 'the dialog keeps the file');
  await dialog.locator('.monaco-button').filter({ hasText: button }).first().click({ timeout: PATIENCE });
}

/** The command line of the installed extension: what a user of scripts runs. */
export function installedCli(server) {
  const name = readdirSync(server.extensions).find((folder) => folder.startsWith('musc-inspector.'));
  return path.join(server.extensions, name, 'dist', 'cli.js');
}

/** Run files below a folder's .musc, newest last. */
export function runsOf(folder) {
  const runs = path.join(folder, '.musc', 'runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .sort()
    .map((name) => path.join(runs, name, 'run.musc.json'))
    .filter((file) => existsSync(file));
}

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** A setting in the settings file; undefined also while the editor is just writing the file. */
export function settingIn(file, name) {
  try {
    return readJson(file)[name];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Waits for something to become true. */
export async function until(check, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    if (await check()) return;
    if (Date.now() > end) assert.fail(`not so after ${patience / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Priority of engines that make runs, as the product sets it: higher numbers give way. */
const GIVES_WAY = os.constants.priority.PRIORITY_BELOW_NORMAL;

/** Process ids of the engines of this server's windows; of those alone that make runs (they give way to the editor) where it is said. */
export function engines(server, { ofRuns = false } = {}) {
  // ww: no line is cut, whatever COLUMNS says
  return execFileSync('ps', ['-eww', '-o', 'pid=,ni=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .filter((line) => line.includes(server.extensions) && line.includes('dist/engine.js'))
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, nice]) => !ofRuns || nice >= GIVES_WAY)
    .map(([pid]) => pid);
}

/** Milliseconds that held engines work each time they are let go on; and how often they are looked for. */
const MOMENT = 100;

/**
 * Holds the engines that make runs, those that start later too, so that there is time to look at what passes in a moment on a fast
 * machine; the panel's own goes on. `pass(check, what, moment?)` lets them work moment by moment (ms) until something is seen;
 * `release()` lets them go.
 */
export function holdEngines(server) {
  const signal = (name) => {
    for (const pid of engines(server, { ofRuns: true }))
      try {
        process.kill(pid, name);
      } catch {
        // it ended meanwhile
      }
  };
  let held = true;
  const hold = () => held && signal('SIGSTOP');
  hold();
  const timer = setInterval(hold, MOMENT);
  const letGo = () => {
    held = false;
    signal('SIGCONT');
  };
  return {
    async pass(check, what, moment = MOMENT) {
      await until(
        async () => {
          if (await check()) return true;
          letGo();
          await new Promise((resolve) => setTimeout(resolve, moment));
          held = true;
          hold();
          await new Promise((resolve) => setTimeout(resolve, 2 * MOMENT)); // what they told is shown
          return false;
        },
        what,
        RUN_PATIENCE,
      );
    },
    release() {
      clearInterval(timer);
      letGo();
    },
  };
}
