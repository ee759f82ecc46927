// A run as a document: labels with undo, redo, dirty mark, save, hot exit, and another window.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import {
  answerFileDialog,
  comesBack,
  firstPicture,
  readJson,
  RUN_PATIENCE,
  runsOf,
  scoreByMenu,
  until,
} from '../steps.mjs';

const labelsFile = (workspace) => path.join(workspace, 'discs', '.musc', 'labels.json');
const dirty = (editor) => editor.page.locator('.tabs-container .tab.dirty').filter({ hasText: 'run.musc.json' });
const first = (editor) => editor.webview().locator('[role=gridcell][data-rank="1"]');

/** Whether a backup of unsaved labels that holds this one lies where the server keeps what belongs to a workspace. */
function backedUp(server, label) {
  const storage = path.join(server.home, 'data', 'User', 'workspaceStorage');
  const files = existsSync(storage) ? readdirSync(storage, { recursive: true }) : [];
  return files
    .filter((file) => file.endsWith('.labels.json'))
    .some((file) => textOf(path.join(storage, file)).includes(`"${label}"`));
}

/** A file's text; none if it was removed since it was listed. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Opens the folder's run, scoring it first if need be, without labels. */
async function open({ editor, workspace }) {
  rmSync(labelsFile(workspace), { force: true });
  if (runsOf(path.join(workspace, 'discs')).length === 0) await scoreByMenu(editor, 'discs');
  else {
    await editor.showViews();
    await editor.viewRows().filter({ hasText: 'Top score' }).first().click({ timeout: PATIENCE });
  }
  await firstPicture(editor);
  await unlabelled(editor);
  await first(editor).click({ timeout: PATIENCE });
}

const named = (editor, text) =>
  until(
    async () => ((await first(editor).getAttribute('aria-label')) ?? '').includes(text),
    `the first picture is ${text}`,
  );
const unlabelled = (editor) =>
  until(
    async () => !((await first(editor).getAttribute('aria-label')) ?? '').includes('labelled'),
    'the first picture has no label',
  );

export default {
  title: 'run editor',
  prepare: (workspace) => productFolder(path.join(workspace, 'discs')).then(() => workspace),
  cases: [
    {
      name: 'label, undo, redo, save, reopen',
      run: async ({ editor, workspace }) => {
        await open({ editor, workspace });
        await editor.page.keyboard.press('2');
        await named(editor, 'labelled defect');
        await dirty(editor).waitFor({ timeout: PATIENCE });
        await editor.page.keyboard.press('Control+z');
        await unlabelled(editor);
        await dirty(editor).waitFor({ state: 'detached', timeout: PATIENCE });
        await editor.page.keyboard.press('Control+Shift+z');
        await named(editor, 'labelled defect');
        await editor.page.keyboard.press('Control+s');
        await dirty(editor).waitFor({ state: 'detached', timeout: PATIENCE });
        assert.equal(readJson(labelsFile(workspace)).labels['odd.png'].label, 'defect');
        await editor.command('View: Close Editor');
        await editor.showViews();
        await editor.viewRows().filter({ hasText: 'Top score' }).first().click({ timeout: PATIENCE });
        await first(editor).waitFor({ timeout: RUN_PATIENCE });
        await named(editor, 'labelled defect');
      },
    },
    {
      name: 'unsaved labels survive a reload (hot exit) and a revert drops them',
      run: async ({ server, editor, workspace }) => {
        await open({ editor, workspace });
        await editor.page.keyboard.press('1');
        await named(editor, 'labelled good');
        await dirty(editor).waitFor({ timeout: PATIENCE });
        await until(() => backedUp(server, 'good'), 'the backup is written');
        await editor.reload();
        await comesBack(editor, first(editor));
        await named(editor, 'labelled good');
        await dirty(editor).waitFor({ timeout: PATIENCE });
        assert.equal(existsSync(labelsFile(workspace)), false, 'nothing was saved');
        await first(editor).click();
        await editor.command('File: Revert File');
        await unlabelled(editor);
        await dirty(editor).waitFor({ state: 'detached', timeout: PATIENCE });
      },
    },
    {
      name: 'an export of labels has those that were not saved, and saves them',
      run: async ({ editor, workspace }) => {
        const csv = path.join(workspace, 'labels.csv');
        rmSync(csv, { force: true }); // of an earlier try
        await open({ editor, workspace });
        await editor.page.keyboard.press('2');
        await named(editor, 'labelled defect');
        await dirty(editor).waitFor({ timeout: PATIENCE });
        await editor.webview().getByRole('tab', { name: 'Review' }).click({ timeout: PATIENCE });
        await editor.webview().getByRole('button', { name: 'Export labels…' }).click({ timeout: PATIENCE });
        await editor.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'CSV' }).click();
        await answerFileDialog(editor, { title: 'Export Results', button: 'OK', file: csv });
        await until(() => existsSync(csv), 'the labels are exported', RUN_PATIENCE);
        await dirty(editor).waitFor({ state: 'detached', timeout: PATIENCE });
        assert.match(readFileSync(csv, 'utf8'), /odd\.png.*defect/);
        assert.equal(readJson(labelsFile(workspace)).labels['odd.png'].label, 'defect');
      },
    },
    {
      name: 'labels that another window saves appear, and none is lost',
      run: async ({ editor, workspace }) => {
        await open({ editor, workspace });
        await editor.page.keyboard.press('2');
        await named(editor, 'labelled defect');
        const theirs = {
          format: 'musc-labels',
          version: 1,
          labels: { '003.png': { label: 'unsure', at: new Date().toISOString() } },
        };
        writeFileSync(labelsFile(workspace), JSON.stringify(theirs));
        await editor
          .webview()
          .locator('[role=gridcell][aria-label*="003.png"][aria-label*="labelled unsure"]')
          .waitFor({ timeout: PATIENCE });
        await editor.page.keyboard.press('Control+s');
        await dirty(editor).waitFor({ state: 'detached', timeout: PATIENCE });
        const { labels } = readJson(labelsFile(workspace));
        assert.equal(labels['003.png'].label, 'unsure');
        assert.equal(labels['odd.png'].label, 'defect');
      },
    },
    {
      name: 'a damaged run opens with what is wrong and what to do',
      run: async ({ editor, workspace }) => {
        const offered = editor.page.locator('.editor-actions [aria-label^="Export Results"]');
        await open({ editor, workspace });
        await offered.waitFor({ timeout: PATIENCE });
        await editor.command('View: Close Editor');
        const [run] = runsOf(path.join(workspace, 'discs'));
        writeFileSync(run, readFileSync(run, 'utf8').slice(0, 200));
        await editor.showViews();
        await editor.viewRows().filter({ hasText: 'Unreadable run' }).first().click({ timeout: PATIENCE });
        await editor
          .webview()
          .getByText(/score the folder again/i)
          .first()
          .waitFor({ timeout: RUN_PATIENCE });
        await offered.waitFor({ state: 'detached', timeout: PATIENCE });
      },
    },
  ],
};
