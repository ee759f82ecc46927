// A backbone comes from its publisher (here: a server on this machine) by a click, and finds the defect.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { BACKBONE, machineSettings, startHub, writeBackbone } from '../random-backbone.mjs';
import {
  firstPicture,
  readJson,
  settingIn,
  RUN_PATIENCE,
  runsOf,
  scoreByMenu,
  thumbnailIsDrawn,
  until,
} from '../steps.mjs';

const checkpointOf = (workspace) => path.join(workspace, '.published', 'model.safetensors');
const installedOf = (server) =>
  path.join(server.home, 'share/musc-inspector/models', BACKBONE.id, path.basename(BACKBONE.file));

/** Nothing installed, and a hub that has the backbone set as the mirror. */
async function freshHub({ server, workspace }) {
  rmSync(path.dirname(installedOf(server)), { recursive: true, force: true });
  const hub = await startHub(checkpointOf(workspace), BACKBONE.file);
  mkdirSync(path.dirname(machineSettings(server)), { recursive: true });
  writeFileSync(machineSettings(server), JSON.stringify({ 'musc.downloadMirror': hub.address }));
  server.setSettings({ 'musc.imageSize': 224 });
  return hub;
}

/** Asks for the backbone from the palette; returns the question that comes before the download. */
async function ask(editor) {
  await editor.offers('MuSc: Install Backbone...');
  await editor.command('MuSc: Install Backbone...');
  await editor.page.locator('.quick-input-widget input.input').fill(BACKBONE.name, { timeout: PATIENCE });
  await editor.quickPick(BACKBONE.name);
  const question = editor.page.locator('.monaco-dialog-box');
  await question.waitFor({ timeout: PATIENCE });
  return question;
}
const press = (question, button) =>
  question.locator('.monaco-button').filter({ hasText: button }).first().click({ timeout: PATIENCE });

export default {
  title: 'backbones',
  prepare: async (workspace) => {
    await productFolder(path.join(workspace, 'discs'));
    mkdirSync(path.dirname(checkpointOf(workspace)));
    await writeBackbone(checkpointOf(workspace));
    return workspace;
  },
  cases: [
    {
      name: 'downloaded after a click, built, scored with, shown; nothing is asked of a server before',
      run: async ({ server, editor, workspace }) => {
        const hub = await freshHub({ server, workspace });
        await until(async () => {
          const question = await ask(editor); // the setting reaches the window a moment after it is written
          const said = await question.textContent();
          await press(question, 'Cancel');
          if (!said.includes(hub.address)) return false;
          for (const word of [BACKBONE.name, 'about 86.4 MB', BACKBONE.file, installedOf(server), 'DINOv3 License'])
            assert.ok(said.includes(word), `the question names ${word}: ${said}`);
          return true;
        }, 'the question names the mirror');
        await editor.page.waitForTimeout(1000);
        assert.deepEqual(hub.requests, [], 'nothing was requested');
        assert.equal(existsSync(installedOf(server)), false);

        await press(await ask(editor), 'Download');
        const here = editor.notification('is on this machine now');
        await here.waitFor({ timeout: RUN_PATIENCE });
        assert.ok(hub.requests.length > 0);
        for (const request of hub.requests) assert.equal(request.path, BACKBONE.file);
        await editor.answer(here, 'Use This Backbone');
        await hub.close(); // from here on no network
        await until(() => settingIn(server.settingsFile, 'musc.backbone') === BACKBONE.id, 'the setting is made');

        await scoreByMenu(editor, 'discs');
        assert.match(await firstPicture(editor), /odd\.png/);
        await thumbnailIsDrawn(editor);
        await editor.webview().getByText(BACKBONE.name).first().waitFor({ timeout: PATIENCE });
        const run = readJson(runsOf(path.join(workspace, 'discs')).at(-1));
        assert.deepEqual([run.backbone.id, run.input.width], [BACKBONE.id, 224]);
      },
    },
    {
      name: 'without a network: the exact place for the file is said, and a file put there is taken',
      run: async ({ server, editor, workspace }) => {
        const hub = await freshHub({ server, workspace });
        await hub.close();
        await press(await ask(editor), 'Download');
        const failed = editor.notification('put the file here');
        await failed.waitFor({ timeout: RUN_PATIENCE });
        assert.ok((await failed.textContent()).includes(installedOf(server)));
        copyFileSync(checkpointOf(workspace), installedOf(server));
        await editor.answer(failed, 'Try Again');
        await press(editor.page.locator('.monaco-dialog-box'), 'Download');
        await editor.notification('is on this machine now').waitFor({ timeout: RUN_PATIENCE });
        assert.equal(readJson(path.join(path.dirname(installedOf(server)), 'entry.json')).id, BACKBONE.id);
      },
    },
  ],
};
