import os from 'node:os';
import path from 'node:path';
import { sweepScratchFolders } from '../scoring/scratch-folder';

/**
 * Where scratch files lie, for features and distances that memory may not hold: in the system's temporary folder, or on the disk that
 * MUSC_SCRATCH names, in a folder of this user's own, as users may share either.
 */
export function scratchParent(): string {
  const user = process.geteuid?.(); // Windows has none, and a temporary folder for each user
  const name = user === undefined ? 'musc-inspector' : `musc-inspector-${user}`;
  return path.join(process.env.MUSC_SCRATCH ?? os.tmpdir(), name);
}

/** Removes what processes that are gone have left behind. Never throws: a leftover costs space, not results. */
export async function sweepScratch(): Promise<void> {
  await sweepScratchFolders(scratchParent()).catch(() => undefined);
}
