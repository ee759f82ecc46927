import os from 'node:os';
import path from 'node:path';
import { sweepScratchFolders } from '../scoring/scratch-folder';

/** Where scratch files lie, for features and distances that memory may not hold. MUSC_SCRATCH names another disk. */
export const scratchParent = (): string => path.join(process.env.MUSC_SCRATCH ?? os.tmpdir(), 'musc-inspector');

/** Removes what processes that are gone have left behind. Never throws: a leftover costs space, not results. */
export async function sweepScratch(): Promise<void> {
  await sweepScratchFolders(scratchParent()).catch(() => undefined);
}
