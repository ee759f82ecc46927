// From a folder to the first heatmap, and what can go wrong on the way.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { brokenPictures, productFolder } from '../pictures.mjs';
import {
  answerFileDialog,
  engines,
  firstPicture,
  holdEngines,
  partsDrawn,
  readJson,
  RUN_PATIENCE,
  runsOf,
  scoreByMenu,
  thumbnailIsDrawn,
  until,
} from '../steps.mjs';

/** So many pictures that a run is still at work when somebody cancels it. */
const MANY = 120;
/** Time for a cancel that ends within a second, ms: who needs longer than this is broken, not slow. */
const CANCELLED = PATIENCE / 12;

/** Scores the folder `many`, and holds its engine in the middle of the work: on a fast machine it would be done before anybody does anything. */
async function heldAtWork(server, editor) {
  const held = holdEngines(server);
  try {
    await scoreByMenu(editor, 'many');
    const atWork = editor.page
      .locator('.notification-list-item')
      .filter({ hasText: /Scoring many.*(Reading|Comparing) pictures/ })
      .first();
    await held.pass(() => atWork.isVisible(), 'the run is at work');
    return held;
  } catch (error) {
    held.release();
    throw error;
  }
}

export default {
  title: 'score',
  prepare: async (workspace) => {
    await productFolder(path.join(workspace, 'one', 'discs'));
    await productFolder(path.join(workspace, 'one', 'a#b 100%25 bän dé'), { seed: 3 });
    await productFolder(path.join(workspace, 'one', 'many'), { count: MANY, seed: 5 });
    await productFolder(path.join(workspace, 'one', 'more'), { count: MANY, seed: 13 });
    brokenPictures(await productFolder(path.join(workspace, 'one', 'broken'), { seed: 11 }));
    mkdirSync(path.join(workspace, 'one', 'nothing'));
    writeFileSync(path.join(workspace, 'one', 'nothing', 'note.txt'), 'no pictures here');
    mkdirSync(path.join(workspace, 'other'));
    const file = path.join(workspace, 'two.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: 'one' }, { path: 'other' }] }));
    return file;
  },
  cases: [
    {
      name: 'with nothing open: Try It on a Sample asks where, and leads to the first heatmap',
      run: async ({ server, workspace }) => {
        const place = mkdtempSync(path.join(workspace, 'other', 'sample '));
        const editor = await server.open(); // a window without a folder
        try {
          await editor.showViews();
          const welcome = editor.page.locator('.sidebar .welcome-view');
          await welcome.getByText('Find defective pictures in a folder').waitFor({ timeout: PATIENCE });
          await welcome
            .locator('.monaco-button')
            .filter({ hasText: 'Try It on a Sample' })
            .click({ timeout: PATIENCE });
          const title = 'Where should the sample data set go?';
          await answerFileDialog(editor, { title, button: 'Create Here', file: `${place}/` });
          const first = await firstPicture(editor);
          const [run] = runsOf(path.join(place, 'musc-sample'));
          const { images } = readJson(run);
          const hottest = images.reduce((best, image) => (image.score > best.score ? image : best));
          assert.ok(first.includes(hottest.path.replace(/^test\//, '')), `${first} is of ${hottest.path}`);
          assert.doesNotMatch(hottest.path, /good/, 'the first of the ranking is a defect of the sample');
          await thumbnailIsDrawn(editor);
          const panel = editor.webview();
          await panel.locator('[role=gridcell][data-rank="1"]').click({ timeout: PATIENCE });
          const stage = panel.locator('musc-image-pane musc-stage');
          await stage.getByText('above threshold').waitFor({ timeout: PATIENCE }); // said where there is heat
          await partsDrawn(stage.locator('canvas.below'));
          assert.equal(await panel.locator('musc-problem-note').count(), 0);
        } finally {
          await editor.close();
        }
      },
    },
    {
      name: 'right-click a folder, run, the odd picture comes first',
      run: async ({ editor, workspace }) => {
        await scoreByMenu(editor, 'discs');
        assert.match(await firstPicture(editor), /odd\.png/);
        await thumbnailIsDrawn(editor);
        assert.equal(runsOf(path.join(workspace, 'one', 'discs')).length, 1);
        await editor.showViews();
        await editor.viewRows().filter({ hasText: 'Top score' }).first().waitFor({ timeout: PATIENCE });
      },
    },
    {
      name: 'spaces, unicode, # and % in names',
      run: async ({ editor }) => {
        await scoreByMenu(editor, 'a#b 100%25 bän dé');
        assert.match(await firstPicture(editor), /odd\.png/);
        await thumbnailIsDrawn(editor);
      },
    },
    {
      name: 'cancel from the notification: it ends within a second or two and leaves no run',
      run: async ({ server, editor, workspace }) => {
        const held = await heldAtWork(server, editor);
        const progress = editor.notification('Scoring many');
        const began = Date.now();
        await editor.answer(progress, 'Cancel').finally(() => held.release()); // an engine that is held can't be done before the click
        await progress.waitFor({ state: 'detached', timeout: CANCELLED });
        console.log(`       cancelled in ${Date.now() - began} ms, click included`);
        assert.deepEqual(runsOf(path.join(workspace, 'one', 'many')), []);
        assert.equal(await editor.notification('unexpectedly').count(), 0);
      },
    },
    {
      name: 'reload in mid-run: the job is offered again and finishes',
      run: async ({ server, editor, workspace }) => {
        const held = await heldAtWork(server, editor);
        await editor.reload().finally(() => held.release());
        const offer = editor.notification('was interrupted');
        await offer.waitFor({ timeout: RUN_PATIENCE });
        await editor.answer(offer, 'Resume');
        assert.match(await firstPicture(editor), /odd\.png/);
        assert.equal(runsOf(path.join(workspace, 'one', 'many')).length, 1);
      },
    },
    {
      name: 'broken pictures are left out, named, and stop nothing',
      run: async ({ editor, workspace }) => {
        await scoreByMenu(editor, 'broken');
        assert.match(await firstPicture(editor), /odd\.png/);
        const [run] = runsOf(path.join(workspace, 'one', 'broken'));
        assert.deepEqual(
          readJson(run)
            .skipped.map(({ path: file }) => file)
            .sort(),
          ['cut.png', 'empty.png', 'text.jpg'],
        );
        await editor
          .webview()
          .getByText(/3 skipped/)
          .first()
          .waitFor({ timeout: PATIENCE });
      },
    },
    {
      name: 'a folder without pictures is refused in one sentence',
      run: async ({ editor, workspace }) => {
        await scoreByMenu(editor, 'nothing');
        await editor.notification(/picture/).waitFor({ timeout: PATIENCE });
        assert.deepEqual(runsOf(path.join(workspace, 'one', 'nothing')), []);
      },
    },
    {
      name: 'a killed engine is reported with its reason, and Try Again works',
      run: async ({ server, editor }) => {
        const held = await heldAtWork(server, editor);
        try {
          const pids = engines(server);
          assert.notEqual(pids.length, 0, 'an engine is at work');
          for (const pid of pids) process.kill(pid, 'SIGKILL');
        } finally {
          held.release();
        }
        const notice = editor.notification('stopped unexpectedly');
        await notice.waitFor({ timeout: PATIENCE });
        assert.match(await notice.textContent(), /SIGKILL/);
        await editor.answer(notice, 'Try Again');
        assert.match(await firstPicture(editor), /odd\.png/);
      },
    },
    {
      name: 'closing the window ends its engines',
      run: async ({ server, editor }) => {
        await scoreByMenu(editor, 'more');
        await until(() => engines(server).length > 0, 'an engine is at work');
        const before = engines(server);
        await editor.reload(); // ends the window's extension host as closing does, without the server's hours of grace for lost connections
        await until(() => engines(server).every((pid) => !before.includes(pid)), 'the engines are gone');
      },
    },
  ],
};
