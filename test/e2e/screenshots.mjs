// Pictures for the README, from the packaged extension in a real workbench, on the sample data set.
//   node test/e2e/screenshots.mjs [--vsix FILE] [--out DIR] [--only menu,progress,..]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { EditorServer, PATIENCE, THEMES } from './editor.mjs';
import { firstPicture, installedCli, RUN_PATIENCE, runsOf, thumbnailIsDrawn } from './steps.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    vsix: { type: 'string' },
    out: { type: 'string', default: path.join(root, 'media/screenshots') },
    only: { type: 'string' },
  },
});
const wanted = (name) => options.only === undefined || options.only.split(',').includes(name);
const vsix = options.vsix ?? newestPackage();
mkdirSync(options.out, { recursive: true });
const workspace = path.join(mkdtempSync(path.join(os.tmpdir(), 'musc-shots-')), 'inspection');
mkdirSync(workspace);
let server = await EditorServer.start({ vsix, settings: look('dark') });
try {
  const cli = installedCli(server);
  const sample = path.join(workspace, 'covers');
  execFileSync(process.execPath, [cli, 'sample', sample], { stdio: 'ignore' });
  let editor = await server.open(workspace, { width: 1280, height: 800 });
  await editor.offers('MuSc: Score Folder...');
  await editor.contextMenu(editor.file('covers'));
  await editor.page
    .locator('.monaco-menu .action-item')
    .filter({ has: editor.page.getByText('Score This Folder', { exact: true }) })
    .first()
    .hover();
  await shoot(editor, 'menu', { pointer: null, clip: { x: 0, y: 36, width: 620, height: 610 } });
  await editor.menuItem('Score This Folder');
  await editor.page
    .locator('.notification-list-item')
    .filter({ hasText: /(Reading|Comparing) pictures, \d/ })
    .first()
    .waitFor({ timeout: RUN_PATIENCE });
  await editor.showViews();
  await editor.page.waitForTimeout(1500);
  await shoot(editor, 'progress', { clip: { x: 0, y: 600, width: 1280, height: 200 } });
  await firstPicture(editor);
  await thumbnailIsDrawn(editor);
  const run = runsOf(sample).at(-1);
  execFileSync(process.execPath, [cli, 'score', sample, '--image-size', '256', '--device', 'cpu'], { stdio: 'ignore' });
  await editor.page.waitForTimeout(4000);
  // the side bar as wide as what it says
  await editor.page.mouse.move(349, 500);
  await editor.page.mouse.down();
  await editor.page.mouse.move(620, 500, { steps: 8 });
  await editor.page.mouse.up();
  await editor.page.waitForTimeout(1000);
  await shoot(editor, 'views', { clip: { x: 0, y: 36, width: 616, height: 764 } });
  await server.close();

  if (wanted('run')) {
    const themes = [];
    for (const theme of ['dark', 'light']) {
      server = await EditorServer.start({ vsix, settings: look(theme) }); // a new one remembers no hidden side bar
      editor = await server.open(path.dirname(run), { width: 1440, height: 900 });
      await editor.offers('MuSc: Score Folder...'); // before it is awake, the file would open as text
      await editor.file('run.musc.json').dblclick({ timeout: PATIENCE });
      await firstPicture(editor);
      await thumbnailIsDrawn(editor);
      await editor.command('View: Toggle Primary Side Bar Visibility');
      await editor.webview().locator('[role=gridcell][data-rank="2"]').click({ timeout: PATIENCE });
      await editor.page.waitForTimeout(6000); // thumbnails and heat of the whole window
      themes.push(await photograph(editor));
      await server.close();
    }
    await write('run', await halfAndHalf(...themes));
  }

  if (wanted('panes')) {
    server = await EditorServer.start({ vsix, settings: look('light') });
    editor = await server.open(workspace, { width: 660, height: 860 }); // so narrow that a pane has all the width
    await editor.offers('MuSc: Score Folder...');
    await editor.command('MuSc: Open Run...');
    await editor.page.locator('.quick-input-widget input[placeholder^="Which run"]').waitFor({ timeout: PATIENCE });
    await editor.page.locator('.quick-input-list .monaco-list-row').last().click({ timeout: PATIENCE });
    await firstPicture(editor);
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await shootPanes(editor);
    await server.close();
  }
} finally {
  await server.close();
  rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
}

