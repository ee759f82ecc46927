import { closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { tableBytes, type TablePlace } from './distance-table';
import { extendFile, openScratchFile } from './feature-store';
import type { ScoringRun } from './scoring-run';
import { makeScratchFolder, requireDiskSpace } from './scratch-folder';

/** The distances of the tap under way. */
export interface OpenTable {
  readonly place: TablePlace;
  /** 1 for each tile whose distances are there. */
  readonly done: Uint8Array;
  close(): Promise<void>;
}

/**
 * Memory for the distances of one tap after another, or null where they go to a file. One for all: a table of its own would outlive its
 * tap until every thread has tidied up.
 */
export const tableMemory = (run: ScoringRun): SharedArrayBuffer | null =>
  run.tableInMemory && !run.checkpoint ? new SharedArrayBuffer(tableBytes(run.plan.layout)) : null;

/** In the checkpoint's folder where there is one, else in `memory`, else, beyond the budget, in a scratch file. Throws DISK_FULL. */
export async function openTable(run: ScoringRun, tap: number, memory: SharedArrayBuffer | null): Promise<OpenTable> {
  const { checkpoint, options, plan, tiles, totals } = run;
  const bytes = tableBytes(plan.layout);
  if (checkpoint && options.checkpoint) {
    const { descriptor, done } = await checkpoint.openTable(tap, bytes, tiles.length, totals);
    return { place: { kind: 'file', descriptor }, done, close: () => Promise.resolve(closeSync(descriptor)) };
  }
  const done = new Uint8Array(tiles.length);
  if (memory) return { place: { kind: 'memory', buffer: memory }, done, close: () => Promise.resolve() };
  const folder = await makeScratchFolder(options.scratchFolder);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await requireDiskSpace(folder, bytes);
    const descriptor = await openScratchFile(path.join(folder, `tap-${tap}.distances`));
    extendFile(descriptor, bytes);
    return {
      place: { kind: 'file', descriptor },
      done,
      close: () => {
        closeSync(descriptor);
        return remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
