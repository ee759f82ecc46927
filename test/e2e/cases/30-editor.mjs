// What the editor shows of us: palette, settings, views, walkthrough.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { firstPicture, installedCli, RUN_PATIENCE, runsOf, scoreByMenu, until } from '../steps.mjs';

const ALWAYS = [
  'Score Folder...',
  'Score With Options...',
  'Open Run...',
  'Select Device...',
  'Show Log',
  'Open Settings',
  'Open Walkthrough',
  'Install Backbone...',
];
const WITH_A_RUN = ['Export Results...', 'Delete Run', 'Score Again'];
const NEVER = ['Score This Folder', 'Cancel Run', 'Refresh', 'Use This Backbone'];

export default {
  title: 'editor',
  prepare: (workspace) => productFolder(path.join(workspace, 'discs')).then(() => workspace),
  cases: [
    {
      name: 'a run of the command line appears in the runs view and opens; Delete Run deletes it',
      run: async ({ server, editor, workspace }) => {
        const copies = ['one', 'two', 'three', 'four'];
        for (const name of ['uno', ...copies]) rmSync(path.join(workspace, name), { recursive: true, force: true }); // of an earlier try
        await editor.showViews();
        await editor.page.locator('.sidebar').getByText('Nothing scored yet').waitFor({ timeout: PATIENCE });
        execFileSync(process.execPath, [installedCli(server), 'score', path.join(workspace, 'discs'), '--json'], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        const row = editor.viewRows().filter({ hasText: 'Top score' }).first();
        await row.waitFor({ timeout: PATIENCE });
        await row.click();
        assert.match(await firstPicture(editor), /odd\.png/);
        const [run] = runsOf(path.join(workspace, 'discs'));

        // folders that come with their runs, change their names, go: whatever program did it
        const folders = () =>
          editor
            .viewRows()
            .filter({ hasText: /Score This Folder/ })
            .locator('.label-name')
            .allTextContents();
        const listed = (...names) =>
          until(async () => `${(await folders()).sort()}` === `${names.sort()}`, `the view lists ${names.join(', ')}`);
        for (const name of copies)
          cpSync(path.join(workspace, 'discs'), path.join(workspace, name), { recursive: true });
        await listed('discs', ...copies);
        renameSync(path.join(workspace, 'one'), path.join(workspace, 'uno'));
        await listed('discs', 'uno', ...copies.slice(1));
        for (const name of ['uno', ...copies.slice(1)]) rmSync(path.join(workspace, name), { recursive: true });
        await listed('discs');

        await editor.contextMenu(row);
        await editor.menuItem('Delete Run');
        await editor.page
          .locator('.monaco-dialog-box .monaco-button')
          .filter({ hasText: 'Delete' })
          .first()
          .click({ timeout: PATIENCE });
        await row.waitFor({ state: 'detached', timeout: PATIENCE });
        assert.equal(existsSync(run), false);
      },
    },
    {
      name: 'the editor says what waking up cost',
      run: async ({ editor }) => {
        await editor.command('Developer: Show Running Extensions');
        const running = editor.page
          .locator('.runtime-extensions-editor .extension')
          .filter({ hasText: 'MuSc' })
          .first();
        await running.waitFor({ timeout: PATIENCE });
        const [, ms] = /Activation: (\d+)\s*ms/.exec(await running.innerText()) ?? [];
        assert.ok(ms, 'it is awake');
        console.log(`       activation ${ms} ms by the editor's own count`);
      },
    },
    {
      name: 'the palette offers what makes sense, and nothing else',
      run: async ({ editor }) => {
        await editor.offers('MuSc: Score Folder...');
        const shown = async () => {
          const rows = await editor.palette('MuSc: ');
          await editor.page.keyboard.press('Escape');
          return rows.filter((row) => row.startsWith('MuSc: ')).map((row) => row.slice(6));
        };
        // rows of before stay for a while
        const settles = async (wanted, unwanted, what) => {
          let wrong = [];
          await until(async () => {
            const rows = await shown();
            wrong = [
              ...wanted.filter((title) => !rows.includes(title)),
              ...unwanted.filter((title) => rows.includes(title)),
            ];
            return wrong.length === 0;
          }, what).catch((error) => {
            assert.deepEqual(wrong, [], what);
            throw error;
          });
        };
        await settles(ALWAYS, [...WITH_A_RUN, ...NEVER], 'what is offered without a run, and what not');
        await scoreByMenu(editor, 'discs');
        await firstPicture(editor);
        await settles(WITH_A_RUN, [], 'what is offered with a run');
      },
    },
    {
      name: 'score from the palette: a quick pick of folders',
      run: async ({ editor }) => {
        await editor.offers('MuSc: Score Folder...');
        await editor.command('MuSc: Score Folder...');
        await editor.quickPick('discs');
        assert.match(await firstPicture(editor), /odd\.png/);
      },
    },
    {
      name: 'score with options: five steps, what it will take, and the choice is what runs',
      run: async ({ editor, workspace }) => {
        await editor.offers('MuSc: Score With Options...');
        await editor.command('MuSc: Score With Options...');
        await editor.quickPick('discs');
        await editor.quickPick('MuSc embedded');
        await editor.quickPick('224 px');
        await editor.quickPick('CPU');
        await editor.quickPick('reference');
        await editor.quickPick('1');
        await editor.quickPick('Score'); // what it will take is said first
        await firstPicture(editor);
        const run = JSON.parse(
          execFileSync('cat', [runsOf(path.join(workspace, 'discs')).at(-1)], { encoding: 'utf8' }),
        );
        assert.deepEqual(
          [run.input.width, run.device.requested, run.settings.protocol, run.settings.subsets],
          [224, 'cpu', 'reference', 1],
        );
      },
    },
    {
      name: 'a wrong setting is named, and its setting opens',
      run: async ({ server, editor, workspace }) => {
        const before = runsOf(path.join(workspace, 'discs')).length;
        server.setSettings({ 'musc.degrees': [2] });
        await editor.reload(); // a window that is open takes a changed file over some time later, unseen
        await editor.showExplorer();
        await scoreByMenu(editor, 'discs');
        const notice = editor.notification('musc.degrees');
        await notice.waitFor({ timeout: PATIENCE });
        assert.match(await notice.textContent(), /odd numbers/);
        await editor.answer(notice, 'Open Setting');
        await editor.page
          .locator('.settings-editor .setting-item-title')
          .filter({ hasText: 'Degrees' })
          .first()
          .waitFor({ timeout: PATIENCE });
        assert.equal(runsOf(path.join(workspace, 'discs')).length, before, 'nothing was scored');
        server.setSettings({});
      },
    },
    {
      name: 'the walkthrough opens with its steps',
      run: async ({ editor }) => {
        await editor.offers('MuSc: Open Walkthrough');
        await editor.command('MuSc: Open Walkthrough');
        for (const step of ['Score a folder', 'Read the ranking', 'Label what you see', 'Choose a stronger backbone'])
          await editor.page
            .locator('.getting-started-step .step-title')
            .filter({ hasText: step })
            .first()
            .waitFor({ timeout: RUN_PATIENCE });
      },
    },
  ],
};
