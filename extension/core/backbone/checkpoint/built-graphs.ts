import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';

/** Graphs kept of one checkpoint: a few sizes and devices. Each is as large as its weights (ViT-L: 1.2 GB). */
const KEPT = 4;
/** After this long a half-built graph is one that a crash left, ms. */
const ABANDONED_AFTER = 24 * 3600 * 1000;

/** Notes that a built graph was used, so that it is not the next to go. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined); // a read-only cache serves as well
}

/**
 * Deletes what nobody will miss: of the checkpoint whose folders begin with `prefix`, all but the graphs used last; of any, what a
 * crash left half-built. What can't be deleted (in use on Windows) stays until the next time.
 */
export async function pruneBuilt(outFolder: string, prefix: string, now = Date.now()): Promise<void> {
  const graphs: { folder: string; used: number }[] = [];
  for (const name of await readdir(outFolder).catch(() => [])) {
    const folder = path.join(outFolder, name);
    const used = (await stat(folder).catch(() => null))?.mtimeMs;
    if (used === undefined) continue;
    if (name.endsWith('.tmp')) {
      if (now - used > ABANDONED_AFTER) await remove(folder);
    } else if (name.startsWith(prefix)) graphs.push({ folder, used });
  }
  graphs.sort((a, b) => b.used - a.used);
  for (const { folder } of graphs.slice(KEPT)) await remove(folder);
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => undefined);
