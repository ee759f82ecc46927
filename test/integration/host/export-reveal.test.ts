import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { exportAs } from '../../../extension/host/commands/export';
import type { Host } from '../../../extension/host/host';
import { env, UIKind, Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const PLACE = path.resolve('/data/out');
const host = {
  engines: { jobs: { call: () => Promise.resolve({ files: ['a.png', 'b.png'] }) } },
} as unknown as Host;
const exportMasks = (extension: string | null = null) =>
  exportAs(host, Uri.file('/data/run.musc.json') as never, { format: 'masks', extension, options: {} });

beforeEach(() => {
  Object.assign(user, { infos: [], errors: [], ran: [], answer: 'Show', place: PLACE, root: undefined });
  Object.assign(env, { uiKind: UIKind.Desktop, remoteName: undefined });
});

describe('Show after an export of a folder', () => {
  it.each([
    ['in the file manager of this machine', UIKind.Desktop, undefined, ['revealFileInOS']],
    ['in the Explorer of a browser', UIKind.Web, undefined, ['revealInExplorer']],
    ['in the Explorer of another machine', UIKind.Desktop, 'ssh-remote', ['revealInExplorer']],
  ])('shows it %s', async (_, uiKind, remoteName, commands) => {
    Object.assign(env, { uiKind, remoteName });
    user.root = path.dirname(PLACE);
    await exportMasks();
    expect(user.ran.map(([command]) => command)).toEqual(commands);
  });

  it('is not offered where nothing could: the path is said', async () => {
    env.uiKind = UIKind.Web;
    await exportMasks();
    expect(user.ran).toEqual([]);
    expect(user.infos).toEqual([`Exported 2 files to ${path.join(PLACE, 'masks')}.`]);
  });

  it('opens a single file anywhere', async () => {
    env.uiKind = UIKind.Web;
    await exportMasks('csv');
    expect(user.ran.map(([command]) => command)).toEqual(['vscode.open']);
  });
});
