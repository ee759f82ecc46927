import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { freeBytesOf } from '../free-bytes';
import { readRegularFile } from '../regular-file';
import { sweepAbandoned, temporaryName } from '../run/atomic-write';

/** Default limit of a folder's feature cache, bytes: 200 pictures of ViT-L/14 at 518 pixels. Runs that need more go without. */
export const CACHE_LIMIT = 5 * 1024 ** 3;
/** Part of the free disk space that a run may add at most. */
const SHARE_OF_DISK = 0.5;

/** Header of an entry: magic, then five little-endian uint32 (width, height, floats of taps, floats of the embedding, CRC-32 of the data). */
const MAGIC = Buffer.from('MUSCFEA1');
const HEADER = MAGIC.length + 5 * 4;

/** Largest entry read, bytes. */
const ENTRY_LIMIT = 1024 ** 3;
/** A key's folder. Nothing else is ever removed: a stranger's folder might be a link to somebody's home. */
const KEY = /^[0-9a-f]{24}$/;
const ENTRY = /^[0-9a-f]{64}$/;

/** What is remembered of a picture: its raw features under one backbone, input and protocol. */
export interface CachedFeatures {
  /** Native size of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** All taps one after the other, each P x C. */
  readonly taps: Float32Array;
  /** D values, or none. */
  readonly embedding: Float32Array;
}

/** Whether so many bytes are kept, on a disk with so many free. */
export const fitsCache = (bytes: number, free: number, limit = CACHE_LIMIT): boolean =>
  bytes <= limit && bytes <= SHARE_OF_DISK * free;

/** Name of a key's folder. */
export const cacheName = (key: Readonly<Record<string, unknown>>): string =>
  createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24);

/**
 * Features by picture content, in `FOLDER/.musc/cache/features/KEY/HASH`. The key names everything else that decides
 * them, so a change of degrees, RsCIN or subsets re-reads no picture, and an interrupted run goes on where it was.
 * A damaged entry counts as absent; a full or read-only disk only means no cache.
 */
export class FeatureCache {
  private constructor(
    private readonly folder: string,
    private usable: boolean,
    /** Whether it is unusable for the size of what the run would add. */
    readonly tooLarge = false,
    /** Bytes that this key's entries may take, beside those of the others. */
    private readonly room = CACHE_LIMIT,
  ) {}

  /** What a key's folder, by its `cacheName`, holds: nothing is made, kept or dropped. */
  static reading(parent: string, name: string): FeatureCache {
    return new FeatureCache(path.join(parent, name), false);
  }

  /** Opens the cache for `key`; makes room by dropping the longest unused keys. `bytes`: what this run will add at most. */
  static async open(
    parent: string,
    key: Readonly<Record<string, unknown>>,
    bytes: number,
    limit = CACHE_LIMIT,
  ): Promise<FeatureCache> {
    const name = cacheName(key);
    const folder = path.join(parent, name);
    if (bytes > limit) return new FeatureCache(folder, false, true);
    let usable = true;
    let others = 0;
    try {
      await mkdir(folder, { recursive: true });
      await sweepAbandoned(folder);
      if (!fitsCache(bytes, await freeBytesOf(folder), limit)) return new FeatureCache(folder, false, true);
      const now = new Date();
      await utimes(folder, now, now);
      others = await makeRoom(parent, name, limit - bytes);
    } catch {
      usable = false;
    }
    return new FeatureCache(folder, usable, false, limit - others);
  }

  /** Drops the oldest entries of pictures that are not among `hashes`, beyond the limit: pictures come and go. Never fails. */
  async trim(hashes: ReadonlySet<string>, limit = this.room): Promise<void> {
    if (!this.usable) return;
    const names = await readdir(this.folder).catch(() => []);
    const entries = await Promise.all(
      names.map(async (name) => ({
        name,
        ...(await stat(path.join(this.folder, name)).catch(() => ({ size: 0, mtimeMs: 0 }))),
      })),
    );
    let total = entries.reduce((sum, { size }) => sum + size, 0);
    const others = entries.filter(({ name }) => ENTRY.test(name) && !hashes.has(name));
    for (const { name, size } of others.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= limit) return;
      await rm(path.join(this.folder, name), { force: true }).catch(() => undefined);
      total -= size;
    }
  }

  /** Features of the picture with this content hash, or null. */
  async get(hash: string): Promise<CachedFeatures | null> {
    const bytes = await readRegularFile(path.join(this.folder, hash), ENTRY_LIMIT).catch(() => null);
    if (bytes === null || bytes.length < HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
    const at = (i: number): number => bytes.readUInt32LE(MAGIC.length + 4 * i);
    const [width, height, taps, embedding, sum] = [at(0), at(1), at(2), at(3), at(4)];
    const data = bytes.subarray(HEADER);
    if (data.length !== 4 * (taps + embedding) || crc32(data) !== sum) return null;
    // Nothing is copied: the file got a buffer of its own, and its header is a multiple of four bytes long.
    const whole = bytes.byteOffset % 4 === 0 ? data : Buffer.from(Uint8Array.from(data).buffer);
    const floats = new Float32Array(whole.buffer, whole.byteOffset, taps + embedding);
    return { width, height, taps: floats.subarray(0, taps), embedding: floats.subarray(taps) };
  }

  /** Keeps features; quietly gives up for the rest of the run when the disk refuses. */
  async put(hash: string, features: CachedFeatures): Promise<void> {
    if (!this.usable) return;
    const data = Buffer.concat([bytesOf(features.taps), bytesOf(features.embedding)]);
    const header = Buffer.alloc(HEADER);
    MAGIC.copy(header);
    [features.width, features.height, features.taps.length, features.embedding.length, crc32(data)].forEach((v, i) =>
      header.writeUInt32LE(v, MAGIC.length + 4 * i),
    );
    const temporary = temporaryName(path.join(this.folder, hash));
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writev([header, data]);
      } finally {
        await file.close();
      }
      await rename(temporary, path.join(this.folder, hash));
    } catch {
      this.usable = false;
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }
}

const bytesOf = (a: Float32Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength);

/** Drops the longest unused keys (but never `keep`) until the rest fits in `room` bytes. Returns what it takes. */
async function makeRoom(parent: string, keep: string, room: number): Promise<number> {
  const keys = [];
  const entries = await readdir(parent, { withFileTypes: true });
  for (const { name } of entries.filter((e) => e.isDirectory() && KEY.test(e.name))) {
    const folder = path.join(parent, name);
    const sizes = await Promise.all(
      (await readdir(folder).catch(() => [])).map((f) =>
        stat(path.join(folder, f)).then(
          (s) => s.size,
          () => 0,
        ),
      ),
    );
    keys.push({ name, folder, used: (await stat(folder)).mtimeMs, bytes: sizes.reduce((a, b) => a + b, 0) });
  }
  let total = keys.reduce((a, k) => a + (k.name === keep ? 0 : k.bytes), 0);
  for (const key of keys.filter((k) => k.name !== keep).sort((a, b) => a.used - b.used)) {
    if (total <= room) return total;
    await rm(key.folder, { recursive: true, force: true });
    total -= key.bytes;
  }
  return total;
}
