import type * as fs from 'node:fs/promises';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Memento, TabInputCustom, Uri } from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rewriteRun } from '../../../extension/core/run/run-store';
import { RunCatalogue } from '../../../extension/host/run-catalogue';
import { sampleRun, temporaryFolder } from '../run/sample-run';

type Listener = (value: { focused: boolean }) => void;
/** The editor: which run files a look finds, when it ends, and who listens. */
const editor = vi.hoisted(() => ({
  files: [] as string[],
  looks: 0,
  hold: Promise.resolve(),
  window: [] as Listener[],
  /** Listeners that take no file. */
  disk: [] as (() => void)[],
  came: [] as ((file: unknown) => void)[],
  went: [] as ((file: unknown) => void)[],
  terminal: [] as ((event: unknown) => void)[],
  tabs: [] as unknown[],
  exclude: [] as unknown[],
  context: {} as Record<string, unknown>,
  /** The setting `musc.runsLocation`. */
  location: '' as unknown,
  /** Folder that is open. */
  root: '',
  folders: undefined as object[] | undefined,
}));
/** What was asked of files, and whether it is answered. */
const asked = vi.hoisted((): Promise<unknown>[] => []);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const stat = (file: string) => {
    const answer = real.stat(file);
    asked.push(answer.catch(() => undefined));
    return answer;
  };
  return { ...real, stat };
});
/** Waits until everything that was asked of files is answered, and what is asked then, too. */
async function answered(): Promise<void> {
  for (let known = -1; known !== asked.length; await new Promise((resolve) => setImmediate(resolve))) {
    known = asked.length;
    await Promise.all(asked);
  }
}
vi.mock('vscode', () => {
  const uri = (fsPath: string) => ({ fsPath, toString: () => fsPath });
  const listen = <T>(list: T[], listener: T) => (list.push(listener), { dispose: () => undefined });
  const disk = (listener: () => void) => listen(editor.disk, listener);
  class EventEmitter {
    readonly listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => (this.listeners.push(listener), { dispose: () => undefined });
    fire = () => this.listeners.forEach((listener) => listener());
    dispose = () => undefined;
  }
  return {
    EventEmitter,
    Uri: { file: uri },
    TabInputCustom: class {
      readonly viewType = 'musc.run';
      readonly uri: unknown;
      constructor(file: string) {
        this.uri = uri(file);
      }
    },
    commands: {
      executeCommand: (_: string, key: string, value: unknown) => Promise.resolve((editor.context[key] = value)),
    },
    window: {
      tabGroups: {
        get all() {
          return [{ tabs: editor.tabs.map((input) => ({ input })) }];
        },
        onDidChangeTabs: () => ({ dispose: () => undefined }),
      },
      onDidEndTerminalShellExecution: (listener: (event: unknown) => void) => listen(editor.terminal, listener),
      onDidChangeWindowState: (listener: Listener) => (editor.window.push(listener), { dispose: () => undefined }),
    },
    workspace: {
      get workspaceFolders() {
        return editor.folders;
      },
      createFileSystemWatcher: (pattern: string) => ({
        onDidCreate: pattern === '**' ? (listener: () => void) => listen(editor.came, listener) : disk,
        onDidChange: disk,
        onDidDelete: pattern === '**' ? (listener: () => void) => listen(editor.went, listener) : disk,
        dispose: () => undefined,
      }),
      getConfiguration: () => ({ get: () => editor.location }),
      onDidChangeWorkspaceFolders: disk,
      asRelativePath: ({ fsPath }: { fsPath: string }) => fsPath.slice(editor.root.length + 1),
      getWorkspaceFolder: ({ fsPath }: { fsPath: string }) => (fsPath.startsWith(editor.root) ? {} : undefined),
      findFiles: async (_: string, exclude: unknown) => {
        editor.looks++;
        editor.exclude.push(exclude);
        const found = editor.files.map(uri); // as it is when the search passes by
        await editor.hold;
        return found;
      },
    },
  };
});

