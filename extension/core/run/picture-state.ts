import { stat } from 'node:fs/promises';
import type { RunImage } from '../../protocol/run-file';

/** Two milliseconds: file systems and archives round modification times. */
const CLOCK_GRAIN = 2;

/** Why a picture is no longer as it was scored, or null. */
export async function pictureChanged(file: string, image: RunImage): Promise<string | null> {
  try {
    const now = await stat(file);
    const same = now.size === image.bytes && Math.abs(now.mtimeMs - image.modified) <= CLOCK_GRAIN;
    return same ? null : 'changed since it was scored';
  } catch {
    return 'moved or deleted';
  }
}
