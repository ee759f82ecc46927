import { type CustomDocument, EventEmitter, l10n, type Uri, window, workspace } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import type { SavedLabels } from '../core/run/label-store';
import { errorText } from './messages';
import { type LabelEdit, LabelState, type LabelValue } from './label-edits';
import { type OpenRun, openRun } from './open-run';
import type { RunBackup } from './run-backup';
import { RunLabels } from './run-labels';

/** Conflicts named one by one. */
const NAMED = 3;

/** What a document says about itself to the editors that show it; `step`: labels were changed by undo or redo. */
export type DocumentChange = 'labels' | 'step' | 'run';

/**
 * A run open in the editor. Its file is never rewritten by editing: what is edited are the reviewers' labels of its folder,
 * which all runs of the folder share.
 */
export class RunDocument implements CustomDocument {
  readonly #changed = new EventEmitter<DocumentChange>();
  readonly onDidChange = this.#changed.event;
  readonly #edited = new EventEmitter<{ label: string; undo: () => void; redo: () => void }>();
  /** Fires for every edit that can be undone. */
  readonly onDidEdit = this.#edited.event;
  readonly #disposed = new EventEmitter<void>();
  readonly onDidDispose = this.#disposed.event;
  #labels = new LabelState([]);
  readonly #untold: LabelEdit[] = [];
  /** Decisions of a backup that can't be placed: the run has not been readable yet. */
  #waiting: { readonly decisions: RunBackup; readonly told: boolean }[] = [];
  /** The run as last read; it stays while its file can't be, and so do the decisions on its pictures. */
  #opened: OpenRun | null = null;
  #store: RunLabels | null = null;
  /** Whether the disk takes labels, as of when the run was read. */
  #writable = true;
  /** The write at work: one at a time. */
  #writing: Promise<void> | undefined;
  #refusal: MuscError | null = null;

  private constructor(readonly uri: Uri) {}

  /** Opens a run file. One that can't be read opens too, with `refusal` saying why. */
  static async open(uri: Uri): Promise<RunDocument> {
    const document = new RunDocument(uri);
    await document.#load();
    return document;
  }

  /** The run, or null with `refusal` set. */
  get opened(): OpenRun | null {
    return this.#refusal ? null : this.#opened;
  }

  get refusal(): MuscError | null {
    return this.#refusal;
  }

  /** One per image. */
  get labels(): LabelValue[] {
    return this.#labels.current;
  }

  /** Whether there are decisions that are not on disk yet. */
  get unsaved(): boolean {
    return this.#labels.unsaved.size > 0 || this.#waiting.length > 0;
  }

