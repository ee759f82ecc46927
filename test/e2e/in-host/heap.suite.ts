// Inside the extension host: what stays in its memory of run editors that were opened and closed.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { MuscApi } from '../../../extension/api';

/** Open-close cycles; MUSC_HEAP_CYCLES=100 for what docs/reliability.md states. */
const CYCLES = Number(process.env.MUSC_HEAP_CYCLES ?? 10);
/** Cycles before the first look: what is loaded once is loaded by then. */
const WARM_UP = 5;
/** Growth that is no leak: a share of the heap. */
const GROWTH = 0.05;
/** Time for the panel to ask for what it shows first, ms. */
const LOOK = 1000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after everything unreachable went. */
async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage().heapUsed;
}

describe('the memory of the extension host', () => {
  it('does not grow with run editors that were opened and closed', async function () {
    this.timeout(1_500_000);
    const extension = vscode.extensions.getExtension<MuscApi>('musc-inspector.musc-inspector');
    const api = await extension!.activate();
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0].uri, 'discs');
    const run = vscode.Uri.file((await api.score(folder, { imageSize: 64 })).run);
    const cycle = async () => {
      await vscode.commands.executeCommand('musc.openRun', run);
      assert.ok(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    };
    for (let i = 0; i < WARM_UP; i++) await cycle();
    const before = await heap();
    for (let i = 0; i < CYCLES; i++) await cycle();
    const after = await heap();
    const mb = (bytes: number) => (bytes / 1e6).toFixed(2);
    console.log(`REPORT heap of the extension host: ${mb(before)} MB, after ${CYCLES} run editors ${mb(after)} MB`);
    assert.ok(after < before * (1 + GROWTH), `${mb(before)} MB grew to ${mb(after)} MB`);
  });
});
