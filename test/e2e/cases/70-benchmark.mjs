// A benchmark from the palette to every export.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { miniatureMvtec, productFolder } from '../pictures.mjs';
import { firstPicture, readJson, RUN_PATIENCE, until } from '../steps.mjs';

const CATEGORIES = ['bottle', 'hazelnut'];
const FORMATS = { csv: 'CSV', md: 'Markdown', tex: 'LaTeX', xlsx: 'Excel', html: 'HTML' };

/** What each file begins with or holds, as text. */
const CONTENT = {
  csv: /data_set.*[\s\S]*mini,bottle,8,/,
  md: /\| bottle \| 8 \|[\s\S]*\*\*mean\*\*/,
  tex: /\\toprule[\s\S]*bottle &/,
  xlsx: /^PK/,
  html: /^<!doctype html>[\s\S]*hazelnut/i,
};

const benchFolder = (workspace) => path.join(workspace, 'mini', '.musc', 'bench');
const documents = (workspace) =>
  existsSync(benchFolder(workspace))
    ? readdirSync(benchFolder(workspace)).filter((name) => name.endsWith('.musc-bench.json'))
    : [];

async function chooseFolder(editor, name) {
  await editor.offers('MuSc: Run Benchmark...');
  await editor.command('MuSc: Run Benchmark...');
  await editor.quickPick(name);
}

/** Runs the benchmark through its questions; ends with the document open. `without`: a category to leave out; `again`: how to begin where one is unfinished. */
async function runBenchmark(editor, { without, again } = {}) {
  await chooseFolder(editor, 'mini');
  const picker = editor.page.locator('.quick-input-widget');
  await picker.getByText('Run Benchmark: MVTec AD, without').first().waitFor({ timeout: PATIENCE });
  await picker.getByText('8 of 83 pictures').first().waitFor({ timeout: PATIENCE });
  if (without) await picker.locator('.monaco-list-row').filter({ hasText: without }).first().click();
  await picker.locator('.quick-input-action .monaco-button').filter({ hasText: 'OK' }).first().click();
  await editor.quickPick('reference');
  if (again) await editor.quickPick(again);
  await editor.tab('.musc-bench.json').waitFor({ timeout: RUN_PATIENCE });
  await editor.webview().getByRole('region', { name: 'Figures by category' }).waitFor({ timeout: RUN_PATIENCE });
}

/** Accepts the place that a dialog proposes. */
async function acceptPlace(editor) {
  const dialog = editor.page.locator('.quick-input-widget').filter({ hasText: 'Export Benchmark' });
  await dialog.waitFor({ timeout: PATIENCE });
  await dialog.locator('.monaco-button').filter({ hasText: 'OK' }).first().click({ timeout: PATIENCE });
}

export default {
  title: 'benchmark',
  prepare: async (workspace) => {
    await miniatureMvtec(path.join(workspace, 'mini'), CATEGORIES);
    await productFolder(path.join(workspace, 'discs'));
    return workspace;
  },
  cases: [
    {
      name: 'run from the palette: the table opens, sorts, leads to the runs, and every export is written',
      run: async ({ server, editor, workspace }) => {
        rmSync(path.join(workspace, 'mini', '.musc'), { recursive: true, force: true });
        server.setSettings({ 'musc.imageSize': 128 });
        await runBenchmark(editor);
        const [name] = documents(workspace);
        const bench = readJson(path.join(benchFolder(workspace), name));
        assert.deepEqual(
          bench.categories.map((row) => row.name),
          CATEGORIES,
        );
        assert.equal(bench.settings.protocol, 'reference');
        for (const { figures } of bench.categories) assert.equal(figures.image_auroc, 1);

        const page = editor.webview();
        const order = () => page.locator('tbody th[scope=row] .name').allInnerTexts();
        assert.deepEqual(
          (await order()).map((text) => text.trim()),
          CATEGORIES,
        );
        await page.locator('th[data-column=name] button').click();
        await until(async () => (await order())[0].trim() === 'hazelnut', 'a click on the head sorts');
        await page.getByText('Not in this folder: cable').first().waitFor({ timeout: PATIENCE });

        for (const [format, label] of Object.entries(FORMATS)) {
          if (format === 'html') {
            await editor.command('MuSc: Export Benchmark...');
            await editor.quickPick(label);
          } else await page.getByRole('button', { name: `Export as ${label}` }).click();
          await acceptPlace(editor);
          const file = path.join(benchFolder(workspace), `${path.basename(name, '.musc-bench.json')}.${format}`);
          await until(() => existsSync(file), `${format} is written`);
          assert.match(readFileSync(file, 'latin1'), CONTENT[format]);
        }

        await page.getByRole('button', { name: 'bottle' }).click();
        assert.match(await firstPicture(editor), /scratch/);
      },
    },
    {
      name: 'one category first, then the rest: what is done is kept',
      run: async ({ server, editor, workspace }) => {
        rmSync(path.join(workspace, 'mini', '.musc'), { recursive: true, force: true });
        server.setSettings({ 'musc.imageSize': 128 });
        const rows = () => readJson(path.join(benchFolder(workspace), documents(workspace)[0])).categories;
        await runBenchmark(editor, { without: 'hazelnut' });
        const [first, ...others] = rows();
        assert.deepEqual([first.name, others], ['bottle', []]);
        await editor.command('View: Close All Editors');
        await runBenchmark(editor, { again: 'Go on with the last one' });
        await editor.webview().getByRole('button', { name: 'hazelnut' }).waitFor({ timeout: RUN_PATIENCE });
        assert.equal(documents(workspace).length, 1);
        assert.deepEqual(rows()[0], first);
        assert.equal(rows()[1].name, 'hazelnut');
      },
    },
    {
      name: 'a folder that is no data set is explained, with the way to those that are',
      run: async ({ editor }) => {
        await chooseFolder(editor, 'discs');
        const notice = editor.notification('no data set');
        await notice.waitFor({ timeout: PATIENCE });
        await editor.answer(notice, 'Where to Get Data Sets');
        await editor.page
          .locator('.quick-input-list .monaco-list-row')
          .filter({ hasText: 'MVTec AD' })
          .first()
          .waitFor({ timeout: PATIENCE });
        await editor.page.keyboard.press('Escape');
      },
    },
  ],
};
