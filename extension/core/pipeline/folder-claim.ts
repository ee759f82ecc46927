import { rm, writeFile } from 'node:fs/promises';
import { readRegularFile } from '../regular-file';
import { ownerIsGone, ownerLine, withLock } from '../run/file-lock';

/** A folder that is this process's own until it is released. */
export interface FolderClaim {
  /** Lets others have it. Never fails. */
  release(): Promise<void>;
}

/** Longest owner file, bytes. */
const LONGEST = 4096;

/** Folders this process has claimed: its own earlier claims of a run that failed are no claims of another process. */
const held = new Set<string>();

/**
 * Claims `folder` by a file beside it. Null where a living process has it, on this machine or (whose processes nobody can
 * ask for) another. What a killed process held is free again. Throws BUSY, FOLDER_READ_ONLY, DISK_FULL.
 */
export async function claimFolder(folder: string): Promise<FolderClaim | null> {
  const owner = `${folder}.owner`;
  return withLock(`${owner}.lock`, async () => {
    const found = (await readRegularFile(owner, LONGEST).catch(() => null))?.toString('utf8') ?? null;
    const [host, pid] = ownerLine().split('\n');
    const ours = found?.startsWith(`${host}\n${pid}\n`) === true;
    if (held.has(folder) || (found !== null && !ours && !ownerIsGone(found))) return null;
    await rm(owner, { force: true });
    await writeFile(owner, ownerLine(), { flag: 'wx' });
    held.add(folder);
    return {
      release: async () => {
        held.delete(folder);
        await rm(owner, { force: true }).catch(() => undefined);
      },
    };
  });
}
