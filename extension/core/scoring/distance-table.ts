import { readAll, writeAll } from './feature-store';

/** Where distances lie: shared memory or an open file. */
export type TablePlace =
  | { readonly kind: 'memory'; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'file'; readonly descriptor: number };

/**
 * Distances of one tap: for every image i and other image j an entry of `width` floats (degrees x P), the distances of i's patches to
 * their nearest in j. Images before `old` hold only entries for j >= old: the rest is known from an earlier run. Plain data, for posting.
 */
export interface TableLayout {
  readonly images: number;
  readonly old: number;
  readonly width: number;
}

/** Entries of image i's row. */
export const rowEntries = (layout: TableLayout, i: number): number =>
  i < layout.old ? layout.images - layout.old : layout.images;

/** Bytes of the whole table. */
export const tableBytes = (layout: TableLayout): number => rowStart(layout, layout.images) * layout.width * 4;

/** Entries before image i's row. */
function rowStart({ images, old }: TableLayout, i: number): number {
  const short = Math.min(i, old) * (images - old);
  return short + Math.max(0, i - old) * images;
}

/** Every entry is written by one worker, at its own place, so neither order nor repetition matters. */
export class DistanceTable {
  constructor(
    private readonly layout: TableLayout,
    private readonly place: TablePlace,
  ) {}

  /** Stores the distances of image i's patches to image j. Throws DISK_FULL, FILE_IO. */
  write(i: number, j: number, distances: Float32Array): void {
    const { width, old } = this.layout;
    const at = (rowStart(this.layout, i) + (i < old ? j - old : j)) * width * 4;
    switch (this.place.kind) {
      case 'memory':
        return new Float32Array(this.place.buffer, at, width).set(distances);
      case 'file':
        return writeAll(this.place.descriptor, distances, at);
    }
  }

  /** Copies image i's row, `rowEntries` x width, into `target`. The entry for i itself means nothing. */
  readRow(i: number, target: Float32Array): void {
    const at = rowStart(this.layout, i) * this.layout.width * 4;
    switch (this.place.kind) {
      case 'memory':
        return target.set(new Float32Array(this.place.buffer, at, target.length));
      case 'file':
        return readAll(this.place.descriptor, target, at);
    }
  }
}
