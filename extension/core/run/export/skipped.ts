import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type MuscError, toMuscError } from '../../errors';

/** The pictures that an export of a folder had to leave out: moved, changed, damaged. */
export class SkippedPictures {
  readonly #lines: string[] = [];
  #first: MuscError | null = null;

  /** Notes why a picture is left out; throws what isn't the fault of that picture. */
  add(picture: string, error: unknown): void {
    const reason = toMuscError(error, picture);
    if (!/^(PICTURE_|FILE_IO|FILE_INVALID|MASK_)/.test(reason.code)) throw reason;
    this.#first ??= reason;
    this.#lines.push(`${picture}\t${reason.message}\n`);
  }

  /** Lists them with their reasons in `skipped.txt`, if there are any; if they are all of `count` pictures, throws the first reason. */
  async write(folder: string, count: number): Promise<void> {
    if (this.#first && this.#lines.length === count) throw this.#first;
    if (this.#first) await writeFile(path.join(folder, 'skipped.txt'), this.#lines.join(''));
  }
}