let elsewhere: string[] | undefined;
const memento = {
  get: () => elsewhere,
  update: (_: string, value: string[]) => Promise.resolve(void (elsewhere = value)),
  keys: () => [],
} as Memento;
let work: string;
let catalogue: RunCatalogue;

/** A run file, though a damaged one, that a look finds from now on. */
async function makeRun(name: string): Promise<void> {
  const file = path.join(work, name, '.musc/runs/first/run.musc.json');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '{}');
  editor.files.push(file);
}
const seen = (): string[] => catalogue.runs.map(({ folder }) => path.basename(folder)).sort();

beforeEach(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'musc-catalogue-'));
  Object.assign(editor, { files: [], looks: 0, hold: Promise.resolve(), window: [], disk: [], tabs: [], exclude: [] });
  Object.assign(editor, {
    came: [],
    went: [],
    terminal: [],
    context: {},
    root: work,
    folders: [{ uri: { fsPath: work } }],
    location: '',
  });
  elsewhere = undefined;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  catalogue = new RunCatalogue(memento, () => undefined);
});
afterEach(async () => {
  catalogue.dispose();
  vi.useRealTimers();
  await rm(work, { recursive: true });
});

describe('the catalogue of runs', () => {
  it('looks again when a run appears while it is looking', async () => {
    await makeRun('early');
    let go = (): void => undefined;
    editor.hold = new Promise((resolve) => (go = resolve));
    const first = catalogue.refresh();
    await makeRun('late');
    const second = catalogue.refresh();
    expect(catalogue.refresh()).toBe(second); // however often it is asked meanwhile
    go();
    await first;
    expect(seen()).toEqual(['early']);
    await second;
    expect(seen()).toEqual(['early', 'late']);
    expect(editor.looks).toBe(2);
  });

  it('looks again once the watcher of a new window can be relied on', async () => {
    await catalogue.refresh();
    await makeRun('unnoticed');
    await vi.advanceTimersByTimeAsync(11_000);
    await catalogue.refresh();
    expect(editor.looks).toBe(3); // by itself, and by this test
    expect(seen()).toEqual(['unnoticed']);
  });

  it('looks when the window gets the focus, but not every time', async () => {
    await vi.advanceTimersByTimeAsync(11_000);
    await catalogue.refresh();
    const before = editor.looks;
    const focus = async (focused: boolean) => {
      for (const listener of editor.window) listener({ focused });
      await vi.advanceTimersByTimeAsync(400);
    };
    await focus(true);
    expect(editor.looks).toBe(before);
    await vi.advanceTimersByTimeAsync(31_000);
    await focus(false);
    expect(editor.looks).toBe(before);
    await focus(true);
    expect(editor.looks).toBe(before + 1);
  });

  /** Tells the catalogue of a file as the editor does, and waits until it may have looked; how often it has. */
  async function looksAfter(
    listeners: readonly ((file: unknown) => void)[],
    name: string,
    wait = 5000,
  ): Promise<number> {
    const before = editor.looks;
    for (const listener of listeners) listener(Uri.file(path.join(work, name)));
    await vi.advanceTimersByTimeAsync(wait);
    return editor.looks - before;
  }

  it('looks where a folder for runs is made: of the run in it the editor may not tell', async () => {
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await looksAfter(editor.came, 'data/.musc', 400)).toBe(1);
    expect(await looksAfter([], '')).toBe(1); // the run was not written yet
    for (const name of ['.musc', 'data/.musc/runs', 'data/.musc/runs/20260102-030405-data.v1'])
      expect(await looksAfter(editor.came, name), name).toBe(2);
    for (const name of [
      'data/.musc/labels.json',
      'data/.musc/cache',
      'data/.musc/cache/features/0f/3a',
      'node_modules',
    ])
      expect(await looksAfter(editor.came, name), name).toBe(0);
  });

  it('looks where any folder has come, with its runs in it, but seldom while many do', async () => {
    await vi.advanceTimersByTimeAsync(11_000);
    const comes = async (name: string, folder: boolean): Promise<number> => {
      await mkdir(path.dirname(path.join(work, name)), { recursive: true });
      await (folder ? mkdir(path.join(work, name)) : writeFile(path.join(work, name), ''));
      for (const listener of editor.came) listener(Uri.file(path.join(work, name)));
      const before = editor.looks;
      await vi.advanceTimersByTimeAsync(400);
      await answered(); // whether that is a folder
      await vi.advanceTimersByTimeAsync(4000);
      return editor.looks - before;
    };
    expect(await comes('a copy', true)).toBe(1);
    expect(await comes('parts.v2', true)).toBe(1);
    for (const name of ['a/000.png', 'a/README', 'a/node_modules/b', '.git/objects/0a'])
      expect(await comes(name, false), name).toBe(0);
    const before = editor.looks;
    for (let i = 0; i < 100; i++) {
      for (const listener of editor.came) listener(Uri.file(path.join(work, 'data/.musc/runs/one')));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(editor.looks - before).toBeGreaterThanOrEqual(3); // in 10 s
    expect(editor.looks - before).toBeLessThanOrEqual(4);
  });

  it('looks where a folder with runs was deleted', async () => {
    await makeRun('data');
    await catalogue.refresh();
    await vi.advanceTimersByTimeAsync(11_000);
    await catalogue.refresh();
    expect(await looksAfter(editor.went, 'data.txt')).toBe(0);
    expect(await looksAfter(editor.went, 'dat')).toBe(0);
    editor.files = [];
    expect(await looksAfter(editor.went, 'data')).toBe(1);
    await catalogue.refresh();
    expect(seen()).toEqual([]);
  });

  it('looks when a terminal has scored a folder', async () => {
    await vi.advanceTimersByTimeAsync(11_000);
    const ended = (value: string) => [
      () => editor.terminal.forEach((end) => end({ execution: { commandLine: { value } } })),
    ];
    expect(await looksAfter(ended('git status'), '')).toBe(0);
    expect(await looksAfter(ended('node dist/cli.js score pictures --out /elsewhere'), '')).toBe(1);
  });

  it('finds runs that the command line put anywhere in the workspace', async () => {
    const { runPath, folder } = await sampleRun();
    const file = path.join(work, 'results/mine.musc.json');
    await mkdir(path.dirname(file));
    await writeFile(file, (await readFile(runPath, 'utf8')).replace('"../../.."', JSON.stringify(folder)));
    editor.files.push(file);
    await catalogue.refresh();
    expect(seen()).toEqual([path.basename(folder)]);
  });

  it('finds runs whatever the user hides, and passes by those below packages and git', async () => {
    for (const name of ['mine', 'my.git', 'node_modules/package', 'deep/.git']) await makeRun(name);
    await catalogue.refresh();
    expect(editor.exclude).toEqual([null]); // a string would come on top of `files.exclude`
    expect(seen()).toEqual(['mine', 'my.git']);
  });

  it('finds the runs of a workspace that itself lies below packages', async () => {
    editor.root = path.join(work, 'node_modules/package');
    await makeRun('node_modules/package/data');
    await catalogue.refresh();
    expect(seen()).toEqual(['data']);
  });

  it('names the runs of one folder that can be opened, wherever they lie', async () => {
    const { runPath, folder } = await sampleRun();
    const file = path.join(work, 'results/run.musc.json');
    await mkdir(path.dirname(file));
    await writeFile(file, (await readFile(runPath, 'utf8')).replace('"../../.."', JSON.stringify(folder)));
    editor.files.push(file, runPath);
    await makeRun('damaged');
    await catalogue.refresh();
    const files = catalogue.runsOf(folder).map(({ uri }) => uri.fsPath);
    expect(files.sort()).toEqual([file, runPath].sort());
    expect(catalogue.runsOf(path.join(work, 'damaged'))).toEqual([]);
  });

  it('shows of the runs elsewhere only those that belong here, and forgets those that are gone', async () => {
    const [project, other, open] = [await sampleRun(), await sampleRun(), await sampleRun()];
    const outside = path.join(await temporaryFolder(), 'run.musc.json'); // scored here, written elsewhere
    const text = await readFile(project.runPath, 'utf8');
    await writeFile(outside, text.replace('"../../.."', JSON.stringify(project.folder)));
    elsewhere = [outside, other.runPath, open.runPath, path.join(work, 'gone/run.musc.json')];
    editor.root = project.folder;
    editor.tabs = [new (TabInputCustom as unknown as new (file: string) => unknown)(open.runPath)];
    await catalogue.refresh();
    expect(catalogue.runs.map(({ uri }) => uri.fsPath).sort()).toEqual([outside, open.runPath].sort());
    expect(elsewhere).toEqual([outside, other.runPath, open.runPath]);
    editor.tabs = [];
    editor.root = work;
    await catalogue.refresh();
    expect(catalogue.runs).toEqual([]);
    expect(editor.context['musc.hasRuns']).toBe(false);
    catalogue.added(Uri.file(other.runPath)); // made by this window
    await catalogue.refresh();
    expect(catalogue.runs.map(({ uri }) => uri.fsPath)).toEqual([other.runPath]);
  });

  it('shows the runs that anybody put where the settings want them, if they are of a folder of this workspace', async () => {
    const [project, other] = [await sampleRun(), await sampleRun()];
    editor.root = project.folder;
    editor.folders = [{ uri: { fsPath: project.folder } }];
    editor.location = `../runs of ${path.basename(project.folder)}`;
    const place = path.resolve(project.folder, editor.location as string);
    const put = async (name: string, { folder, runPath }: { folder: string; runPath: string }) => {
      const text = (await readFile(runPath, 'utf8')).replace('"../../.."', JSON.stringify(folder));
      await mkdir(path.join(place, name), { recursive: true });
      await writeFile(path.join(place, name, 'run.musc.json'), text);
    };
    await put('20260102-030405-ours', project);
    await put('runs/20260102-030405-bench', project);
    await put('20260102-030406-theirs', other);
    await put('notes', project);
    await mkdir(path.join(place, '20260102-030407-unfinished'));
    await catalogue.refresh();
    const ours = ['20260102-030405-bench', '20260102-030405-ours'];
    const names = () => catalogue.runs.map(({ uri }) => path.basename(path.dirname(uri.fsPath))).sort();
    expect(names()).toEqual(ours);
    vi.stubEnv('HOME', path.dirname(place)).stubEnv('USERPROFILE', path.dirname(place));
    editor.location = `~/${path.basename(place)}`;
    await catalogue.refresh();
    expect(names()).toEqual(ours);
    vi.unstubAllEnvs();
    for (const wrong of [7, 'nowhere', '.']) {
      editor.location = wrong;
      await catalogue.refresh();
      expect(catalogue.runs).toEqual([]);
    }
    await rm(place, { recursive: true });
  });

  it('does not forget runs of a drive that is not there, and shows what this window wrote below a link', async () => {
    const away = path.join(work, 'drive/runs/20260102-030405-data/run.musc.json');
    elsewhere = [away];
    await catalogue.refresh();
    expect(elsewhere).toEqual([away]);
    await mkdir(path.dirname(path.dirname(away)), { recursive: true });
    await catalogue.refresh();
    expect(elsewhere).toEqual([]);
    const { runPath, folder } = await sampleRun(); // in the workspace, but not found by the search
    editor.root = folder;
    catalogue.added(Uri.file(runPath));
    await catalogue.refresh();
    expect(catalogue.runs.map(({ uri }) => uri.fsPath)).toEqual([runPath]);
    expect(elsewhere).toEqual([runPath]);
    await rm(path.dirname(runPath), { recursive: true });
    await catalogue.refresh();
    expect([catalogue.runs, elsewhere]).toEqual([[], []]);
  });

  it.each([undefined, []])('shows all runs that it remembers where no folder is open: %j', async (folders) => {
    const [one, two] = [await sampleRun(), await sampleRun()];
    editor.folders = folders;
    elsewhere = [one.runPath, two.runPath, path.join(work, 'gone/run.musc.json')];
    await catalogue.refresh();
    expect(catalogue.runs.map(({ uri }) => uri.fsPath).sort()).toEqual([one.runPath, two.runPath].sort());
    expect(elsewhere).toEqual([one.runPath, two.runPath]);
  });

  it('reads a single run again only when its file changed', async () => {
    const { runPath } = await sampleRun();
    elsewhere = [runPath];
    editor.root = path.dirname(runPath).split('/.musc')[0];
    await catalogue.refresh();
    const [first] = catalogue.runs;
    await catalogue.refresh();
    expect(catalogue.runs[0]).toBe(first);
    await appendFile(runPath, '\n');
    await catalogue.refresh();
    expect(catalogue.runs[0]).not.toBe(first);
  });

  it('reads of a run elsewhere no more than a list needs', async () => {
    const { runPath, folder } = await sampleRun();
    const text = (await readFile(runPath, 'utf8')).replace('"../../.."', JSON.stringify(folder));
    const file = path.join(work, 'results/run.musc.json');
    await mkdir(path.dirname(file));
    await writeFile(file, `${text.slice(0, text.indexOf('"images":['))}"images":[ not read`);
    editor.files.push(file);
    await catalogue.refresh();
    expect(catalogue.runs).toMatchObject([{ folder, images: 6, auroc: 1, topScore: 0.6, problem: null }]);
  });

  it('shows damaged runs wherever they lie, with what is wrong, and none of those that are gone', async () => {
    const [inside, outside] = [path.join(work, 'results/mine.musc.json'), await temporaryFolder()];
    await mkdir(path.dirname(inside));
    const elsewhereFile = path.join(outside, 'stamp/run.musc.json');
    await mkdir(path.dirname(elsewhereFile));
    for (const file of [inside, elsewhereFile]) await writeFile(file, '{');
    editor.files.push(inside, path.join(work, 'results/gone.musc.json'));
    elsewhere = [elsewhereFile];
    await catalogue.refresh();
    const problem = expect.stringContaining('FILE_INVALID') as string;
    expect(catalogue.runs).toMatchObject([
      { uri: { fsPath: inside }, folder: path.dirname(inside), name: 'mine.musc.json', problem },
      { uri: { fsPath: elsewhereFile }, folder: path.dirname(elsewhereFile), name: 'stamp', problem },
    ]);
  });

  it('tells the menus whether there is a run to open, and whether there is any to delete', async () => {
    await makeRun('damaged');
    await catalogue.refresh();
    expect(editor.context).toMatchObject({ 'musc.hasRuns': false, 'musc.hasRunFiles': true });
    editor.files.push((await sampleRun()).runPath);
    await catalogue.refresh();
    expect(editor.context).toMatchObject({ 'musc.hasRuns': true, 'musc.hasRunFiles': true });
  });

  it('tells the view once it has looked what there is, also where it could not look', async () => {
    let fail = (_: Error): void => undefined;
    editor.hold = new Promise((_, reject) => (fail = reject));
    const look = catalogue.refresh();
    await vi.advanceTimersByTimeAsync(1);
    expect(editor.context).not.toHaveProperty(['musc.looked']);
    fail(new Error('no search'));
    await expect(look).rejects.toThrow('no search');
    expect(editor.context['musc.looked']).toBe(true);
  });

  it('counts a run whose pictures have moved among those of the folder that they are in now', async () => {
    const [old, now] = [await sampleRun(), await sampleRun()];
    await rewriteRun(old.runPath, { ...old.run, root: now.folder });
    editor.files.push(old.runPath, now.runPath);
    await catalogue.refresh();
    const files = (...folders: string[]) => catalogue.runsOf(...folders).map(({ uri }) => uri.fsPath);
    expect(files(now.folder).sort()).toEqual([old.runPath, now.runPath].sort());
    expect(files(old.folder)).toEqual([old.runPath]);
    expect(files(old.folder, now.folder)).toHaveLength(2);
    expect(editor.context['musc.hasSeveralRuns']).toBe(true);
  });

  it('looks once for a change that was noticed and a look that was asked for', async () => {
    for (const changed of editor.disk) changed();
    await catalogue.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    expect(editor.looks).toBe(1);
  });

  it('does nothing once it is disposed of', async () => {
    await catalogue.refresh();
    catalogue.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(editor.looks).toBe(1);
  });
});
