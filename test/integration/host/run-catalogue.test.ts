import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Memento } from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunCatalogue } from '../../../extension/host/run-catalogue';

type Listener = (value: { focused: boolean }) => void;
/** The editor: which run files a look finds, when it ends, and who listens. */
const editor = vi.hoisted(() => ({
  files: [] as string[],
  looks: 0,
  hold: Promise.resolve(),
  window: [] as Listener[],
  disk: [] as (() => void)[],
}));
vi.mock('vscode', () => {
  const uri = (fsPath: string) => ({ fsPath, toString: () => fsPath });
  const disk = (listener: () => void) => (editor.disk.push(listener), { dispose: () => undefined });
  class EventEmitter {
    readonly listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => (this.listeners.push(listener), { dispose: () => undefined });
    fire = () => this.listeners.forEach((listener) => listener());
    dispose = () => undefined;
  }
  return {
    EventEmitter,
    Uri: { file: uri },
    commands: { executeCommand: () => Promise.resolve() },
    window: {
      onDidChangeWindowState: (listener: Listener) => (editor.window.push(listener), { dispose: () => undefined }),
    },
    workspace: {
      workspaceFolders: [{}],
      createFileSystemWatcher: () => ({
        onDidCreate: disk,
        onDidChange: disk,
        onDidDelete: disk,
        dispose: () => undefined,
      }),
      onDidChangeWorkspaceFolders: disk,
      findFiles: async () => {
        editor.looks++;
        const found = editor.files.map(uri); // as it is when the search passes by
        await editor.hold;
        return found;
      },
    },
  };
});

const memento = { get: () => undefined, update: () => Promise.resolve(), keys: () => [] } as Memento;
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
  Object.assign(editor, { files: [], looks: 0, hold: Promise.resolve(), window: [], disk: [] });
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

  it('does nothing once it is disposed of', async () => {
    await catalogue.refresh();
    catalogue.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(editor.looks).toBe(1);
  });
});
