import path from 'node:path';
import type { RunFile } from '../../protocol/run-file';
import { npyHeader } from '../array/npy';
import { cells } from '../array/grid';
import { MuscError } from '../errors';
import type { Shortlists } from '../scoring/shortlists';
import { NpyRows } from './npy-rows';
import { NEIGHBOURS_FILE } from './run-folder';

/** Shortlists of one subset; their image indices count within `members`, which are indices of the run's images. */
export interface SubsetNeighbours {
  readonly members: readonly number[];
  readonly shortlists: Pick<Shortlists, 'length' | 'images'> & Partial<Pick<Shortlists, 'bounds'>>;
}

/** Header and data of `neighbours.npy`: all subsets in one array, with indices of the run's images. */
export function neighboursFile(run: RunFile, subsets: readonly SubsetNeighbours[]): [Uint8Array, Uint8Array] {
  const patches = cells(run.grid);
  const length = subsets.reduce((most, s) => Math.max(most, s.shortlists.length), 0);
  const all = new Int32Array(run.images.length * patches * length).fill(-1);
  for (const { members, shortlists } of subsets) {
    if (shortlists.images.length !== members.length * patches * shortlists.length)
      throw new MuscError('INTERNAL', 'shortlists do not fit their subset');
    for (const [slot, image] of members.entries())
      for (let p = 0; p < patches; p++)
        for (let k = 0; k < shortlists.length; k++) {
          const at = (slot * patches + p) * shortlists.length + k;
          const unused = shortlists.bounds !== undefined && !Number.isFinite(shortlists.bounds[at]);
          all[(image * patches + p) * length + k] = unused ? -1 : (members[shortlists.images[at]] ?? -1);
        }
  }
  const header = npyHeader([run.images.length, patches, length], all);
  return [header, new Uint8Array(all.buffer)];
}

/**
 * Indices of the images most likely to hold the nearest patches of patch `patch` of image `image`, best first; null
 * where the run keeps none. Throws FILE_INVALID for a file that is damaged or does not belong to the run.
 */
export async function readShortlist(
  runPath: string,
  run: RunFile,
  image: number,
  patch: number,
): Promise<number[] | null> {
  const file = path.join(path.dirname(runPath), NEIGHBOURS_FILE);
  let rows: NpyRows;
  try {
    const checksums = run.images.map((one) => one.neighboursCrc);
    rows = await NpyRows.open(file, '<i4', [run.images.length, cells(run.grid), -1], checksums);
  } catch (error) {
    if (error instanceof MuscError && error.code === 'FILE_IO') return null;
    throw error;
  }
  try {
    const length = rows.shape[2];
    const row = new Int32Array((await rows.read(image, image + 1)).buffer);
    const list = [...row.subarray(patch * length, (patch + 1) * length)];
    return list.filter((i) => i >= 0 && i < run.images.length && i !== image);
  } finally {
    await rows.close();
  }
}
