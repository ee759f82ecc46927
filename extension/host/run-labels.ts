import { readLabels, labelsPath, saveLabels, type SavedLabels } from '../core/run/label-store';
import type { LabelRecord } from '../core/run/merge-labels';
import { labelKeys } from '../core/run/run-labels';
import type { LabelValue } from './label-edits';
import type { OpenRun } from './open-run';

/** Where the labels of a run are: the folder whose `.musc` holds them, and each picture's key in it. */
export class RunLabels {
  readonly #folder: string;
  readonly #keys: readonly string[];
  #record: LabelRecord = {};

  constructor({ file, run }: OpenRun) {
    const { folder, keys } = labelKeys(file, run);
    this.#folder = folder;
    this.#keys = keys;
  }

  /** Absolute path of the label file, which need not exist. */
  get file(): string {
    return labelsPath(this.#folder);
  }

  /** Reads the labels, one per image. Throws FILE_INVALID for a damaged file. */
  async read(): Promise<LabelValue[]> {
    this.#record = await readLabels(this.#folder);
    return this.#keys.map((key) => (Object.hasOwn(this.#record, key) ? this.#record[key].label : null));
  }

  /** Merges decisions into the file; another window's at the same time are kept, and the same picture's reported as conflicts. */
  save(decisions: ReadonlyMap<number, { readonly label: LabelValue; readonly at: string }>): Promise<SavedLabels> {
    return saveLabels(
      this.#folder,
      [...decisions].map(([image, { label, at }]) => {
        const key = this.#keys[image];
        return { path: key, label, at, ...(Object.hasOwn(this.#record, key) ? { before: this.#record[key] } : {}) };
      }),
    );
  }
}
