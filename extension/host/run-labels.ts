import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { l10n } from 'vscode';
import { MuscError } from '../core/errors';
import { readLabels, labelsPath, saveLabels, type SavedLabels } from '../core/run/label-store';
import type { LabelEntry } from '../core/run/merge-labels';
import { labelKeys } from '../core/run/run-labels';
import type { Decisions, LabelValue } from './label-edits';
import type { OpenRun } from './open-run';

/** What a folder answers that can't be written to. */
const READ_ONLY: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Where the labels of a run are: the folder whose `.musc` holds them, and each picture's key in it. */
export class RunLabels {
  readonly #folder: string;
  readonly #keys: readonly string[];
  /** The file's entries that this window's decisions were made upon: what comes later from another window is a conflict. */
  #known: ReadonlyMap<string, LabelEntry> = new Map();

  constructor({ file, run }: OpenRun) {
    const { folder, keys } = labelKeys(file, run);
    this.#folder = folder;
    this.#keys = keys;
  }

  /** Absolute path of the label file, which need not exist. */
  get file(): string {
    return labelsPath(this.#folder);
  }

  /** Whether the label file can be written, as far as the system tells: Windows knows that of files only. */
  async isWritable(): Promise<boolean> {
    if (process.platform === 'win32') return true;
    const problem = await problemWithWriting(path.dirname(this.file));
    return !READ_ONLY.has(problem === 'ENOENT' ? await problemWithWriting(this.#folder) : problem);
  }

  /** Reads the labels, one per image. `unsaved`: pictures that are decided already, upon what was known then. Throws FILE_INVALID for a damaged file. */
  async read(unsaved: Iterable<number> = []): Promise<LabelValue[]> {
    const record = new Map(Object.entries(await readLabels(this.#folder)));
    const known = new Map(record);
    for (const image of unsaved) {
      const before = this.#known.get(this.#keys[image]);
      if (before) known.set(this.#keys[image], before);
      else known.delete(this.#keys[image]);
    }
    this.#known = known;
    return this.#keys.map((key) => record.get(key)?.label ?? null);
  }

  /** A decision of an earlier session: what was decided later elsewhere it did not know. */
  decidedEarlier(image: number, at: string): void {
    const key = this.#keys[image];
    const entry = this.#known.get(key);
    if (entry && entry.at > at) this.#known = new Map([...this.#known].filter(([other]) => other !== key));
  }

  /**
   * Merges decisions into the file; another window's at the same time are kept, and the same picture's reported as conflicts. Throws
   * FOLDER_NOT_FOUND, and as `saveLabels`.
   */
  async save(decisions: Decisions): Promise<SavedLabels> {
    await access(this.#folder).catch((cause: unknown) => {
      // made anew it would be out of sight once the drive is back
      throw new MuscError('FOLDER_NOT_FOUND', l10n.t('the folder is not there, so its labels cannot be saved'), {
        where: this.#folder,
        hint: l10n.t('bring it back, then save again'),
        cause,
      });
    });
    return saveLabels(
      this.#folder,
      [...decisions].map(([image, { label, at }]) => {
        const key = this.#keys[image];
        const before = this.#known.get(key);
        return { path: key, label, at, ...(before ? { before } : {}) };
      }),
    );
  }
}

/** The code of the error that writing into a folder would give; empty: none. */
const problemWithWriting = (folder: string): Promise<string> =>
  access(folder, constants.W_OK).then(
    () => '',
    (error: NodeJS.ErrnoException) => error.code ?? '',
  );
