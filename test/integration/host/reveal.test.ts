import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runPanelCommand } from '../../../extension/host/commands/panel';
import { openRunAsText, revealRun } from '../../../extension/host/commands/runs';
import type { Host } from '../../../extension/host/host';
import { RunDocument } from '../../../extension/host/run-document';
import { sampleRun } from '../run/sample-run';
import { env, UIKind, Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

/** A run, and the two ways to ask where its files are. */
async function scene() {
  const { folder, runPath, run } = await sampleRun();
  const uri = Uri.file(runPath) as unknown as RunDocument['uri'];
  const document = await RunDocument.open(uri);
  const picture = path.join(folder, run.images[0].path);
  const ways = {
    'Reveal Run in Explorer': () => revealRun({} as Host, uri),
    'Show in the explorer': () =>
      runPanelCommand({} as Host, document, { name: 'revealInExplorer', images: [0] }, null),
  };
  return { folder, uri, files: { 'Reveal Run in Explorer': runPath, 'Show in the explorer': picture }, ways };
}
const ran = () => user.ran.map(([command, file]) => [command, (file as { fsPath: string }).fsPath]);

beforeEach(() => {
  Object.assign(user, { infos: [], ran: [], root: undefined, trusted: true });
  Object.assign(env, { uiKind: UIKind.Desktop, remoteName: undefined });
});

describe.each(['Reveal Run in Explorer', 'Show in the explorer'] as const)('%s', (name) => {
  it('shows what is in the workspace in the Explorer', async () => {
    const { folder, files, ways } = await scene();
    user.root = folder;
    await ways[name]();
    expect(ran()).toEqual([['revealInExplorer', files[name]]]);
  });

  it('shows what is outside in the file manager of this machine', async () => {
    const { files, ways } = await scene();
    await ways[name]();
    expect(ran()).toEqual([['revealFileInOS', files[name]]]);
  });

  it('says where it is when neither can', async () => {
    const { files, ways } = await scene();
    env.remoteName = 'ssh-remote';
    await ways[name]();
    expect(ran()).toEqual([]);
    expect(user.infos).toEqual([expect.stringContaining(files[name])]);
  });
});

it('Open Run as Text opens the JSON behind a run', async () => {
  const { uri } = await scene();
  await openRunAsText({} as Host, uri);
  expect(user.ran).toEqual([['vscode.openWith', uri, 'default']]);
});
