import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Memento, Uri } from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { selectDevice } from '../../../extension/host/commands/machine';
import { compareRuns } from '../../../extension/host/commands/runs';
import { offerInterrupted, scoreThisFolder, scoreWithOptions } from '../../../extension/host/commands/score';
import type { Host } from '../../../extension/host/host';
import { InterruptedJobs } from '../../../extension/host/interrupted-jobs';
import { pickFolder } from '../../../extension/host/pick-folder';
import type { ScoreOverrides } from '../../../extension/host/scoring';
import { sampleRun } from '../run/sample-run';

/** The editor and its user. */
const editor = vi.hoisted(() => ({
  trusted: true,
  granted: [] as (() => void)[],
  roots: [] as string[],
  asked: [] as string[],
  errors: [] as string[],
  answer: Promise.resolve(undefined) as Promise<string | undefined>,
  items: [] as { label: string; description?: string }[],
  settings: {} as Record<string, unknown>,
  set: {} as Record<string, string>,
  updates: [] as unknown[],
}));
vi.mock('vscode', async () => {
  const { readdir, stat } = await import('node:fs/promises');
  const type = (one: { isDirectory(): boolean }) => (one.isDirectory() ? 2 : 1);
  class Uri {
    readonly scheme = 'file';
    constructor(readonly fsPath: string) {}
    get path() {
      return this.fsPath;
    }
    toString = () => this.fsPath;
    static file = (file: string) => new Uri(file);
    static joinPath = (base: Uri, ...parts: string[]) => new Uri(path.join(base.fsPath, ...parts));
  }
  return {
    Uri,
    FileType: { File: 1, Directory: 2 },
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    ThemeIcon: class {},
    TabInputCustom: class {},
    l10n: { t: (text: string) => text },
    commands: { executeCommand: () => Promise.resolve() },
    window: {
      tabGroups: { activeTabGroup: {} },
      showErrorMessage: (text: string) => Promise.resolve(void editor.errors.push(text)),
      showInformationMessage: (text: string) => (editor.asked.push(text), editor.answer),
      showQuickPick: async (items: typeof editor.items | Promise<typeof editor.items>) => {
        editor.items = await items;
        return editor.items.at(-1);
      },
      showOpenDialog: () => Promise.resolve(undefined),
    },
    workspace: {
      get isTrusted() {
        return editor.trusted;
      },
      get workspaceFolders() {
        return editor.roots.map((root) => ({ uri: new Uri(root), name: path.basename(root) }));
      },
      fs: {
        stat: async ({ fsPath }: Uri) => ({ type: type(await stat(fsPath)) }),
        readDirectory: async ({ fsPath }: Uri) =>
          (await readdir(fsPath, { withFileTypes: true })).map((entry) => [entry.name, type(entry)]),
      },
      getWorkspaceFolder: () => undefined,
      getConfiguration: () => ({
        get: (key: string) => editor.settings[key],
        inspect: () => editor.set,
        update: (...update: unknown[]) => Promise.resolve(void editor.updates.push(update)),
      }),
      onDidGrantWorkspaceTrust: (listener: () => void) => {
        editor.granted.push(listener);
        return { dispose: () => (editor.granted = editor.granted.filter((one) => one !== listener)) };
      },
    },
  };
});

vi.mock('../../../extension/host/attention', () => ({
  Attention: class {
    dispose = () => undefined;
  },
}));

let stored: unknown;
const memento = {
  get: () => stored,
  update: (_: string, value: unknown) => Promise.resolve(void (stored = value)),
} as unknown as Memento;
let work: string;
/** Folders whose scoring was started, with the options given. */
let started: [folder: string, overrides: ScoreOverrides][];
/** A window that opens now. */
const openWindow = (): Host =>
  ({
    scoring: {
      interrupted: new InterruptedJobs(memento),
      start: (folder: Uri, overrides: ScoreOverrides, opens?: boolean) => {
        expect(opens).toBe(true); // these commands open what they score
        started.push([folder.fsPath, overrides]);
        return Promise.reject(new MuscError('CANCELLED', 'enough'));
      },
    },
    backbones: { list: () => Promise.resolve([]) },
    memento,
  }) as unknown as Host;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'musc-commands-'));
  for (const name of ['a/1.png', 'a/2.png', 'b/3.png']) {
    await mkdir(path.dirname(path.join(work, name)), { recursive: true });
    await writeFile(path.join(work, name), '');
  }
  Object.assign(editor, { trusted: true, granted: [], roots: [], asked: [], errors: [], updates: [], set: {} });
  Object.assign(editor, { settings: {}, answer: Promise.resolve(undefined), items: [] });
  started = [];
  stored = undefined;
});
afterEach(() => rm(work, { recursive: true }));