function look(theme) {
  return {
    'workbench.colorTheme': THEMES[theme],
    'workbench.layoutControl.enabled': false,
    'breadcrumbs.enabled': false,
  };
}

async function photograph(editor, { pointer = { x: 5, y: 795 }, clip } = {}) {
  if (pointer) await editor.page.mouse.move(pointer.x, pointer.y);
  return editor.page.screenshot({ clip });
}

async function shoot(editor, name, how) {
  if (wanted(name)) await write(name, await photograph(editor, how));
}

/** The first picture above a slanting line, the second below it. */
async function halfAndHalf(first, second) {
  const { width, height } = await sharp(first).metadata();
  const [top, foot] = [width * 0.66, width * 0.5];
  const shape = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path d="M${top} 0H${width}V${height}H${foot}Z"/></svg>`;
  const part = await sharp(second)
    .composite([{ input: Buffer.from(shape), blend: 'dest-in' }])
    .png()
    .toBuffer();
  return sharp(first)
    .composite([{ input: part }])
    .png()
    .toBuffer();
}

/** All of them lie in the repository: they must be small. */
async function write(name, png) {
  const picture = await sharp(png)
    .resize({ width: 1200, withoutEnlargement: true })
    .webp({ quality: 68, effort: 6, preset: 'text' })
    .toBuffer();
  writeFileSync(path.join(options.out, `${name}.webp`), picture);
  console.log(`${name}: ${(picture.length / 1000).toFixed(0)} kB`);
}

/** What is beside the grid: an explained patch, the metrics, a review, another run; in one picture. */
async function shootPanes(editor) {
  const panel = editor.webview();
  const side = panel.locator('musc-side');
  const shots = [];
  const shot = async () => {
    await editor.page.mouse.move(5, 5);
    await side.evaluate((element) => element.shadowRoot.activeElement?.blur()); // no ring around it
    await editor.page.waitForTimeout(1500);
    shots.push(await side.screenshot());
  };
  const open = (tab) => panel.getByRole('tab', { name: tab }).click({ timeout: PATIENCE });
  await panel.locator('[role=gridcell][data-rank="2"]').dblclick({ timeout: PATIENCE });
  await editor.page.keyboard.press('w');
  await panel.locator('musc-crop').first().waitFor({ timeout: RUN_PATIENCE });
  await shot();
  await open('Metrics');
  await shot();
  await open('Review');
  for (const label of ['2', '2', '1', '3', '2']) await editor.page.keyboard.press(label);
  await shot();
  await open('Compare');
  await panel.locator('musc-compare-choice select').selectOption({ index: 1 }, { timeout: PATIENCE });
  await panel.locator('musc-compare-images tbody tr').first().waitFor({ timeout: RUN_PATIENCE });
  await shot();
  const { width, height } = await sharp(shots[0]).metadata();
  const gap = 24;
  const place = (i) => ({ left: (i % 2) * (width + gap), top: Math.floor(i / 2) * (height + gap) });
  const sheet = { width: 2 * width + gap, height: 2 * height + gap, channels: 3, background: '#d8d8d8' };
  const parts = shots.map((input, i) => ({ input, ...place(i) }));
  await write('panes', await sharp({ create: sheet }).composite(parts).png().toBuffer());
}

function newestPackage() {
  const out = path.join(root, 'out');
  const file = readdirSync(out)
    .filter((name) => name.includes(`-${process.platform}-${process.arch}-`) && name.endsWith('.vsix'))
    .sort()
    .at(-1);
  if (!file) throw new Error('no package: npm run package makes one');
  return path.join(out, file);
}
