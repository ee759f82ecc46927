import path from 'node:path';
import type { RunFile } from '../../protocol/run-file';
import { NpyRows } from './npy-rows';
import { MAPS_FILE } from './run-folder';

/** Patch scores of a run, read from disk picture by picture. */
export class RunMaps {
  private constructor(private readonly rows: NpyRows) {}

  /** Opens `maps.npy` beside the run file. Throws FILE_INVALID where it does not belong to `run`, FILE_IO where it is gone. */
  static async open(runPath: string, run: RunFile): Promise<RunMaps> {
    const file = path.join(path.dirname(runPath), MAPS_FILE);
    const shape = [run.images.length, run.grid.height, run.grid.width];
    const checksums = run.images.map((image) => image.mapCrc);
    return new RunMaps(await NpyRows.open(file, '<f4', shape, checksums));
  }

  /** Number of pictures. */
  get count(): number {
    return this.rows.shape[0];
  }

  /** Patch scores of pictures `from` up to, not including, `to`: (to - from) x h x w. Throws FILE_INVALID for damaged ones. */
  async read(from: number, to = from + 1): Promise<Float32Array> {
    return new Float32Array((await this.rows.read(from, to)).buffer);
  }

  close(): Promise<void> {
    return this.rows.close();
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
