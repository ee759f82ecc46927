/** As much of 'vscode' as the host's rooms need without an editor: `vi.mock('vscode', () => import('./fake-vscode'))`. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Memento } from 'vscode';
import manifest from '../../../package.json';

const DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  manifest.contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([key, property]) => [key, property.default]),
  ),
);

/** What the user was told and asked, and what a test lets them answer. */
export const user = {
  warnings: [] as string[],
  /** The button pressed in a modal question; undefined: cancelled. */
  answer: undefined as string | undefined,
  errors: [] as string[],
  infos: [] as string[],
  /** Labels of what is picked in the lists that follow; none left: the user leaves. */
  picks: [] as string[],
  /** Labels of every list that was shown. */
  lists: [] as string[][],
  /** What is typed into the boxes that follow; none left: what stands in them. Wrong ones are told as errors and left. */
  typed: [] as string[],
  /** Where to save, or which folder: the answer to every such dialog. */
  place: undefined as string | undefined,
  /** Whether the user lets a tab be closed. */
  closes: true,
  /** What the editor's Save does with a file. */
  save: (_file: FakeUri): Promise<unknown> => Promise.resolve(undefined),
  trusted: true,
  /** The commands that were run, with what they were given. */
  ran: [] as unknown[][],
  /** The folder that is open. */
  root: undefined as string | undefined,
  settings: {} as Record<string, unknown>,
  /** The files that a search finds. */
  files: [] as string[],
};

