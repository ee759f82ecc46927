import { createHash } from 'node:crypto';
import { type CancellationToken, type CustomDocumentBackup, Uri, workspace } from 'vscode';
import * as z from 'zod';
import { toMuscError } from '../core/errors';
import type { Log } from '../core/progress';
import { LABELS } from '../protocol/run-file';
import type { RunDocument } from './run-document';

const backupFile = z.array(z.object({ path: z.string(), label: z.enum(LABELS).nullable(), at: z.string() }));
export type RunBackup = z.infer<typeof backupFile>;

/** A closed document's backup stays so long, ms: a window that is going away closes its documents, too, and must find it again. */
const FAREWELL = 5000;

/**
 * Unsaved decisions of runs, kept through reloads. Always in one file for each run: a window that was reloaded may come back with
 * the id of an older backup than the last, or with none (seen in VS Code in a browser).
 */
export class RunBackups {
  /** The last backup of each document of this window. */
  readonly #latest = new Map<string, CustomDocumentBackup>();
  readonly #closing = new Set<string>();
  #disposed = false;

  /** `folder`: of this workspace; undefined where no folder is open. */
  constructor(
    private readonly folder: Uri | undefined,
    private readonly log: Log,
  ) {}

  /** What VS Code says to restore. A damaged backup is empty and logged: it must not keep the run from opening. */
  async read(id: string): Promise<RunBackup> {
    try {
      return backupFile.parse(JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(id)))));
    } catch (error) {
      this.log('warn', `Unsaved labels could not be read back: ${toMuscError(error, id).toLine()}`);
      return [];
    }
  }

  /** What a window left behind that went away without VS Code knowing of it. */
  async leftBehind(run: Uri): Promise<RunBackup> {
    const file = this.#file(run, this.folder);
    if (!file || this.#closing.has(run.toString())) return [];
    const there = await workspace.fs.stat(file).then(
      () => true,
      () => false,
    );
    return there ? this.read(file.toString()) : [];
  }

  /** Writes the unsaved decisions of a document. `destination`: where VS Code would put them, a new place each time. */
  async write(document: RunDocument, destination: Uri, token: CancellationToken): Promise<CustomDocumentBackup> {
    const parent = Uri.joinPath(destination, '..');
    const file = this.#file(document.uri, this.folder ?? parent) as Uri;
    const key = document.uri.toString();
    const backup: CustomDocumentBackup = {
      id: file.toString(),
      delete: () => {
        if (this.#latest.get(key) === backup) this.forget(document.uri); // else a newer one lies there
      },
    };
    await workspace.fs.createDirectory(parent);
    if (token.isCancellationRequested) return backup;
    await workspace.fs.writeFile(destination, new TextEncoder().encode(document.backup()));
    await workspace.fs.rename(destination, file, { overwrite: true });
    this.#latest.set(key, backup);
    return backup;
  }

  /** Nothing of the run is unsaved any more. */
  forget(run: Uri): void {
    const last = this.#latest.get(run.toString());
    this.#latest.delete(run.toString());
    const file = last ? Uri.parse(last.id) : this.#file(run, this.folder);
    if (file) void workspace.fs.delete(file).then(undefined, () => undefined);
  }

  /** A document was closed: what was not saved is not wanted, unless the whole window is going away. */
  closed(run: Uri): void {
    const key = run.toString();
    const last = this.#latest.get(key);
    this.#closing.add(key);
    setTimeout(() => {
      this.#closing.delete(key);
      if (!this.#disposed && this.#latest.get(key) === last) this.forget(run);
    }, FAREWELL).unref();
  }

  /** The whole window is going away: what it leaves behind is for the next one, however long this process lives on. */
  dispose(): void {
    this.#disposed = true;
  }

  #file(run: Uri, folder: Uri | undefined): Uri | undefined {
    const name = createHash('sha256').update(run.toString()).digest('hex').slice(0, 32);
    return folder && Uri.joinPath(folder, `${name}.labels.json`);
  }
}
