import { sweepScratchFolders } from '../scoring/scratch-folder';
import { scratchPlace } from '../scratch-place';

/** Where scratch files lie, for features and distances that memory may not hold. */
export const scratchParent = (): string => scratchPlace('musc-inspector');

/** Removes what processes that are gone have left behind. Never throws: a leftover costs space, not results. */
export async function sweepScratch(): Promise<void> {
  await sweepScratchFolders(scratchParent()).catch(() => undefined);
}