export class EventEmitter<T> {
  readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

/** A file's address. */
export interface FakeUri {
  readonly scheme: string;
  readonly path: string;
  readonly fsPath: string;
  with(change: object): FakeUri;
  toString(): string;
}
const uri = (address: string): FakeUri => {
  const fsPath = address.replace(/^file:\/\//, '');
  return {
    scheme: 'file',
    path: fsPath,
    fsPath,
    with: () => uri(fsPath),
    toString: () => `file://${fsPath}`,
  };
};
export const Uri = {
  [Symbol.hasInstance]: (one: unknown) => typeof one === 'object' && one !== null && 'fsPath' in one,
  file: uri,
  parse: uri,
  joinPath: (base: FakeUri, ...parts: string[]) => uri(path.join(base.fsPath, ...parts)),
};

export class Disposable {
  static from = (...all: { dispose(): unknown }[]) => new Disposable(() => all.forEach((one) => one.dispose()));
  constructor(readonly dispose: () => unknown) {}
}

/** A watched file: `change` and `remove` are what the disk would report. */
export const watched = new Map<string, { change(): void; remove(): void }>();
export class RelativePattern {
  constructor(
    readonly base: FakeUri,
    readonly pattern: string,
  ) {}
}

export const FileType = { File: 1, Directory: 2 };
export const QuickPickItemKind = { Separator: -1 };
export const ProgressLocation = { Notification: 15 };
export const ViewColumn = { Active: -1 };
export const UIKind = { Desktop: 1, Web: 2 };
/** The window: a test says whether it is one of a browser, or of another machine. */
export const env = { uiKind: UIKind.Desktop, remoteName: undefined as string | undefined };
export class TabInputCustom {
  constructor(
    readonly uri?: FakeUri,
    readonly viewType?: string,
  ) {}
}
export class TabInputText {}
export class TabInputTextDiff {}
export class TabInputNotebook {}
export class TabInputNotebookDiff {}
/** What the user does in the editor's groups. */
export const hands = {
  moveCursor: new EventEmitter<{ kind: number | undefined }>(),
  goToText: new EventEmitter<object | undefined>(),
  goToNotebook: new EventEmitter<object | undefined>(),
};

/** Other tabs, or another group, came to the front. */
export const tabChanges = new EventEmitter<object>();

const nothing = { dispose: () => undefined };
export const l10n = {
  t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
};
export const commands = { executeCommand: (...run: unknown[]) => Promise.resolve(void user.ran.push(run)) };
export const window = {
  tabGroups: {
    activeTabGroup: { activeTab: undefined as { input: unknown } | undefined },
    all: [] as { tabs: { input: unknown }[] }[],
    onDidChangeTabs: tabChanges.event,
    onDidChangeTabGroups: tabChanges.event,
    close: (tabs: readonly unknown[]) => {
      for (const group of user.closes ? window.tabGroups.all : [])
        group.tabs = group.tabs.filter((tab) => !tabs.includes(tab));
      return Promise.resolve(user.closes);
    },
  },
  onDidChangeTextEditorSelection: hands.moveCursor.event,
  onDidChangeActiveTextEditor: hands.goToText.event,
  onDidChangeActiveNotebookEditor: hands.goToNotebook.event,
  showWarningMessage: (text: string, ...more: unknown[]) => {
    user.warnings.push(text);
    return Promise.resolve(more.includes(user.answer) ? user.answer : undefined);
  },
  showErrorMessage: (text: string) => (user.errors.push(text), Promise.resolve(undefined)),
  showInformationMessage: (text: string, ...more: unknown[]) => {
    user.infos.push(text);
    return Promise.resolve(more.includes(user.answer) ? user.answer : undefined);
  },
  showQuickPick: (items: readonly { label: string }[]) => {
    user.lists.push(items.map(({ label }) => label));
    const label = user.picks.shift();
    return Promise.resolve(items.find((item) => item.label === label));
  },
  showInputBox: ({ value, validateInput }: { value: string; validateInput: (text: string) => string | null }) => {
    const text = user.typed.shift() ?? value;
    const wrong = validateInput(text);
    if (wrong !== null) user.errors.push(wrong);
    return Promise.resolve(wrong === null ? text : undefined);
  },
  showSaveDialog: () => Promise.resolve(user.place === undefined ? undefined : uri(user.place)),
  showOpenDialog: () => Promise.resolve(user.place === undefined ? undefined : [uri(user.place)]),
  withProgress: <T>(_options: unknown, work: (report: unknown, token: unknown) => Promise<T>): Promise<T> =>
    work({ report: () => undefined }, { isCancellationRequested: false, onCancellationRequested: () => nothing }),
};
export const workspace = {
  get isTrusted() {
    return user.trusted;
  },
  fs: {
    readFile: ({ fsPath }: FakeUri) => readFile(fsPath),
    writeFile: ({ fsPath }: FakeUri, bytes: Uint8Array) => writeFile(fsPath, bytes),
    rename: (from: FakeUri, to: FakeUri) => rename(from.fsPath, to.fsPath),
    delete: ({ fsPath }: FakeUri, { recursive = false } = {}) => rm(fsPath, { recursive }),
    stat: ({ fsPath }: FakeUri) => stat(fsPath),
    readDirectory: async ({ fsPath }: FakeUri) =>
      (await readdir(fsPath, { withFileTypes: true })).map((entry) => [entry.name, entry.isDirectory() ? 2 : 1]),
    createDirectory: ({ fsPath }: FakeUri) => mkdir(fsPath, { recursive: true }),
    isWritableFileSystem: () => true,
  },
  getConfiguration: (section: string) => ({
    get: (key: string, fallback?: unknown) =>
      ({ [`${section}.${key}`]: fallback, ...DEFAULTS, ...user.settings })[`${section}.${key}`],
  }),
  getWorkspaceFolder: ({ fsPath }: FakeUri) =>
    user.root !== undefined && fsPath.startsWith(user.root) ? { uri: uri(user.root) } : undefined,
  get workspaceFolders() {
    return user.root === undefined ? undefined : [{ uri: uri(user.root), name: path.basename(user.root) }];
  },
  asRelativePath: (file: FakeUri | string) => (typeof file === 'string' ? file : file.fsPath),
  save: (file: FakeUri) => user.save(file),
  findFiles: (pattern: string) =>
    Promise.resolve(user.files.filter((file) => file.endsWith(pattern.replace('**/*', ''))).map(uri)),
  createFileSystemWatcher: ({ base, pattern }: RelativePattern) => {
    const file = path.join(base.fsPath, pattern);
    const [changed, removed] = [new EventEmitter<void>(), new EventEmitter<void>()];
    watched.set(file, { change: () => changed.fire(), remove: () => removed.fire() });
    const dispose = () => watched.delete(file);
    return { dispose, onDidChange: changed.event, onDidCreate: () => nothing, onDidDelete: removed.event };
  },
  onDidChangeConfiguration: () => nothing,
  onDidGrantWorkspaceTrust: () => nothing,
};

/** A memory of its own. */
export function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.has(key) ? (values.get(key) as T) : fallback) as T,
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}