describe('jobs that a reload cut off', () => {
  const remember = async () => {
    const jobs = new InterruptedJobs(memento);
    await jobs.began('score', { folder: '/a', degrees: [1] });
    await jobs.began('score', { folder: '/a', degrees: [3] });
    return jobs;
  };

  it('are all remembered, also several of one folder, and end one by one', async () => {
    const jobs = await remember();
    const third = await jobs.began('score', { folder: '/a', degrees: [5] });
    await jobs.forget([third]);
    const { earlier } = new InterruptedJobs(memento);
    expect(earlier.map(({ request }) => request.degrees)).toEqual([[1], [3]]);
  });

  it('are offered again by every window until the user decides', async () => {
    await remember();
    editor.answer = new Promise(() => undefined); // the window is reloaded while it asks
    void offerInterrupted(openWindow());
    editor.answer = Promise.resolve(undefined); // the question is only closed
    await offerInterrupted(openWindow());
    expect(started).toEqual([]);
    editor.answer = Promise.resolve('Resume');
    await offerInterrupted(openWindow());
    expect(started).toEqual([
      ['/a', { degrees: [1], resume: true }],
      ['/a', { degrees: [3], resume: true }],
    ]);
    await offerInterrupted(openWindow());
    expect(editor.asked).toHaveLength(3);
  });

  it('are resumed as far as they were not done while the question stood', async () => {
    await remember();
    const window = openWindow();
    const { interrupted } = window.scoring;
    editor.answer = interrupted.forget([interrupted.earlier[0].id]).then(() => 'Resume');
    await offerInterrupted(window);
    expect(started).toEqual([['/a', { degrees: [3], resume: true }]]);
  });

  it('are gone when they are discarded', async () => {
    await remember();
    editor.answer = Promise.resolve('Discard');
    await offerInterrupted(openWindow());
    expect([started, stored]).toEqual([[], undefined]);
  });

  it('wait in restricted mode for trust', async () => {
    await remember();
    editor.trusted = false;
    await offerInterrupted(openWindow());
    expect(editor.asked).toEqual([]);
    expect(new InterruptedJobs(memento).earlier).toHaveLength(2);
    editor.trusted = true;
    for (const granted of editor.granted) granted();
    expect(editor.asked).toHaveLength(1);
    expect(editor.granted).toEqual([]);
  });

  it('of an older version are offered too', () => {
    stored = [{ folder: '/old', kind: 'bench', seed: 1 }, { folder: 1 }, null];
    expect(new InterruptedJobs(memento).earlier).toEqual([
      { id: '/old', kind: 'bench', request: { folder: '/old', seed: 1 } },
    ]);
  });
});

describe('Score This Folder', () => {
  const select = (...names: string[]) => {
    const uris = names.map((name) => Uri.file(path.join(work, name)));
    return scoreThisFolder(openWindow(), uris[0], uris);
  };
  const scored = () => started.map(([folder]) => path.basename(folder));

  it('scores the folders among what is selected', async () => {
    await select('b', 'a/1.png', 'a/2.png');
    expect(scored()).toEqual(['b']);
  });

  it('of pictures only scores the folders that they lie in, each once', async () => {
    await select('a/1.png', 'a/2.png', 'b/3.png');
    expect(scored()).toEqual(['a', 'b']);
  });
});

describe('Score With Options', () => {
  it('says which setting is wrong', async () => {
    await scoreWithOptions(openWindow(), Uri.file(work));
    expect(editor.errors).toHaveLength(1);
    expect(editor.errors[0]).toMatch(/setting/i);
  });
});

describe('the question for a folder', () => {
  it('leaves room for every folder of the workspace', async () => {
    const [large, small] = [path.join(work, 'large'), path.join(work, 'small')];
    for (let i = 0; i < 250; i++) await mkdir(path.join(large, String(i)), { recursive: true });
    await mkdir(path.join(small, 'only'), { recursive: true });
    editor.roots = [large, small];
    await pickFolder();
    expect(editor.items.map(({ label }) => label)).toEqual(expect.arrayContaining(['large', 'small', 'only']));
    expect(editor.items.length).toBeLessThanOrEqual(201);
  });
});

describe('Compare Runs', () => {
  it('says that a run is the only one of its folder', async () => {
    const { runPath } = await sampleRun();
    const catalogue = { refresh: () => Promise.resolve(), runs: [], runsOf: () => [] };
    await compareRuns({ ...openWindow(), catalogue } as unknown as Host, Uri.file(runPath));
    expect(editor.asked).toEqual(['There is no other run of this folder to compare with.']);
  });
});

describe('Select Device', () => {
  it.each([
    ['for the user', {}, 1],
    ['in the workspace that sets it', { globalValue: 'cpu', workspaceValue: 'cpu' }, 2],
    ['in the folder that sets it', { workspaceValue: 'cpu', workspaceFolderValue: 'cpu' }, 3],
  ])('writes %s', async (_, set, target) => {
    editor.set = set;
    await selectDevice();
    expect(editor.updates).toEqual([['device', expect.any(String), target]]);
  });
});
