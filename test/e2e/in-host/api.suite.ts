// Inside the extension host: what cannot be seen from outside. The folder to score is the workspace's `discs`.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { MuscApi, MuscSummary } from '../../../extension/api';
import { discs, extension, ID, loadedAhead, pieces } from './extension';
import { lagOf } from './lag';
import { longestOwnStretch, settled } from './own-share';

const native = () =>
  Object.keys(require.cache).filter((file) => /onnxruntime|[\\/]sharp[\\/]|\.node$/.test(file) && file.includes(ID));

/** Many times what is promised (docs/reliability.md), ms: who crosses these is broken, not slow. */
const PATIENCE = Number(process.env.MUSC_TEST_PATIENCE ?? 1);
const HELD_UP = 250 * PATIENCE;
const CANCELLED = 5000 * PATIENCE;

describe('in the extension host', () => {
  let api: MuscApi;
  let summary: MuscSummary;

  it('activates without loading a native module, and returns its API', async () => {
    if (!extension) assert.fail('the extension is not installed');
    const began = performance.now();
    api = await extension.activate();
    console.log(`REPORT activation ${(performance.now() - began).toFixed(1)} ms (0 if it was awake already)`);
    assert.equal(api.version, 1);
    assert.deepEqual(native(), []);
  });

  it('scores a folder at once, while what that needs is not loaded yet', async () => {
    const before = pieces().length;
    const [scored, own] = await longestOwnStretch(ID, () => api.score(discs(), { imageSize: 320 }));
    const state = before === 0 ? 'nothing loaded ahead' : `${before} files loaded ahead`;
    console.log(`REPORT longest stretch of the extension's own code in a first run (${state}): ${own.toFixed(1)} ms`);
    assert.equal(scored.ranking[0].path, 'odd.png');
    assert.deepEqual(native(), []);
    assert.ok(own < HELD_UP, `the extension held its host up for ${own.toFixed(0)} ms`);
  });

  it('has registered every command it declares', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    assert.deepEqual(
      contributes.commands.filter(({ command }) => !registered.has(command)),
      [],
    );
  });

  it('loads what commands need once the window is at rest', async () => {
    await loadedAhead();
    assert.deepEqual(native(), []);
  });

  it('scores a folder in another process: the event loop of the host keeps turning', async () => {
    await settled();
    const began = performance.now();
    const [scored, during] = await lagOf(() => api.score(discs(), { imageSize: 320 }));
    summary = scored;
    const length = performance.now() - began;
    await settled();
    const [, without] = await lagOf(() => wait(length));
    const [, own] = await longestOwnStretch(ID, () => api.score(discs(), { imageSize: 288 })); // not at once: it costs time itself
    console.log(`REPORT event-loop lag during a run, everything loaded: ${during}; as long without one: ${without}`);
    console.log(`REPORT longest stretch of the extension's own code during another: ${own.toFixed(1)} ms`);
    assert.equal(summary.ranking[0].path, 'odd.png');
    assert.deepEqual(native(), []);
    assert.ok(own < HELD_UP, `the extension held its host up for ${own.toFixed(0)} ms`);
  });

  it('reads the run back, with heatmaps', async () => {
    const run = await api.readRun(vscode.Uri.file(summary.run));
    const odd = run.images.findIndex(({ file }) => file.endsWith('odd.png'));
    assert.equal(run.images[odd].label, null);
    const heat = await run.heatmap(odd);
    assert.equal(heat.length, run.grid.height * run.grid.width);
    // the raw score is the largest value of the map at model size, between the patches: at most the hottest patch
    const hottest = Math.max(...heat);
    assert.ok(run.images[odd].rawScore <= hottest + 1e-6 && run.images[odd].rawScore > 0.8 * hottest);
  });

  it('takes masks as ground truth and puts the run where it is asked to', async () => {
    const masks = vscode.Uri.joinPath(discs(), '..', 'masks');
    const out = vscode.Uri.joinPath(discs(), '..', 'runs elsewhere');
    await vscode.workspace.fs.createDirectory(masks);
    // any pixel that is not black counts as defective: the picture serves as its own mask
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(discs(), 'odd.png'), vscode.Uri.joinPath(masks, 'odd.png'));
    const judged = await api.score(discs(), { imageSize: 160, masks: masks.fsPath, out: out.fsPath });
    assert.ok(judged.run.startsWith(out.fsPath), judged.run);
    assert.equal(judged.metrics?.image.auroc, 1);
    assert.equal(judged.ranking[0].label, 'defect');
  });

  it('cancels soon after the token says so', async () => {
    const source = new vscode.CancellationTokenSource();
    const call = api.score(discs(), { imageSize: 1280 }, source.token); // many times as long as until then, on any machine
    setTimeout(() => source.cancel(), 300);
    let cancelled = 0;
    source.token.onCancellationRequested(() => (cancelled = performance.now()));
    await assert.rejects(call, { code: 'CANCELLED' });
    const took = performance.now() - cancelled;
    console.log(`REPORT cancel took ${took.toFixed(0)} ms`);
    assert.ok(took < CANCELLED, `it took ${took.toFixed(0)} ms`);
  });

  it('rejects with a stable code: a wrong setting, an empty folder', async () => {
    const settings = vscode.workspace.getConfiguration('musc');
    await settings.update('degrees', [2], vscode.ConfigurationTarget.Workspace);
    await assert.rejects(api.score(discs()), { code: 'SETTING_INVALID' });
    await settings.update('degrees', undefined, vscode.ConfigurationTarget.Workspace);
    const empty = vscode.Uri.joinPath(discs(), '..', 'empty');
    await vscode.workspace.fs.createDirectory(empty);
    await assert.rejects(
      api.score(empty),
      (error: { code?: unknown }) => typeof error.code === 'string' && error.code !== 'INTERNAL',
    );
  });

  it('opens a run in its editor', async () => {
    await vscode.commands.executeCommand('musc.openRun', vscode.Uri.file(summary.run));
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.viewType, 'musc.run');
  });
});
