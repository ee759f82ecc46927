import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { parseNpyHeader } from '../array/npy';
import { MuscError, toMuscError } from '../errors';
import { openRegularFile } from '../regular-file';

/** CRC-32 of each of `rows` equal parts of `bytes`. */
export const rowChecksums = (bytes: Uint8Array, rows: number): number[] =>
  Array.from({ length: rows }, (_, i) =>
    crc32(bytes.subarray((i * bytes.length) / rows, ((i + 1) * bytes.length) / rows)),
  );

/** A .npy file of 4-byte elements, read by rows of its first axis: memory is what is asked for, however large the file. */
export class NpyRows {
  private constructor(
    private readonly handle: FileHandle,
    private readonly where: string,
    private readonly start: number,
    readonly shape: readonly number[],
    private readonly checksums: readonly (number | undefined)[],
  ) {}

  /**
   * Opens a file whose element type is `descr` and whose shape is `expected` (-1: any). Throws FILE_INVALID where it is
   * another or is cut off, FILE_IO where it is not there. `checksums`: of each row, where it is known.
   */
  static async open(
    where: string,
    descr: '<f4' | '<i4',
    expected: readonly number[],
    checksums: readonly (number | undefined)[],
  ): Promise<NpyRows> {
    const invalid = (what: string) =>
      new MuscError('FILE_INVALID', what, { where, hint: l10n.t('score the folder again') });
    let handle: FileHandle | undefined;
    try {
      handle = await openRegularFile(where);
      const head = new Uint8Array(4096); // longer than any header of ours
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      const layout = parseNpyHeader(head.subarray(0, bytesRead), where);
      const fits =
        layout.shape.length === expected.length && layout.shape.every((d, i) => [d, -1].includes(expected[i]));
      if (layout.descr !== descr || !fits)
        throw invalid(l10n.t('an array of {0} where {1} belongs', layout.shape.join(' x '), expected.join(' x ')));
      const { size } = await handle.stat();
      if (size !== layout.start + layout.size) throw invalid(l10n.t('the file is cut off or too long'));
      return new NpyRows(handle, where, layout.start, layout.shape, checksums);
    } catch (error) {
      await handle?.close();
      throw toMuscError(error, where);
    }
  }

  /**
   * Bytes of rows `from` up to, not including, `to`; aligned, for a typed array on their `buffer`. Throws FILE_INVALID where
   * they are not what was written.
   */
  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(from >= 0 && to > from && to <= this.shape[0]))
      throw new MuscError('INTERNAL', `no rows ${from} to ${to} among ${this.shape[0]}`, { where: this.where });
    const rowBytes = this.shape.slice(1).reduce((a, b) => a * b, 4);
    const bytes = new Uint8Array((to - from) * rowBytes);
    for (let done = 0; done < bytes.length;) {
      // one read call takes at most 2^31 bytes
      const length = Math.min(bytes.length - done, 2 ** 30);
      const { bytesRead } = await this.handle.read(bytes, done, length, this.start + from * rowBytes + done);
      if (bytesRead === 0) throw new MuscError('FILE_INVALID', l10n.t('the file is cut off'), { where: this.where });
      done += bytesRead;
    }
    this.#check(bytes, from, to);
    return bytes;
  }

  #check(bytes: Uint8Array, from: number, to: number): void {
    const found = rowChecksums(bytes, to - from);
    const bad = found.findIndex((crc, i) => ![crc, undefined].includes(this.checksums[from + i]));
    if (bad >= 0)
      throw new MuscError('FILE_INVALID', l10n.t('the file is damaged: row {0} is not what was written', from + bad), {
        where: this.where,
        hint: l10n.t('score the folder again'),
      });
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
