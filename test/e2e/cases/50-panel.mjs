// What only the real editor shows of the panel: a run that is being made, and labels that come from a file.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { manifoldRun, miniatureMvtec, productFolder } from '../pictures.mjs';
import {
  answerFileDialog,
  engines,
  firstPicture,
  holdEngines,
  installedCli,
  partsDrawn,
  readJson,
  RUN_PATIENCE,
  runsOf,
  scoreByMenu,
  until,
} from '../steps.mjs';

/** A metric as the panel shows it. */
const percent = ({ value }) => (value * 100).toFixed(1);

/** So many pictures that there is time to stop the engine while it reads them. */
const MANY = 60;

export default {
  title: 'panel',
  prepare: async (workspace) => {
    await productFolder(path.join(workspace, 'first'), { count: MANY, seed: 21 });
    await productFolder(path.join(workspace, 'second'), { count: MANY, seed: 22 });
    await miniatureMvtec(path.join(workspace, 'mini'), ['bottle']);
    return workspace;
  },
  cases: [
    {
      name: 'a run is watched while it is made, and gives way to its ranking',
      run: async ({ server, editor }) => {
        await scoreByMenu(editor, 'first');
        await until(() => engines(server, { ofRuns: true }).length > 0, 'an engine is at work');
        const held = holdEngines(server);
        try {
          await scoreByMenu(editor, 'second'); // waits for the other
          await editor.showViews();
          await editor.viewRows().filter({ hasText: 'second' }).first().click({ timeout: PATIENCE });
          const scoring = editor.tab('Scoring second');
          await scoring.waitFor({ timeout: PATIENCE });
          const panel = editor.webview();
          await panel.locator('musc-job-stages').waitFor({ timeout: PATIENCE });
          // the run of the first folder opens in front of it meanwhile
          await held.pass(() => editor.tab('run.musc.json').isVisible(), 'the first folder is scored', 300);
          await scoring.click({ timeout: PATIENCE });
          await held.pass(
            () => panel.locator('musc-waiting img').first().isVisible(),
            'pictures appear as they are read',
          );
          held.release();
          await scoring.waitFor({ state: 'detached', timeout: RUN_PATIENCE });
          assert.match(await firstPicture(editor), /odd\.png/);
        } finally {
          held.release();
        }
      },
    },
    {
      name: 'labels are imported from a CSV as one unsaved step',
      run: async ({ editor, workspace }) => {
        const file = path.join(workspace, 'labels.csv');
        writeFileSync(file, 'path,label\nodd.png,defect\n000.png,good\nnone.png,good\n');
        if (runsOf(path.join(workspace, 'first')).length === 0) await scoreByMenu(editor, 'first');
        else {
          await editor.showViews();
          await editor.viewRows().filter({ hasText: 'Top score' }).first().click({ timeout: PATIENCE });
        }
        await firstPicture(editor);
        await editor.command('MuSc: Import Labels...');
        await answerFileDialog(editor, { title: 'Import Labels', button: 'Import', file });
        await editor.notification('2 labels imported, 1 line was not understood').waitFor({ timeout: PATIENCE });
        const labelled = editor
          .webview()
          .locator('[role=gridcell][aria-label*="odd.png"][aria-label*="labelled defect"]');
        await labelled.waitFor({ timeout: PATIENCE });
        const dirty = editor.page.locator('.tabs-container .tab.dirty').filter({ hasText: 'run.musc.json' });
        await dirty.waitFor({ timeout: PATIENCE });
        await editor.webview().locator('[role=gridcell][data-rank="1"]').click({ timeout: PATIENCE });
        await editor.page.keyboard.press('Control+z');
        await dirty.waitFor({ state: 'detached', timeout: PATIENCE });
        await labelled.waitFor({ state: 'detached', timeout: PATIENCE });
      },
    },
    {
      name: 'a run of 10,000 images opens, goes to its last image, and follows the threshold',
      run: async ({ server, editor, workspace }) => {
        for (const name of ['few', 'many']) rmSync(path.join(workspace, name), { recursive: true, force: true }); // of an earlier try
        const few = await productFolder(path.join(workspace, 'few'), { count: 40, seed: 23 });
        execFileSync(process.execPath, [installedCli(server), 'score', few, '--image-size', '128', '--json'], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        manifoldRun(path.join(workspace, 'many'), runsOf(few)[0], 10_000);
        rmSync(path.join(few, '.musc'), { recursive: true });
        await editor.command('MuSc: Open Run...');
        const began = performance.now();
        await editor.quickPick('many');
        assert.match(await firstPicture(editor), /^1 /);
        console.log(`       10,000 images: the grid is there after ${Math.round(performance.now() - began)} ms`);
        const panel = editor.webview();
        await panel.getByText('10,000 images').first().waitFor({ timeout: PATIENCE });

        // all of it by keys: the last image, its picture, the threshold from end to end
        await panel.locator('[role=gridcell][data-rank="1"]').click({ timeout: PATIENCE });
        await partsDrawn(panel.locator('musc-stage canvas.below'));
        const last = panel.locator('[role=gridcell][data-rank="10000"]');
        await until(async () => {
          await editor.page.keyboard.press('End'); // the editor may just be taking the focus back from its list of runs
          return last.isVisible();
        }, 'the last image is shown');
        await until(
          async () =>
            (await last
              .locator('img')
              .first()
              .evaluate((image) => image.naturalWidth)) > 0,
          'the thumbnail of the last image is loaded',
        );
        const name = /\d{5}\.png/.exec((await last.getAttribute('aria-label')) ?? '')?.[0] ?? 'no name';
        await panel.locator('musc-image-pane').getByText(name).first().waitFor({ timeout: PATIENCE });
        const [pixels] = await partsDrawn(panel.locator('musc-stage canvas.below'));
        assert.ok(pixels.length > 0);

        const above = panel.locator('musc-filters .chip').filter({ hasText: 'Above threshold' });
        const handle = panel.locator('musc-histogram .handle');
        const { x, y, width, height } = await handle.boundingBox({ timeout: PATIENCE });
        const { mouse } = editor.page;
        await mouse.move(x + width / 2, y + height / 2);
        await mouse.down();
        await mouse.move(x - 40, y + height / 2, { steps: 20 });
        assert.notEqual(await handle.getAttribute('aria-valuetext'), '');
        await mouse.move(0, y + height / 2, { steps: 20 });
        await mouse.up();
        await above.filter({ hasText: '10,000' }).waitFor({ timeout: PATIENCE });
        await editor.page.keyboard.press('End');
        await above.filter({ hasText: /threshold\s*[01]\s*$/ }).waitFor({ timeout: PATIENCE });
        assert.equal(await panel.locator('musc-problem-note').count(), 0);
      },
    },
    {
      name: 'two runs of one folder are compared: what differs in figures, settings and images, and both maps',
      run: async ({ server, editor, workspace }) => {
        const folder = path.join(workspace, 'mini', 'bottle');
        rmSync(path.join(folder, '.musc'), { recursive: true, force: true });
        for (const options of [
          ['--image-size', '128', '--degrees', '1'],
          ['--image-size', '224', '--degrees', '3'],
        ])
          execFileSync(process.execPath, [installedCli(server), 'score', folder, ...options, '--json'], {
            stdio: ['ignore', 'ignore', 'pipe'],
          });
        await editor.offers('MuSc: Compare Runs...');
        await editor.command('MuSc: Compare Runs...');
        for (const question of ['Which run to compare?', 'Compare with which run?']) {
          await editor.page
            .locator(`.quick-input-widget input[placeholder="${question}"]`)
            .waitFor({ timeout: PATIENCE });
          await editor.quickPick(path.join('mini', 'bottle'));
        }
        await editor.tab('run.musc.json').waitFor({ timeout: RUN_PATIENCE });
        const pane = editor.webview().locator('musc-compare-pane');
        const cells = async (table, row) => {
          const line = pane.getByRole('table').filter({ hasText: table }).getByRole('row').filter({ hasText: row });
          await line.waitFor({ timeout: RUN_PATIENCE });
          return (await line.getByRole('cell').allInnerTexts()).map((text) => text.trim());
        };

        const [, input, otherInput] = await cells('Setting', 'Input');
        assert.deepEqual([input, otherInput].sort(), ['128 × 128 px', '224 × 224 px']);
        const runs = runsOf(folder).map(readJson);
        const [here, there] = [input, otherInput].map((size) => runs.find((run) => size.startsWith(run.input.width)));
        assert.deepEqual(await cells('Setting', 'Degrees'), [
          'Degrees',
          `${here.settings.degrees}`,
          `${there.settings.degrees}`,
        ]);
        const figures = [here, there].map((run) => run.metrics.pixel.ap);
        const [, mine, theirs, difference] = await cells('Difference', 'Pixel AP');
        assert.deepEqual([mine, theirs], figures.map(percent));
        const gain = figures[0].value - figures[1].value;
        assert.equal(difference, `${gain > 0 ? '+' : '−'}${percent({ value: Math.abs(gain) })}`);

        await pane.getByText('8 in both runs').waitFor({ timeout: PATIENCE });
        await pane.getByRole('button', { name: 'Largest rank changes' }).click({ timeout: PATIENCE });
        const rows = pane.locator('musc-compare-images tbody tr');
        assert.equal(await rows.count(), 8);
        const name = (await rows.first().getByRole('button').getAttribute('title')) ?? '';
        await rows.first().getByRole('button').click({ timeout: PATIENCE });
        await pane.getByRole('img', { name: `${name}: maps of both runs` }).waitFor({ timeout: PATIENCE });
        await pane.getByText('above threshold').waitFor({ timeout: RUN_PATIENCE });
        await until(async () => {
          const [left, right] = await partsDrawn(pane.locator('musc-stage canvas.below'), 2);
          return left.filter((value, i) => value !== right[i]).length > left.length / 100;
        }, 'the maps of both runs are drawn, each its own');
        assert.equal(await pane.locator('musc-problem-note').count(), 0);
      },
    },
  ],
};
