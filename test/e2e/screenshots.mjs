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
import { firstPicture, RUN_PATIENCE, runsOf, thumbnailIsDrawn } from './steps.mjs';

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
  const extensions = path.join(server.home, 'extensions');
  const cli = path.join(
    extensions,
    readdirSync(extensions).find((name) => name.startsWith('musc-inspector.')),
    'dist/cli.js',
  );
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
  await shoot(editor, 'menu');
  await editor.menuItem('Score This Folder');
  await editor.page
    .locator('.notification-list-item')
    .filter({ hasText: /(Reading|Comparing) pictures, \d/ })
    .first()
    .waitFor({ timeout: RUN_PATIENCE });
  await editor.showViews();
  await editor.page.waitForTimeout(1500);
  await shoot(editor, 'progress');
  await firstPicture(editor);
  await thumbnailIsDrawn(editor);
  const run = runsOf(sample).at(-1);
  execFileSync(process.execPath, [cli, 'score', sample, '--image-size', '256', '--device', 'cpu'], { stdio: 'ignore' });
  await editor.page.waitForTimeout(4000);
  await shoot(editor, 'views');
  await server.close();

  for (const [name, theme, size] of [
    ['run-dark', 'dark', [1440, 900]],
    ['run-light', 'light', [1440, 900]],
    ['run-contrast', 'hc', [1440, 900]],
    ['run-narrow', 'dark', [620, 900]],
  ]) {
    if (!wanted(name)) continue;
    server = await EditorServer.start({ vsix, settings: look(theme) }); // a new one remembers no hidden side bar
    editor = await server.open(path.dirname(run), { width: size[0], height: size[1] });
    await editor.offers('MuSc: Score Folder...'); // before it is awake, the file would open as text
    await editor.file('run.musc.json').dblclick({ timeout: PATIENCE });
    await firstPicture(editor);
    await thumbnailIsDrawn(editor);
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await editor.webview().locator('[role=gridcell][data-rank="2"]').click({ timeout: PATIENCE });
    await editor.page.waitForTimeout(6000); // thumbnails and heat of the whole window
    await shoot(editor, name);
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

/** Takes a picture. All of them lie in the package: they must be small. */
async function shoot(editor, name) {
  if (!wanted(name)) return;
  if (name !== 'menu') await editor.page.mouse.move(5, 795);
  const picture = await sharp(await editor.page.screenshot())
    .webp({ quality: 82, effort: 6 })
    .toBuffer();
  writeFileSync(path.join(options.out, `${name}.webp`), picture);
  console.log(`${name}: ${(picture.length / 1000).toFixed(0)} kB`);
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
