import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { createSample } from '../../../extension/host/commands/sample';
import type { Host } from '../../../extension/host/host';
import { temporaryFolder } from '../run/sample-run';
import { user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
/** The command line: what it was called with, and the folders that it makes in that of the sample. */
const cli = vi.hoisted(() => ({ calls: [] as (readonly string[])[], makes: [] as string[] | Error }));
vi.mock('../../../extension/host/cli-process', () => ({
  runCli: async (_: unknown, args: readonly string[]) => {
    cli.calls.push(args);
    if (cli.makes instanceof Error) throw cli.makes;
    for (const name of cli.makes) await mkdir(path.join(args[1], name), { recursive: true });
  },
}));

let scored: string[];
const host = {
  scoring: {
    start: ({ fsPath }: { fsPath: string }) => {
      scored.push(fsPath);
      return Promise.reject(new MuscError('CANCELLED', 'enough'));
    },
  },
} as unknown as Host;

beforeEach(() => {
  scored = [];
  Object.assign(cli, { calls: [], makes: ['nuts/train', 'nuts/test', '.musc'] });
  Object.assign(user, { errors: [], ran: [], root: undefined, place: undefined });
});

describe('Create Sample Data Set', () => {
  it('makes it in the folder that is open, shows it there, and scores its category', async () => {
    user.root = await temporaryFolder();
    await createSample(host);
    const folder = path.join(user.root, 'musc-sample');
    expect(cli.calls).toEqual([['sample', folder]]);
    expect(user.ran).toMatchObject([['revealInExplorer', { fsPath: folder }]]);
    expect(scored).toEqual([path.join(folder, 'nuts')]);
  });

  it.each([[['train', 'test']], [['nuts/test', 'bolts/test']]])(
    'asks for a place where no folder is open, and scores all that is there: %j',
    async (makes) => {
      user.place = await temporaryFolder();
      cli.makes = makes;
      await createSample(host);
      expect(user.ran).toEqual([]); // nowhere to show it
      expect(scored).toEqual([path.join(user.place, 'musc-sample')]);
    },
  );

  it('does nothing when the user leaves, and scores nothing when it cannot be made', async () => {
    await createSample(host);
    expect(cli.calls).toEqual([]);
    user.place = await temporaryFolder();
    cli.makes = new MuscError('DISK_FULL', 'full');
    await createSample(host);
    expect(user.errors).toEqual(['Full.']);
    expect(scored).toEqual([]);
  });
});
