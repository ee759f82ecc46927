// The installed extension, as the suites see it.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { MuscApi } from '../../../extension/api';

export const ID = 'musc-inspector.musc-inspector';
export const extension = vscode.extensions.getExtension<MuscApi>(ID);
/** The folder to score. */
export const discs = (): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0].uri ?? vscode.Uri.file('/'), 'discs');
/** Files of ours that the host has loaded beside `main.cjs`. */
export const pieces = () =>
  Object.keys(require.cache).filter((file) => file.includes(ID) && /[\\/]dist[\\/]host[\\/](?!main\.)/.test(file));

/** Longest wait for what the product does after a minute at most, s: on a slow machine its minute is long. */
const LOADED = 240 * Number(process.env.MUSC_TEST_PATIENCE ?? 1);

/** Waits until what commands need has been loaded: once the window is at rest, or after a minute without. */
export async function loadedAhead(): Promise<void> {
  const loaded = () => pieces().some((file) => /[\\/]rooms-\w+\.cjs$/.test(file));
  for (let seconds = 0; seconds < LOADED && !loaded(); seconds++) await wait(1000);
  assert.ok(loaded());
}
