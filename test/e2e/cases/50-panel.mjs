// What only the real editor shows of the panel: a run that is being made, and labels that come from a file.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import {
  answerFileDialog,
  engines,
  firstPicture,
  holdEngines,
  RUN_PATIENCE,
  runsOf,
  scoreByMenu,
  until,
} from '../steps.mjs';

/** So many pictures that there is time to stop the engine while it reads them. */
const MANY = 60;

export default {
  title: 'panel',
  prepare: async (workspace) => {
    await productFolder(path.join(workspace, 'first'), { count: MANY, seed: 21 });
    await productFolder(path.join(workspace, 'second'), { count: MANY, seed: 22 });
    return workspace;
  },
  cases: [
    {
      name: 'a run is watched while it is made, and gives way to its ranking',
      run: async ({ server, editor, workspace }) => {
        await scoreByMenu(editor, 'first');
        await until(() => engines(server, { ofRuns: true }).length > 0, 'an engine is at work');
        const held = holdEngines(server);
        try {
          await scoreByMenu(editor, 'second'); // waits for the other
          await editor.palette('MuSc: Watch Run');
          await editor.quickPick('MuSc: Watch Run');
          await editor.quickPick('second');
          const scoring = editor.tab('Scoring second');
          await scoring.waitFor({ timeout: PATIENCE });
          const panel = editor.webview();
          await panel.locator('musc-job-stages').waitFor({ timeout: PATIENCE });
          // the run of the first folder opens in front of it meanwhile
          await held.pass(() => runsOf(path.join(workspace, 'first')).length > 0, 'the first folder is scored', 300);
          await editor.tab('run.musc.json').waitFor({ timeout: PATIENCE });
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
  ],
};
