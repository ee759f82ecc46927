import path from 'node:path';
import {
  type CancellationToken,
  commands,
  type CustomDocumentBackup,
  type CustomDocumentBackupContext,
  type CustomDocumentEditEvent,
  type CustomDocumentOpenContext,
  type CustomEditorProvider,
  Disposable,
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
 * is not loaded when the extension wakes, but once the window is at rest, or with the first run if that comes earlier.
 */
export class RunEditor implements CustomEditorProvider<RunDocument> {
  static readonly viewType = 'musc.run';
  readonly #edited = new EventEmitter<CustomDocumentEditEvent<RunDocument>>();
  readonly onDidChangeCustomDocument = this.#edited.event;
  readonly #documents = new Set<RunDocument>();
  readonly #sessions = new Set<PanelSession>();
  readonly #following: Disposable;
  #backup: RunBackups | undefined;

  constructor(private readonly host: Host) {
    this.#following = host.catalogue.onDidChange(() => this.#tellMenus());
  }

  /** Opens the compare view in the editors of a run, with another run of its folder. */
  compare(run: Uri, other: string): void {
    for (const session of this.#sessions)
      if (session.document.uri.toString() === run.toString()) session.compare(other);
  }

  /** Has a panel of a run export what it shows, the one that the user is in before others. False: none is in sight. */
  exportShown(run: Uri): boolean {
    return [...this.#sessions]
      .filter(({ document }) => document.uri.toString() === run.toString())
      .sort((a, b) => Number(b.isActive) - Number(a.isActive))
      .some((session) => session.exportShown());
  }

  /** The document of a run that is open in an editor. */
  documentOf(run: Uri): RunDocument | undefined {
    return [...this.#documents].find(({ uri }) => uri.toString() === run.toString());
  }

  async openCustomDocument(uri: Uri, context: CustomDocumentOpenContext): Promise<RunDocument> {
    if (uri.scheme !== 'file')
      throw new MuscError('FILE_IO', l10n.t('only runs on this machine can be opened'), { where: uri.toString() });
    const [{ RunDocument }, backups] = await Promise.all([loadRooms(), this.#backups()]);
    const document = await RunDocument.open(uri);
    if (context.backupId) document.restore(await backups.read(context.backupId));
    else document.restore(await backups.leftBehind(uri), false);
    const following = Disposable.from(
      document.onDidEdit((edit) => this.#edited.fire({ document, ...edit })),
      watchRun(document),
      watchLabels(document),
    );
    this.#documents.add(document);
    this.#tellMenus();
    document.onDidChange((change) => change === 'run' && this.#tellMenus());
    document.onDidDispose(() => {
      this.#documents.delete(document);
      this.#tellMenus();
      following.dispose();
      backups.closed(uri);
    });
    return document;
  }

  async resolveCustomEditor(document: RunDocument, panel: WebviewPanel): Promise<void> {
    const { PanelSession } = await loadRooms();
    const session = new PanelSession(document, panel, this.host);
    this.#sessions.add(session);
    const tell = () => document.tell(l10n.t('Restore unsaved labels'));
    const readAgain = document.onDidChange((change) => change === 'run' && tell());
    panel.onDidDispose(() => {
      this.#sessions.delete(session);
      readAgain.dispose();
      session.dispose();
    });
    tell();
  }

  async saveCustomDocument(document: RunDocument): Promise<void> {
    const backups = await this.#backups(); // first: what is decided once all is saved must come after VS Code has heard of that
    await document.save();
    if (!document.unsaved) backups.forget(document.uri);
  }

  async saveCustomDocumentAs(document: RunDocument, destination: Uri): Promise<void> {
    const { copyRun } = await loadRooms();
    if (!document.opened)
      throw (
        document.refusal ??
        new MuscError('FILE_INVALID', l10n.t('the run cannot be read'), { where: document.uri.fsPath })
      );
    await copyRun(document.opened, destination.fsPath);
    await this.saveCustomDocument(document);
  }

  async revertCustomDocument(document: RunDocument): Promise<void> {
    const backups = await this.#backups();
    await document.revert();
    if (!document.unsaved) backups.forget(document.uri);
  }

  async backupCustomDocument(
    document: RunDocument,
    { destination }: CustomDocumentBackupContext,
    token: CancellationToken,
  ): Promise<CustomDocumentBackup> {
    return (await this.#backups()).write(document, destination, token);
  }

  /** A run that can't be read has nothing to export or to score again; one that is alone in its folder none to compare with. */
  #tellMenus(): void {
    const documents = [...this.#documents];
    const tell = (key: string, runs: readonly RunDocument[]) =>
      void commands.executeCommand('setContext', key, runs.flatMap(pathsOf));
    tell(
      'musc.unreadableRuns',
      documents.filter(({ opened }) => !opened),
    );
    tell(
      'musc.runsOfSeveral',
      documents.filter((document) => this.#hasOther(document)),
    );
  }

  #hasOther({ opened }: RunDocument): boolean {
    return (
      opened !== null && this.host.catalogue.runsOf(opened.folder, opened.root).some(({ id }) => id !== opened.run.id)
    );
  }

  async #backups(): Promise<RunBackups> {
    const { RunBackups } = await loadRooms();
    return (this.#backup ??= new RunBackups(this.host.storage, this.host.log));
  }

  dispose(): void {
    this.#following.dispose();
    this.#edited.dispose();
    this.#backup?.dispose();
  }
}

/** A run's path as the window may write it, which can be on another system than the run. */
const pathsOf = ({ uri }: RunDocument): string[] => [
  ...new Set([uri.path, uri.path.replaceAll('/', '\\'), uri.fsPath]),
];

/** Follows the run's file on disk. */
function watchRun(document: RunDocument): Disposable {
  const reload = () => void document.reload();
  const watcher = watcherOf(document.uri.fsPath);
  return Disposable.from(
    watcher,
    watcher.onDidChange(reload),
    watcher.onDidCreate(reload),
    watcher.onDidDelete(reload),
  );
}

/** Follows the labels of the run's folder on disk: none while the run can't be read, others once it is relinked. */
function watchLabels(document: RunDocument): Disposable {
  let file: string | undefined;
  let watching: Disposable | undefined;
  const follow = () => {
    const { labelsFile } = document;
    if (labelsFile === file) return;
    file = labelsFile;
    watching?.dispose();
    watching = labelsFile === undefined ? undefined : watchLabelFile(labelsFile, document);
  };
  follow();
  return Disposable.from(
    document.onDidChange((change) => change === 'run' && follow()),
    new Disposable(() => watching?.dispose()),
  );
}

function watchLabelFile(file: string, document: RunDocument): Disposable {
  const changed = () => void document.labelsChangedOnDisk();
  const watcher = watcherOf(file);
  return Disposable.from(
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
  );
}

const watcherOf = (file: string) =>
  workspace.createFileSystemWatcher(new RelativePattern(Uri.file(path.dirname(file)), path.basename(file)));