  dispose(): void {
    this.#disposed.fire();
    for (const emitter of [this.#changed, this.#edited, this.#disposed]) emitter.dispose();
  }

  /** Whether labels can be edited: they are written into the folder, so not in one that is read-only or not trusted. */
  get editable(): boolean {
    return this.#writable && workspace.isTrusted && workspace.fs.isWritableFileSystem('file') !== false;
  }

  /** Throws FOLDER_READ_ONLY where labels can't be edited. */
  requireEditable(): void {
    if (!this.editable) throw new MuscError('FOLDER_READ_ONLY', l10n.t('labels cannot be edited here'));
  }

  /** Labels pictures as one undoable step; `name` is what the undo menu shows. Throws as `requireEditable`. */
  editLabels(wanted: readonly { image: number; label: LabelValue }[], name: string): void {
    this.requireEditable();
    const edit = this.#labels.edit(wanted, new Date().toISOString());
    if (!edit) return;
    this.#labels.apply(edit);
    this.#changed.fire('labels');
    this.#edited.fire({ label: name, ...this.#steps([edit]) });
  }

  /** How edits are taken back, and made once more. */
  #steps(edits: readonly LabelEdit[]): { undo: () => void; redo: () => void } {
    const step = (take: (edit: LabelEdit, now: string) => number) => () => {
      const now = new Date().toISOString();
      const left = edits.reduce((sum, edit) => sum + take(edit, now), 0);
      this.#changed.fire('step');
      if (left > 0) void window.showInformationMessage(leftText(left));
    };
    return {
      undo: step((edit, now) => this.#labels.revert(edit, now)),
      redo: step((edit, now) => this.#labels.repeat(edit, now)),
    };
  }

  /** Absolute path of the folder's label file. */
  get labelsFile(): string | undefined {
    return this.#store?.file;
  }

  /**
   * Merges unsaved decisions into the folder's labels, and those made meanwhile, too: VS Code takes for saved all that was decided
   * before this resolves. Throws when the file can't be written, or the run was never readable.
   */
  async save(): Promise<void> {
    if (!this.#store && this.unsaved)
      throw new MuscError('FILE_INVALID', l10n.t('the labels cannot be saved, because the run cannot be read'), {
        where: this.uri.fsPath,
        cause: this.#refusal ?? undefined,
      });
    while (this.#store && this.#labels.unsaved.size > 0)
      await (this.#writing ??= this.#write(this.#store).finally(() => (this.#writing = undefined)));
  }

  /** Writes what is unsaved now. */
  async #write(store: RunLabels): Promise<void> {
    const decisions = this.#labels.startWriting();
    try {
      const saved = await store.save(decisions);
      const meanwhile = [...this.#labels.unsaved.keys()].filter((image) => !decisions.has(image));
      const disk = await store.read(meanwhile);
      if (store === this.#store) this.#labels.written(disk); // else the run was relinked: they belong elsewhere, too
      tellOf(saved);
    } finally {
      this.#labels.notWritten();
    }
    this.#changed.fire('labels');
  }

  /** Takes the labels on disk and forgets unsaved ones. */
  async revert(): Promise<void> {
    this.#waiting = [];
    if (!this.#store) return this.reload();
    this.#labels.reset(await this.#store.read());
    this.#changed.fire('labels');
  }

  /** The labels on disk changed: another window, or another run of the folder. */
  async labelsChangedOnDisk(): Promise<void> {
    if (!this.#store) return;
    const labels = await this.#store.read(this.#labels.unsaved.keys()).catch(() => null); // damaged for now: what is shown stays
    if (!labels) return;
    this.#labels.rebase(labels);
    this.#changed.fire('labels');
  }

  /** The run's file changed. */
  async reload(): Promise<void> {
    await this.#load();
    this.#changed.fire('run');
  }

  /** Unsaved decisions as JSON, for hot exit. */
  backup(): string {
    const decisions = [...this.#labels.unsaved].map(([image, { label, at }]) => ({
      path: this.#opened?.run.images[image].path,
      label,
      at,
    }));
    return JSON.stringify([...decisions, ...this.#waiting.flatMap((waiting) => waiting.decisions)]);
  }

  /**
   * Puts decisions of a backup back over what the disk holds, once the run can be read. `told`: VS Code knows that they are
   * unsaved.
   */
  restore(decisions: RunBackup, told = true): void {
    if (!this.#opened) {
      if (decisions.length > 0) this.#waiting.push({ decisions, told });
      return;
    }
    for (const { image, label, at } of this.#placed(decisions)) {
      const edit = this.#labels.edit([{ image, label }], at);
      if (!edit) continue;
      this.#labels.apply(edit);
      this.#store?.decidedEarlier(image, at);
      if (!told) this.#untold.push(edit);
    }
  }

  /** Tells VS Code of what was restored without its knowing, once there is an editor. `name` is what the undo menu shows. */
  tell(name: string): void {
    const edits = this.#untold.splice(0);
    if (edits.length === 0) return;
    this.#edited.fire({ label: name, ...this.#steps(edits) });
  }

  /** Decisions with their picture's index; those on pictures that the run has not are left out. */
  #placed(decisions: RunBackup): (RunBackup[number] & { image: number })[] {
    const index = new Map(this.#opened?.run.images.map(({ path }, image) => [path, image]));
    return decisions.flatMap((decision) => {
      const image = index.get(decision.path);
      return image === undefined ? [] : [{ ...decision, image }];
    });
  }

  async #load(): Promise<void> {
    try {
      const opened = await openRun(this.uri.fsPath);
      const same = this.#opened?.run.id === opened.run.id;
      const fresh = new RunLabels(opened);
      const store = same && this.#store?.file === fresh.file ? this.#store : fresh; // it knows what decisions were made upon
      const writable = await store.isWritable();
      const labels = await store.read(store === fresh ? [] : this.#labels.unsaved.keys()).catch((error: unknown) => {
        void window.showWarningMessage(errorText(toMuscError(error))); // the run can be looked at all the same
        return null;
      });
      this.#opened = opened;
      this.#writable = writable;
      this.#store = store;
      this.#refusal = null;
      if (!same) this.#labels.reset(labels ?? opened.run.images.map(() => null));
      else if (labels) this.#labels.rebase(labels); // else what is shown stays
      for (const { decisions, told } of this.#waiting.splice(0)) this.restore(decisions, told);
    } catch (error) {
      this.#refusal = toMuscError(error, this.uri.fsPath);
    }
  }
}

/** Why undo or redo did not do all: what was decided in another window, or in another run of the folder, stays. */
const leftText = (pictures: number): string =>
  pictures === 1
    ? l10n.t('One picture has another label by now, which stays.')
    : l10n.t('{0} pictures have other labels by now, which stay.', pictures);

/** Tells what a write of labels came upon. */
function tellOf({ conflicts, setAside }: SavedLabels): void {
  if (conflicts.length > 0)
    void window.showWarningMessage(
      l10n.t(
        '{0} pictures were labelled differently elsewhere meanwhile: {1}. The later decision was kept.',
        conflicts.length,
        conflicts
          .slice(0, NAMED)
          .map(({ path, kept }) => `${path} (${kept ?? '-'})`)
          .join(', '),
      ),
    );
  if (setAside) void window.showWarningMessage(l10n.t('The label file was damaged. It was kept as {0}.', setAside));
}
