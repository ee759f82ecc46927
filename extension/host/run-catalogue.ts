import path from 'node:path';
import { commands, type Disposable, EventEmitter, type Memento, Uri, window, workspace } from 'vscode';
import type { Log } from '../core/progress';
import { toMuscError } from '../core/errors';
import type { RunHeadline } from './run-headline';

const PATTERN = '**/.musc/runs/*/run.musc.json';
const KEY = 'musc.runsElsewhere';
/** Runs outside the workspace that are remembered. */
const MOST_ELSEWHERE = 200;
/** Files change in bursts while a run is written: one look after the last, ms. */
const QUIET = 300;
/** The editor's watcher of files needs a while in a new window: looked again so much later, ms. */
const SETTLED = 10_000;
/** And it may miss files, on drives of the network above all: looked again when the window gets the focus, if the last look is so old, ms. */
const OLD = 30_000;

/** One folder and its runs, newest first. */
export interface ScoredFolder {
  readonly folder: Uri;
  readonly runs: readonly RunHeadline[];
}

/**
 * The runs of the workspace, wherever they were made, and those that this machine's windows wrote elsewhere. Found by looking,
 * not by a list of its own, so runs of the command line and of other windows are there too.
 */
export class RunCatalogue implements Disposable {
  readonly #changed = new EventEmitter<void>();
  /** Fires after every change of `folders`. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: Disposable[] = [this.#changed];
  #folders: readonly ScoredFolder[] = [];
  readonly #settled = setTimeout(() => this.#later(), SETTLED).unref();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** Asked for while it was looking: what it has passed by may have changed since. */
  #again: Promise<void> | undefined;
  #looked = 0;

  constructor(
    private readonly memento: Memento,
    private readonly log: Log,
  ) {
    const watcher = workspace.createFileSystemWatcher('**/*.musc.json');
    const later = () => this.#later();
    this.#disposables.push(
      watcher,
      watcher.onDidCreate(later),
      watcher.onDidChange(later),
      watcher.onDidDelete(later),
      workspace.onDidChangeWorkspaceFolders(later),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused && Date.now() - this.#looked > OLD) later();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#settled);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** The scored folders as last seen, the one with the newest run first. */
  get folders(): readonly ScoredFolder[] {
    return this.#folders;
  }

  /** All runs, newest first. */
  get runs(): readonly RunHeadline[] {
    return this.#folders.flatMap(({ runs }) => runs).sort(newestFirst);
  }

  /** Looks again now; after the look at work, if there is one. */
  refresh(): Promise<void> {
    if (this.#looking)
      return (this.#again ??= this.#looking
        .catch(() => undefined) // told to who asked for that one
        .then(() => {
          this.#again = undefined;
          return this.refresh();
        }));
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      this.#looked = Date.now();
    });
    return this.#looking;
  }

  /** A run that this window wrote: remembered where the workspace does not reach, and shown. */
  added(run: Uri): void {
    if (!workspace.getWorkspaceFolder(run) || !/[\\/]\.musc[\\/]runs[\\/]/.test(run.fsPath)) {
      const others = this.#elsewhere().filter((file) => file !== run.fsPath);
      void this.memento.update(KEY, [run.fsPath, ...others].slice(0, MOST_ELSEWHERE));
    }
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), QUIET);
  }

  #elsewhere(): readonly string[] {
    const list = this.memento.get<unknown>(KEY);
    return Array.isArray(list) ? list.filter((file): file is string => typeof file === 'string') : [];
  }

  async #look(): Promise<void> {
    const found = workspace.workspaceFolders ? await workspace.findFiles(PATTERN, null) : [];
    const folders = new Set(found.map((uri) => path.resolve(uri.fsPath, '../../../..')));
    const elsewhere = this.#elsewhere();
    const runs = folders.size + elsewhere.length > 0 ? await this.#headlines(folders, elsewhere) : [];
    this.#folders = byFolder(runs);
    await Promise.all([
      commands.executeCommand('setContext', 'musc.hasRuns', runs.length > 0),
      commands.executeCommand(
        'setContext',
        'musc.hasSeveralRuns',
        this.#folders.some((group) => group.runs.length > 1),
      ),
    ]);
    this.#changed.fire();
  }

  /** Of all runs of these folders, and of these run files. */
  async #headlines(folders: ReadonlySet<string>, files: readonly string[]): Promise<RunHeadline[]> {
    const { headlineOf, headlinesOf } = await import('./read-headlines');
    const runs = (await Promise.all([...folders].map((folder) => this.#try(folder, () => headlinesOf(folder))))).flat();
    const known = new Set(runs.map(({ uri }) => uri.fsPath));
    for (const file of files)
      if (!known.has(file)) runs.push(...(await this.#try(file, async () => [await headlineOf(file)])));
    return runs;
  }

  async #try(where: string, read: () => Promise<RunHeadline[]>): Promise<RunHeadline[]> {
    try {
      return await read();
    } catch (error) {
      this.log('debug', `Left out of the runs: ${toMuscError(error, where).toLine()}`);
      return [];
    }
  }
}

const newestFirst = (a: RunHeadline, b: RunHeadline): number => b.createdAt.getTime() - a.createdAt.getTime();

function byFolder(runs: readonly RunHeadline[]): ScoredFolder[] {
  const groups = new Map<string, RunHeadline[]>();
  for (const run of [...runs].sort(newestFirst)) {
    const key = path.resolve(run.folder);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([folder, group]) => ({ folder: Uri.file(folder), runs: group }));
}
