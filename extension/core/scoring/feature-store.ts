import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { cells, type Grid } from '../array/grid';
import { MuscError } from '../errors';
import type { FeatureSource } from './feature-source';
import { makeScratchFolder, requireDiskSpace } from './scratch-folder';

export interface FeatureStoreOptions {
  readonly images: number;
  readonly grid: Grid;
  /** Channels of each tap. */
  readonly channels: readonly number[];
  /** Features up to this size stay in memory; taps beyond it go to disk. */
  readonly memoryBytes: number;
  /** Where scratch files go if they are needed; made if missing. */
  readonly scratchFolder: string;
}

/** Where one tap's features lie: shared memory, or an open file (descriptors are valid in every thread of the process). */
export type FeaturePlace =
  | { readonly kind: 'memory'; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'file'; readonly descriptor: number };

/** A tap's features as plain data that can be posted to a worker. */
export interface SharedFeatures {
  readonly images: number;
  readonly grid: Grid;
  readonly channels: number;
  readonly place: FeaturePlace;
}

/** A source whose features other threads can read, too. */
export interface SharedFeatureSource extends FeatureSource {
  readonly shared: SharedFeatures;
}

/**
 * Layer-normed features of a run, tap by tap (SPEC 10): in memory while the budget holds, otherwise one sequential file per tap.
 * Files are unlinked while open and lie in a folder that the next start sweeps, so a crash leaves nothing for long.
 */
export class FeatureStore {
  private constructor(
    private readonly taps: readonly SharedFeatures[],
    private readonly folder: string | null,
  ) {}

  /** Throws DISK_FULL before anything is written where the disk can't hold what memory may not. */
  static async create(options: FeatureStoreOptions): Promise<FeatureStore> {
    const { images, grid, channels } = options;
    const sizes = channels.map((c) => images * cells(grid) * c * 4);
    let left = options.memoryBytes;
    const fits = sizes.map((size) => size <= left && ((left -= size), true));
    const onDisk = sizes.reduce((sum, size, tap) => sum + (fits[tap] ? 0 : size), 0);
    const folder = onDisk > 0 ? await makeScratchFolder(options.scratchFolder) : null;
    if (folder !== null)
      await requireDiskSpace(folder, onDisk).catch(async (error: unknown) => {
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
    const taps: SharedFeatures[] = [];
    for (const [tap, c] of channels.entries()) {
      const place: FeaturePlace =
        fits[tap] || folder === null
          ? { kind: 'memory', buffer: new SharedArrayBuffer(sizes[tap]) }
          : { kind: 'file', descriptor: await openScratchFile(path.join(folder, `tap-${tap}.f32`)) };
      taps.push({ images, grid, channels: c, place });
    }
    return new FeatureStore(taps, folder);
  }

  /** True where every tap is in memory. */
  get inMemory(): boolean {
    return this.folder === null;
  }

  /** Stores one image's layer-normed P x C features of a tap. Throws DISK_FULL, FILE_IO. */
  put(image: number, tap: number, features: Float32Array): void {
    const { place, images, grid, channels } = this.taps[tap];
    const length = cells(grid) * channels;
    if (features.length !== length || !(image >= 0 && image < images))
      throw new MuscError(
        'INTERNAL',
        `features of image ${image}, tap ${tap} have ${features.length} values, not ${length}`,
      );
    switch (place.kind) {
      case 'memory':
        return new Float32Array(place.buffer, image * length * 4, length).set(features);
      case 'file':
        return writeAll(place.descriptor, features, image * length * 4);
    }
  }

  source(tap: number): SharedFeatureSource {
    return sharedSource(this.taps[tap]);
  }

  /** Frees the files. Sources can't be read afterwards. */
  async close(): Promise<void> {
    for (const { place } of this.taps) if (place.kind === 'file') closeSync(place.descriptor);
    if (this.folder !== null) await rm(this.folder, { recursive: true, force: true });
  }
}

/** A source over features that lie in shared memory or an open file. */
export function sharedSource(shared: SharedFeatures): SharedFeatureSource {
  return {
    images: shared.images,
    grid: shared.grid,
    channels: shared.channels,
    shared,
    load: (image) => {
      const out = new Float32Array(cells(shared.grid) * shared.channels);
      readFeatures(shared, image, out);
      return Promise.resolve(out);
    },
  };
}

/** Copies the features of `target.length / (P * C)` images, from `image` on, into `target`. */
export function readFeatures(shared: SharedFeatures, image: number, target: Float32Array): void {
  const start = image * cells(shared.grid) * shared.channels;
  switch (shared.place.kind) {
    case 'memory':
      return target.set(new Float32Array(shared.place.buffer, start * 4, target.length));
    case 'file':
      return readAll(shared.place.descriptor, target, start * 4);
  }
}

/** Opens a new file for reading and writing and takes its name away where the system allows that (not everywhere on Windows). */
export async function openScratchFile(file: string): Promise<number> {
  const descriptor = openSync(file, 'wx+', 0o600);
  await unlink(file).catch(() => undefined); // the folder is swept anyway
  return descriptor;
}

/** Makes an open file so long (bytes), with nothing in it. Closes it where the disk refuses, and throws as the file system does. */
export function extendFile(descriptor: number, bytes: number): void {
  try {
    ftruncateSync(descriptor, bytes);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Writes all of `data` at `position` (bytes). */
export function writeAll(descriptor: number, data: Float32Array, position: number): void {
  for (let done = 0; done < data.byteLength;)
    done += writeSync(
      descriptor,
      new Uint8Array(data.buffer, data.byteOffset + done, data.byteLength - done),
      0,
      null,
      position + done,
    );
}

/** Fills `target` from `position` (bytes) on; what lies beyond the end of the file is an error. */
export function readAll(descriptor: number, target: Float32Array, position: number): void {
  for (let done = 0; done < target.byteLength;) {
    const bytes = new Uint8Array(target.buffer, target.byteOffset + done, target.byteLength - done);
    const read = readSync(descriptor, bytes, 0, bytes.length, position + done);
    if (read === 0)
      throw new MuscError('FILE_IO', l10n.t('a scratch file is shorter than it should be'), {
        hint: l10n.t('run again'),
      });
    done += read;
  }
}
