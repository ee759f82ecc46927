// A network file of the workspace is asked about before its first load: refused, no engine ever starts. And what two windows
// decide differently is told.
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE } from '../editor.mjs';
import { productFolder } from '../pictures.mjs';
import { engines, firstPicture, readJson, RUN_PATIENCE, runsOf, scoreByMenu, until } from '../steps.mjs';

const network = fileURLToPath(new URL('../../../models/embedded/musc-embedded.onnx', import.meta.url));
const discs = (workspace) => path.join(workspace, 'discs');

/** A description ("a") as ONNX files end with it, once or several times: the network is the same, the file another. */
const TEXT = Buffer.from([0x32, 1, 0x61]);

/** Lets the workspace name a network file of its own, or none. */
function chooseNetwork(workspace, backbone) {
  mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(workspace, '.vscode', 'settings.json'),
    JSON.stringify(backbone ? { 'musc.backbone': backbone } : {}),
  );
}

const dialog = (editor) =>
  editor.page.locator('.monaco-dialog-box').filter({ hasText: 'Load the network stranger.onnx?' });
const press = (editor, button) =>
  dialog(editor).locator('.monaco-button').filter({ hasText: button }).first().click({ timeout: PATIENCE });

export default {
  title: 'consent',
  prepare: async (workspace) => {
    await productFolder(discs(workspace));
    copyFileSync(network, path.join(workspace, 'stranger.onnx'));
    chooseNetwork(workspace, './stranger.onnx');
    return workspace;
  },
  cases: [
    {
      name: 'a network file of the workspace is loaded only after the user agreed',
      run: async ({ server, editor, workspace }) => {
        appendFileSync(path.join(workspace, 'stranger.onnx'), TEXT); // one that was agreed to in an earlier try is asked about again
        await scoreByMenu(editor, 'discs');
        await dialog(editor).waitFor({ timeout: RUN_PATIENCE });
        assert.deepEqual(engines(server), [], 'nothing runs while it is asked');
        await press(editor, 'Cancel');
        await dialog(editor).waitFor({ state: 'detached', timeout: PATIENCE });
        await editor.page.waitForTimeout(2000); // time in which an engine would start
        assert.deepEqual(engines(server), [], 'nothing runs after a no');
        assert.deepEqual(runsOf(discs(workspace)), []);
        await scoreByMenu(editor, 'discs');
        await press(editor, 'Load');
        await until(() => engines(server).length > 0, 'an engine starts after a yes', RUN_PATIENCE);
        await editor.notification('what to tap').waitFor({ timeout: RUN_PATIENCE }); // its form does not tell: nothing is at work any more
      },
    },
    {
      name: 'a label that another window decided otherwise meanwhile is told when saving',
      run: async ({ editor, workspace }) => {
        chooseNetwork(workspace, null);
        await scoreByMenu(editor, 'discs');
        await firstPicture(editor);
        const first = editor.webview().locator('[role=gridcell][data-rank="1"]');
        await first.click({ timeout: PATIENCE });
        await editor.page.keyboard.press('2');
        await editor.page.locator('.tabs-container .tab.dirty').first().waitFor({ timeout: PATIENCE });
        const file = path.join(discs(workspace), '.musc', 'labels.json');
        const later = { label: 'good', at: new Date(Date.now() + 60_000).toISOString() };
        writeFileSync(file, JSON.stringify({ format: 'musc-labels', version: 1, labels: { 'odd.png': later } }));
        await editor.page.waitForTimeout(2000); // seen, or not: both are told
        await editor.page.keyboard.press('Control+s');
        await editor.notification('labelled differently elsewhere').waitFor({ timeout: PATIENCE });
        assert.deepEqual(readJson(file).labels['odd.png'], later);
      },
    },
  ],
};
