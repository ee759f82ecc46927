/** As much of 'vscode' as the host's rooms need without an editor: `vi.mock('vscode', () => import('./fake-vscode'))`. */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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
  trusted: true,
  settings: {} as Record<string, unknown>,
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
  readonly fsPath: string;
  with(change: object): FakeUri;
  toString(): string;
}
const uri = (address: string): FakeUri => {
  const fsPath = address.replace(/^file:\/\//, '');
  return {
    scheme: 'file',
    fsPath,
    with: () => uri(fsPath),
    toString: () => `file://${fsPath}`,
  };
};
export const Uri = {
  file: uri,
  parse: uri,
  joinPath: (base: FakeUri, ...parts: string[]) => uri(path.join(base.fsPath, ...parts)),
};

const nothing = { dispose: () => undefined };
export const l10n = { t: (text: string) => text };
export const env = { language: 'en' };
export const commands = {};
export const window = {
  showWarningMessage: (text: string, ...more: unknown[]) => {
    user.warnings.push(text);
    return Promise.resolve(more.includes(user.answer) ? user.answer : undefined);
  },
};
export const workspace = {
  get isTrusted() {
    return user.trusted;
  },
  fs: {
    readFile: ({ fsPath }: FakeUri) => readFile(fsPath),
    writeFile: ({ fsPath }: FakeUri, bytes: Uint8Array) => writeFile(fsPath, bytes),
    rename: (from: FakeUri, to: FakeUri) => rename(from.fsPath, to.fsPath),
    delete: ({ fsPath }: FakeUri) => rm(fsPath),
    stat: ({ fsPath }: FakeUri) => stat(fsPath),
    createDirectory: ({ fsPath }: FakeUri) => mkdir(fsPath, { recursive: true }),
    isWritableFileSystem: () => true,
  },
  getConfiguration: (section: string) => ({
    get: (key: string, fallback?: unknown) =>
      ({ [`${section}.${key}`]: fallback, ...DEFAULTS, ...user.settings })[`${section}.${key}`],
  }),
  getWorkspaceFolder: () => undefined,
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
