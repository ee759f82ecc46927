import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What thumbnails and converted copies of all folders may take together, bytes: about 100,000 thumbnails. */
export const PICTURE_CACHE_LIMIT = 2 ** 30;
/** It is looked through again after this share of the limit was written. */
const LOOK_AGAIN = 1 / 32;
/** Nothing else is ever removed. */
const OURS = /^[0-9a-f]{32}\./;
const SUBFOLDER = /^[0-9a-f]{2}$/;

/** Pictures made for showing, in files named after what they were made from. The longest unused go when they take too much. */
export class PictureCache {
  #written = Infinity; // what earlier processes left is unknown: looked through at the first write
  #trimming: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly limit = PICTURE_CACHE_LIMIT,
  ) {}

  /**
   * The cached file of a picture in one form (`what`), made first where it is missing. Its name changes with the picture, so
   * that a re-saved one is never shown stale. A reader never sees half of it. Throws as the file system and `make` do.
   */
  async get(picture: string, what: string, extension: string, make: () => Promise<Uint8Array>): Promise<string> {
    const { size, mtimeMs } = await stat(picture);
    const identity = JSON.stringify([picture, size, mtimeMs, what]);
    const key = createHash('sha256').update(identity).digest('hex').slice(0, 32);
    const target = path.join(this.folder, key.slice(0, 2), `${key}${extension}`);
    const there = await access(target).then(
      () => true,
      () => false,
    );
    const now = new Date();
    if (there)
      await utimes(target, now, now).catch(() => undefined); // used lately: kept longer
    else await this.#write(target, await make());
    return target;
  }

  async #write(target: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${target}.${randomUUID()}.tmp`;
    await mkdir(path.dirname(target), { recursive: true });
    try {
      await writeFile(temporary, bytes);
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    this.#written += bytes.length;
    if (this.#written < this.limit * LOOK_AGAIN) return;
    this.#written = 0;
    void this.trim();
  }

  /** Removes the longest unused files until the rest fits the limit. Never fails: it is housekeeping. */
  trim(): Promise<void> {
    return (this.#trimming ??= this.#trim()
      .catch(() => undefined)
      .finally(() => (this.#trimming = null)));
  }

  async #trim(): Promise<void> {
    const files: { file: string; used: number; bytes: number }[] = [];
    for (const name of (await readdir(this.folder)).filter((n) => SUBFOLDER.test(n))) {
      const folder = path.join(this.folder, name);
      const found = (await readdir(folder)).filter((n) => OURS.test(n)).map((n) => path.join(folder, n));
      const states = await Promise.all(found.map((file) => stat(file).catch(() => null))); // another window trims, too
      for (const [i, s] of states.entries())
        if (s?.isFile()) files.push({ file: found[i], used: s.mtimeMs, bytes: s.size });
    }
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.limit) return;
      await rm(file, { force: true });
      total -= bytes;
    }
  }
}
