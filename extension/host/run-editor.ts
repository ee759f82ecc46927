import path from 'node:path';
import {
  type CancellationToken,
  type CustomDocumentBackup,
  type CustomDocumentBackupContext,
  type CustomDocumentEditEvent,
  type CustomDocumentOpenContext,
  type CustomEditorProvider,
  type Disposable,
  EventEmitter,
  l10n,
  RelativePattern,
  Uri,
  type WebviewPanel,
  workspace,
} from 'vscode';
import { MuscError } from '../core/errors';
import type { Host } from './host';
import { loadRooms } from './load-rooms';
import type { PanelSession } from './panel-session';
import type { RunBackups } from './run-backup';
import type { RunDocument } from './run-document';

/**
 * The custom editor of runs: VS Code's document model (undo, dirty, save, hot exit) around the panel. What opening a run needs
 * is loaded with the first run, not when the extension wakes.
 */
export class RunEditor implements CustomEditorProvider<RunDocument> {
  static readonly viewType = 'musc.run';
  readonly #edited = new EventEmitter<CustomDocumentEditEvent<RunDocument>>();
  readonly onDidChangeCustomDocument = this.#edited.event;
  readonly #sessions = new Set<PanelSession>();
  #backup: RunBackups | undefined;

  constructor(private readonly host: Host) {}

  /** Opens the compare view in the editors of a run, with another run of its folder. */
  compare(run: Uri, other: string): void {
    for (const session of this.#sessions)
      if (session.document.uri.toString() === run.toString()) session.compare(other);
  }

  /** The document of a run that an editor shows. */
  documentOf(run: Uri): RunDocument | undefined {
    return [...this.#sessions].find(({ document }) => document.uri.toString() === run.toString())?.document;
  }

  async openCustomDocument(uri: Uri, context: CustomDocumentOpenContext): Promise<RunDocument> {
    if (uri.scheme !== 'file')
      throw new MuscError('FILE_IO', 'only runs on this machine can be opened', { where: uri.toString() });
    const [{ RunDocument }, backups] = await Promise.all([loadRooms(), this.#backups()]);
    const document = await RunDocument.open(uri);
    if (context.backupId) document.restore(await backups.read(context.backupId));
    else document.restore(await backups.leftBehind(uri), false);
    const disposables: Disposable[] = [
      document.onDidEdit((edit) => this.#edited.fire({ document, ...edit })),
      ...watch(document),
    ];
    document.onDidDispose(() => {
      disposables.forEach((disposable) => disposable.dispose());
      backups.closed(uri);
    });
    return document;
  }

  async resolveCustomEditor(document: RunDocument, panel: WebviewPanel): Promise<void> {
    const { PanelSession } = await loadRooms();
    const session = new PanelSession(document, panel, this.host);
    this.#sessions.add(session);
    panel.onDidDispose(() => {
      this.#sessions.delete(session);
      session.dispose();
    });
    document.tell(l10n.t('Restore unsaved labels'));
  }

  async saveCustomDocument(document: RunDocument): Promise<void> {
    await document.save();
    (await this.#backups()).forget(document.uri);
  }

  async saveCustomDocumentAs(document: RunDocument, destination: Uri): Promise<void> {
    const { copyRun } = await loadRooms();
    if (document.opened) await copyRun(document.opened, destination.fsPath);
    await this.saveCustomDocument(document);
  }

  async revertCustomDocument(document: RunDocument): Promise<void> {
    await document.revert();
    (await this.#backups()).forget(document.uri);
  }

  async backupCustomDocument(
    document: RunDocument,
    { destination }: CustomDocumentBackupContext,
    token: CancellationToken,
  ): Promise<CustomDocumentBackup> {
    return (await this.#backups()).write(document, destination, token);
  }

  async #backups(): Promise<RunBackups> {
    const { RunBackups } = await loadRooms();
    return (this.#backup ??= new RunBackups(this.host.storage, this.host.log));
  }

  dispose(): void {
    this.#edited.dispose();
  }
}

/** Follows the run's file and its folder's labels on disk. */
function watch(document: RunDocument): Disposable[] {
  const run = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(path.dirname(document.uri.fsPath)), path.basename(document.uri.fsPath)),
  );
  const reload = () => void document.reload();
  const disposables: Disposable[] = [run, run.onDidChange(reload), run.onDidCreate(reload)];
  const labels = document.labelsFile;
  if (labels === undefined) return disposables;
  const watcher = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(path.dirname(labels)), path.basename(labels)),
  );
  const changed = () => void document.labelsChangedOnDisk();
  return [
    ...disposables,
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
  ];
}
