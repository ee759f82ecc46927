import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../regular-file';
import { ownerIsGone, ownerLine, withLock } from '../run/file-lock';

/** A folder that is this process's own until it is released. */
export interface FolderClaim {
  /** Lets others have it. Never fails. */
  release(): Promise<void>;
}

/** A run saves its progress every quarter of a minute: one that has not for so long is no more, ms. */
const SILENT = 3600_000;
/** Longest owner file, bytes. */
const LONGEST = 4096;

/** Folders this process has claimed: its own earlier claims of a run that failed are no claims of another process. */
const held = new Set<string>();

/** Whether the owner on another machine, whose process nobody can ask for, has written nothing for long: a container that is gone. */
async function isSilent(folder: string, owner: string, here: boolean): Promise<boolean> {
  if (here) return false;
  const files = [owner, ...(await readdir(folder).catch(() => [])).map((name) => path.join(folder, name))];
  const written = await Promise.all(
    files.map((file) =>
      stat(file).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    ),
  );
  return Date.now() - Math.max(...written) > SILENT;
}

/**
 * Claims `folder` by a file beside it. Null where a living process has it, on this machine or (whose processes nobody can
 * ask for) another, unless nothing has been written there for long. What a killed process held is free again. Throws BUSY,
 * FOLDER_READ_ONLY, DISK_FULL.
 */
export async function claimFolder(folder: string): Promise<FolderClaim | null> {
  const owner = `${folder}.owner`;
  return withLock(`${owner}.lock`, async () => {
    const found = (await readRegularFile(owner, LONGEST).catch(() => null))?.toString('utf8') ?? null;
    const [host, pid] = ownerLine().split('\n');
    const ours = found?.startsWith(`${host}\n${pid}\n`) === true;
    const free =
      found === null || ours || ownerIsGone(found) || (await isSilent(folder, owner, found.startsWith(`${host}\n`)));
    if (held.has(folder) || !free) return null;
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
