import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { fileSha256 } from '../file-sha256';
import { readRegularFile } from '../regular-file';
import { sweepAbandoned, writeAtomic } from '../run/atomic-write';

/** A million pictures take 200 MB. */
const MAX_BYTES = 512 * 2 ** 20;

const entry = z.object({
  bytes: z.number(),
  modified: z.number(),
  changed: z.number(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const index = z.object({ version: z.literal(1), files: z.record(z.string(), entry) });

/** A picture file as it is now: SHA-256 of its content, size in bytes, modification time in ms since 1970. */
export interface FileState {
  readonly hash: string;
  readonly bytes: number;
  readonly modified: number;
}

/**
 * Content hashes of a folder's pictures, remembered by path, size and both times of the file, so that an unchanged
 * folder isn't read again. Only a cache: a damaged or missing index means hashing anew.
 */
export class ContentIndex {
  private dirty = false;

  private constructor(
    private readonly file: string,
    private readonly files: Map<string, z.infer<typeof entry>>,
  ) {}

  static async open(file: string): Promise<ContentIndex> {
    await sweepAbandoned(path.dirname(file));
    try {
      const text = (await readRegularFile(file, MAX_BYTES)).toString('utf8');
      return new ContentIndex(file, new Map(Object.entries(index.parse(JSON.parse(text)).files)));
    } catch {
      return new ContentIndex(file, new Map());
    }
  }

  /** State of `absolute`, known in the index as `relative`. Throws FILE_IO, FOLDER_READ_ONLY where it can't be read; CANCELLED. */
  async state(absolute: string, relative: string, signal?: AbortSignal): Promise<FileState> {
    const s = await stat(absolute);
    const known = this.files.get(relative);
    if (known && known.bytes === s.size && known.modified === s.mtimeMs && known.changed === s.ctimeMs) return known;
    const hash = await fileSha256(absolute, signal);
    const fresh = { bytes: s.size, modified: s.mtimeMs, changed: s.ctimeMs, hash };
    this.files.set(relative, fresh);
    this.dirty = true;
    return fresh;
  }

  /** Writes the index where something changed; a disk that refuses is no error. */
  async save(): Promise<void> {
    if (!this.dirty) return;
    await writeAtomic(this.file, JSON.stringify({ version: 1, files: Object.fromEntries(this.files) })).then(
      () => (this.dirty = false),
      () => undefined,
    );
  }
}
