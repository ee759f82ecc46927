import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  commands,
  type Disposable,
  EventEmitter,
  type Memento,
  type Tab,
  TabInputCustom,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Log } from '../core/progress';
import { toMuscError } from '../core/errors';
import { fewAtATime } from './few-at-a-time';
import { loadHeadlines } from './load-rooms';
import { folderAround, isReadable, placeOf, type RunHeadline } from './run-headline';
import { filesInLocations } from './runs-locations';
import { isNotOurs, workspaceFiles } from './workspace-files';

const PATTERN = '**/*.musc.json';
/** What the engine keeps beside the pictures, a file for each: no folder of anybody's. */
const OURS = /(^|\/)\.musc\//;
/** Of what has come at once, so many are asked whether they are folders. */
const MOST_SIFTED = 200;
/** A folder that a run is written to, or the one of all runs. */
const FOR_RUNS = /(^|\/)\.musc(\/runs(\/[^/]+)?)?$/;
/** Commands of a terminal that may have made a run, wherever. */
const MAKES_RUNS = /\b(score|bench|compare|start)\b/;
const KEY = 'musc.runsElsewhere';
/** Runs outside the workspace that are remembered. */
const MOST_ELSEWHERE = 200;
/** Files change in bursts while a run is written: one look after the last, ms. */
const QUIET = 300;
/** After a folder has come: looked (again) so much later, when what is in it has been written, ms. */
const WRITTEN = 3000;
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
 * The runs of the workspace, wherever they were made, and those that this machine's windows or anybody (`musc.runsLocation`) wrote
 * elsewhere, as far as they belong here: of a folder of this workspace, open, or made in this window; all of them where no folder is open. Found by looking, not by a
 * list of its own, so runs of the command line and of other windows are there too.
 */
export class RunCatalogue implements Disposable {
  readonly #changed = new EventEmitter<void>();
  /** Fires after every change of `folders`. */
  readonly onDidChange = this.#changed.event;
  readonly #disposables: Disposable[] = [this.#changed];
  #folders: readonly ScoredFolder[] = [];
  /** The readable runs of each folder, newest first: those that it lists, and those whose pictures have moved there. */
  #places: ReadonlyMap<string, readonly RunHeadline[]> = new Map();
  readonly #settled = setTimeout(() => this.#later(), SETTLED).unref();
  #timer: NodeJS.Timeout | undefined;
  #onceMore: NodeJS.Timeout | undefined;
  /** More has come while that was waited for. */
  #expected = false;
  /** What has come since it was last sifted. */
  readonly #arrived = new Set<string>();
  /** Of all runs, as last seen. */
  #files: readonly string[] = [];
  #looking: Promise<void> | undefined;
  /** Asked for while it was looking: what it has passed by may have changed since. */
  #again: Promise<void> | undefined;
  #looked = 0;
  /** Run files of this window. */
  readonly #written = new Set<string>();
  /** What single run files were when they were last read. */
  readonly #read = new Map<string, { readonly state: string; readonly run: RunHeadline }>();

