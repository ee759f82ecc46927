import type { RunFile } from '../protocol/run-file';

/** File systems and archives round times: FAT and zip to 2 s. In ms. */
const ROUNDED = 2000;

/** A picture's file as it is now. */
export interface FileNow {
  readonly bytes: number;
  /** When it was written last, ms since 1970. */
  readonly modified: number;
}

/**
 * The pictures of a run whose file was replaced or edited since they were scored, by image index. The run knows length and time of each,
 * not what is in it. Another length tells. Another time tells only where it is later than the run, as archives and time zones move
 * times of old files, and only where some picture has kept its time: a copy of the folder may have all of them anew.
 */
export function changedPictures({ createdAt, images }: RunFile, now: ReadonlyMap<number, FileNow>): number[] {
  const made = Date.parse(createdAt);
  const isTimeKept = (image: number, { modified }: FileNow) => Math.abs(modified - images[image].modified) <= ROUNDED;
  const timesTell = [...now].some(([image, file]) => isTimeKept(image, file));
  const isChanged = (image: number, file: FileNow) =>
    file.bytes !== images[image].bytes || (timesTell && file.modified > made && !isTimeKept(image, file));
  return [...now].flatMap(([image, file]) => (isChanged(image, file) ? [image] : [])).sort((a, b) => a - b);
}
