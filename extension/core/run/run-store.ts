import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { RunFile } from '../../protocol/run-file';
import { cells, type Grid } from '../array/grid';
import { npyHeader, parseNpyHeader } from '../array/npy';
import { MuscError, toMuscError } from '../errors';
import { writeAtomic } from './atomic-write';
import { MAPS_FILE, RUN_FILE } from './run-folder';
import { formatRun, parseRun } from './run-format';

/** A million pictures take 300 MB: more is no run of ours. */
const MAX_RUN_BYTES = 512 * 2 ** 20;

/**
 * Writes a run into `folder` (see `createRunFolder`) and returns the path of its run file. `maps`: N x h x w patch scores in the
 * order of `run.images`. The maps go first, the run file last: there is a run only when all of it is there.
 * Throws INTERNAL where the parts do not fit each other, DISK_FULL, FOLDER_READ_ONLY, FILE_IO.
 */
export async function writeRun(folder: string, run: RunFile, maps: Float32Array): Promise<string> {
  const shape = [run.images.length, run.grid.height, run.grid.width];
  if (maps.length !== run.images.length * cells(run.grid))
    throw new MuscError('INTERNAL', `${maps.length} patch scores where ${shape.join(' x ')} belong`);
  const text = formatRun(run);
  await writeAtomic(path.join(folder, MAPS_FILE), [
    npyHeader(shape, maps),
    new Uint8Array(maps.buffer, maps.byteOffset, maps.byteLength),
  ]);
  const file = path.join(folder, RUN_FILE);
  await writeAtomic(file, text);
  return file;
}

/** Reads and validates a run file. Throws FILE_INVALID (damaged, of a newer version, no run), FILE_IO (not there). */
export async function readRun(runPath: string): Promise<RunFile> {
  let text: string;
  try {
    const handle = await open(runPath, 'r');
    try {
      if ((await handle.stat()).size > MAX_RUN_BYTES)
        throw new MuscError('FILE_INVALID', 'too large for a run file', { where: runPath, hint: 'delete it' });
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toMuscError(error, runPath);
  }
  return parseRun(text, runPath);
}

/** Patch scores of a run, read from disk picture by picture. */
export class RunMaps {
  private constructor(
    private readonly handle: FileHandle,
    private readonly start: number,
    private readonly where: string,
    readonly count: number,
    readonly grid: Grid,
  ) {}

  /** Opens `maps.npy` beside the run file. Throws FILE_INVALID where it does not belong to `run`, FILE_IO where it is gone. */
  static async open(runPath: string, run: RunFile): Promise<RunMaps> {
    const where = path.join(path.dirname(runPath), MAPS_FILE);
    const hint = 'score the folder again';
    let handle: FileHandle | undefined;
    try {
      handle = await open(where, 'r');
      const head = new Uint8Array(4096);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      const layout = parseNpyHeader(head.subarray(0, bytesRead), where);
      const expected = [run.images.length, run.grid.height, run.grid.width];
      if (layout.descr !== '<f4' || layout.shape.join() !== expected.join())
        throw new MuscError(
          'FILE_INVALID',
          `maps of ${layout.shape.join(' x ')} where ${expected.join(' x ')} belong`,
          {
            where,
            hint,
          },
        );
      const { size } = await handle.stat();
      if (size !== layout.start + layout.size)
        throw new MuscError('FILE_INVALID', 'the maps are cut off or too long', { where, hint });
      return new RunMaps(handle, layout.start, where, run.images.length, run.grid);
    } catch (error) {
      await handle?.close();
      throw toMuscError(error, where);
    }
  }

  /** Patch scores of pictures `from` up to, not including, `to`: (to - from) x h x w. */
  async read(from: number, to = from + 1): Promise<Float32Array> {
    if (!(from >= 0 && to > from && to <= this.count))
      throw new MuscError('INTERNAL', `no maps ${from} to ${to} among ${this.count}`);
    const values = new Float32Array((to - from) * cells(this.grid));
    const bytes = new Uint8Array(values.buffer);
    let done = 0;
    while (done < bytes.length) {
      const at = this.start + from * cells(this.grid) * 4 + done;
      const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, at);
      if (bytesRead === 0) throw new MuscError('FILE_INVALID', 'the maps are cut off', { where: this.where });
      done += bytesRead;
    }
    return values;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** All patch scores of a run: N x h x w (10,000 pictures at 37 x 37: 55 MB). Throws as `RunMaps.open`. */
export async function readMaps(runPath: string, run: RunFile): Promise<Float32Array> {
  if (run.images.length === 0) return new Float32Array();
  const maps = await RunMaps.open(runPath, run);
  try {
    return await maps.read(0, maps.count);
  } finally {
    await maps.close();
  }
}

/** Whether a picture of the run is still as it was scored; the reason if not. */
export async function pictureChanged(file: string, image: RunFile['images'][number]): Promise<string | null> {
  try {
    const now = await stat(file);
    if (now.size !== image.bytes || Math.abs(now.mtimeMs - image.modified) > 2) return 'changed since it was scored';
    return null;
  } catch {
    return 'moved or deleted';
  }
}