  constructor(
    private readonly memento: Memento,
    private readonly log: Log,
  ) {
    const files = workspace.createFileSystemWatcher(PATTERN);
    const everything = workspace.createFileSystemWatcher('**', false, true, false);
    const later = () => this.#later();
    this.#disposables.push(
      files,
      files.onDidCreate(later),
      files.onDidChange(later),
      files.onDidDelete(later),
      everything,
      everything.onDidCreate((uri) => this.#came(uri)),
      everything.onDidDelete((uri) => this.#went(uri)),
      window.onDidEndTerminalShellExecution(({ execution }) => {
        if (MAKES_RUNS.test(execution.commandLine.value)) later();
      }),
      workspace.onDidChangeWorkspaceFolders(later),
      window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        const elsewhere = this.#elsewhere();
        if (elsewhere.length > 0 && [...opened, ...closed].some((tab) => elsewhere.includes(runOf(tab) ?? ''))) later();
      }),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused && Date.now() - this.#looked > OLD) later();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#onceMore);
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

  /** The runs that can be opened of these folders: of their pictures, wherever the runs lie. Newest first. */
  runsOf(...folders: readonly string[]): readonly RunHeadline[] {
    const runs = folders.flatMap((folder) => this.#places.get(placeOf(folder)) ?? []);
    return [...new Set(runs)].sort(newestFirst);
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
      // Until then the view does not say that there is nothing.
      if (this.#looked === 0) void commands.executeCommand('setContext', 'musc.looked', true);
      this.#looked = Date.now();
    });
    return this.#looking;
  }

  /** Runs that this window wrote: remembered where the workspace does not reach, and shown. */
  added(...runs: readonly Uri[]): void {
    for (const { fsPath } of runs) this.#written.add(fsPath);
    this.#remember(runs.filter((run) => !workspace.getWorkspaceFolder(run)).map(({ fsPath }) => fsPath));
    this.#later();
  }

  /** Newest first. */
  #remember(files: readonly string[]): void {
    if (files.length === 0) return;
    const others = this.#elsewhere().filter((file) => !files.includes(file));
    void this.memento.update(KEY, [...files, ...others].slice(0, MOST_ELSEWHERE));
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), QUIET);
  }

  /** Looks again, without anybody who waits for it: what goes wrong is in the log, and the runs stay as they were. */
  look(): void {
    this.refresh().catch((error: unknown) => this.log('warn', toMuscError(error, 'runs').toLine()));
  }

  /**
   * Looks where a folder has come: with runs in it (copied, moved) or for them. The editor tells of a folder, but on Linux not of what
   * was put into it before its watcher had come there, and a run is written in milliseconds: of 20 put there at once it told 7.
   */
  #came(uri: Uri): void {
    const name = workspace.asRelativePath(uri, false);
    if (FOR_RUNS.test(name)) {
      this.#later();
      this.#expect();
    } else if (!isNotOurs(`${name}/`) && !OURS.test(name)) {
      this.#arrived.add(uri.fsPath);
      if (this.#arrived.size === 1) setTimeout(() => void this.#sift(), QUIET).unref();
    }
  }

  /** Looks, a while later, if there is a folder among what has come. Of many files one folder is as good as all. */
  async #sift(): Promise<void> {
    const paths = [...this.#arrived].slice(-MOST_SIFTED);
    this.#arrived.clear();
    for (const file of paths) if (await isFolder(file)) return this.#expect();
  }

  /** Looks a while later, and after as long again where more has come meanwhile: however much comes, seldom, and never not at all. */
  #expect(): void {
    this.#expected = this.#onceMore !== undefined;
    if (this.#expected) return;
    this.#onceMore = setTimeout(() => {
      this.#onceMore = undefined;
      this.look();
      if (this.#expected) this.#expect();
    }, WRITTEN);
  }

  /** Looks where runs were: of a folder that is deleted the editor tells, but not of what was in it. */
  #went(uri: Uri): void {
    const below = uri.fsPath + path.sep;
    if (this.#files.some((file) => file.startsWith(below))) this.#later();
  }

  #elsewhere(): readonly string[] {
    const list = this.memento.get<unknown>(KEY);
    return Array.isArray(list) ? list.filter((file): file is string => typeof file === 'string') : [];
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer); // this look is the one that was due
    const runs = [...(await this.#headlines(await workspaceFiles(PATTERN)))];
    const known = new Set(runs.map(({ uri }) => uri.fsPath));
    runs.push(...(await this.#fromElsewhere(known)));
    this.#folders = byFolder(runs);
    this.#files = runs.map(({ uri }) => uri.fsPath);
    this.#places = byPlace(this.runs.filter(isReadable));
    const set = (key: string, value: boolean) => commands.executeCommand('setContext', key, value);
    await Promise.all([
      set('musc.hasRuns', runs.some(isReadable)),
      set('musc.hasRunFiles', runs.length > 0),
      set(
        'musc.hasSeveralRuns',
        [...this.#places.values()].some((found) => found.length > 1),
      ),
    ]);
    this.#changed.fire();
  }

  /** Of these run files; all runs of a folder whose `.musc` holds one of them. */
  async #headlines(files: readonly string[]): Promise<readonly RunHeadline[]> {
    if (files.length === 0) return [];
    const { headlinesOf } = await loadHeadlines();
    const usual = files.filter((file) => path.basename(file) === 'run.musc.json' && folderAround(file) !== null);
    const folders = new Set(usual.map((file) => path.resolve(file, '../../../..')));
    const runs = await fewAtATime([...folders], (folder) => this.#try(folder, () => headlinesOf(folder)));
    const known = new Set(usual);
    const others = files.filter((file) => !known.has(file));
    return [...runs, ...(await fewAtATime(others, (file) => this.#single(file)))];
  }

  /** The runs outside the workspace that belong here, without the `known`. Forgets those whose file is gone. */
  async #fromElsewhere(known: ReadonlySet<string>): Promise<readonly RunHeadline[]> {
    const open = new Set(window.tabGroups.all.flatMap(({ tabs }) => tabs.map(runOf)));
    const runs: RunHeadline[] = [];
    const gone: string[] = [];
    const all = !workspace.workspaceFolders?.length; // else they would be found no more after a restart
    // The search finds no file below a linked folder where the user turned that off.
    this.#remember([...this.#written].filter((file) => !known.has(file) && !this.#elsewhere().includes(file)));
    for (const file of this.#elsewhere()) {
      if (known.has(file)) continue;
      if (await isMissing(file)) {
        // Without the folder of its runs too a drive is not there, or it is another machine's: nothing tells that it was deleted.
        if (await isMissing(path.resolve(file, '../..'))) continue;
        gone.push(file);
        this.#written.delete(file);
      } else
        for (const run of await this.#single(file))
          if (all || belongsHere(run) || open.has(file) || this.#written.has(file)) runs.push(run);
    }
    const passed = new Set([...known, ...this.#elsewhere()]);
    const others = (await filesInLocations()).filter((file) => !passed.has(file));
    for (const run of await fewAtATime(others, (file) => this.#single(file)))
      if (isReadable(run) && belongsHere(run)) runs.push(run);
    if (gone.length > 0)
      await this.memento.update(
        KEY,
        this.#elsewhere().filter((file) => !gone.includes(file)),
      );
    return runs;
  }

  /** One run file, read again only when it changed. */
  #single(file: string): Promise<RunHeadline[]> {
    return this.#try(file, async () => {
      const { size, mtimeMs } = await stat(file);
      const state = `${size} ${mtimeMs}`;
      const last = this.#read.get(file);
      if (last?.state === state) return [last.run];
      const { headlineOf } = await loadHeadlines();
      const run = await headlineOf(file);
      this.#read.set(file, { state, run });
      return [run];
    });
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

/** Path of the run that a tab shows. */
const runOf = ({ input }: Tab): string | undefined =>
  input instanceof TabInputCustom && input.viewType === 'musc.run' ? input.uri.fsPath : undefined;

const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isMissing = (file: string): Promise<boolean> =>
  stat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

/** Whether a run outside the workspace is of a folder in it; of a damaged one that names none nobody can say that it is not. */
const belongsHere = (run: RunHeadline): boolean =>
  workspace.getWorkspaceFolder(Uri.file(run.folder)) !== undefined ||
  (!isReadable(run) && folderAround(run.uri.fsPath) === null);

const newestFirst = (a: RunHeadline, b: RunHeadline): number => b.createdAt.getTime() - a.createdAt.getTime();

function byFolder(runs: readonly RunHeadline[]): ScoredFolder[] {
  const groups = new Map<string, RunHeadline[]>();
  for (const run of [...runs].sort(newestFirst)) {
    const key = placeOf(run.folder);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([folder, group]) => ({ folder: Uri.file(folder), runs: group }));
}

function byPlace(runs: readonly RunHeadline[]): Map<string, RunHeadline[]> {
  const places = new Map<string, RunHeadline[]>();
  for (const run of runs)
    for (const place of new Set([run.folder, run.root].map(placeOf)))
      places.set(place, [...(places.get(place) ?? []), run]);
  return places;
}
