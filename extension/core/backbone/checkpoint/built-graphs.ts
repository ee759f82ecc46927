import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { modelsFolder } from '../models-folder';

/** Built graphs lie beside the installed backbones, out of sight of the listing. */
const BUILT = '.built';

/** Graphs kept of one checkpoint: a few sizes and devices. Each is as large as its weights (ViT-L: 1.2 GB). */
const KEPT = 4;
/** How the names of those end that are being built. */
export const HALF_BUILT = '.tmp';
/** After this long a half-built graph is one that a crash left, ms. */
const ABANDONED_AFTER = 24 * 3600 * 1000;

/** Where graphs are built: where the models folder is others' and only to be read, in the user's own. Never in a place that others can write. */
export function builtFolders(models: string | undefined): readonly [string, ...string[]] {
  const own = path.join(modelsFolder({ ...process.env, MUSC_MODELS: undefined }), BUILT);
  return models === undefined ? [own] : [path.join(models, BUILT), own];
}

/** How the folders of a checkpoint's graphs begin. */
export const builtPrefix = (sha256: string): string => `${sha256.slice(0, 12)}-`;

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
    if (name.endsWith(HALF_BUILT)) {
      if (now - used > ABANDONED_AFTER) await remove(folder);
    } else if (name.startsWith(prefix)) graphs.push({ folder, used });
  }
  graphs.sort((a, b) => b.used - a.used);
  for (const { folder } of graphs.slice(KEPT)) await remove(folder);
}

/** Deletes all graphs of a checkpoint, which are as large as it is; as `pruneBuilt` does, what can't be deleted stays. */
export async function removeBuilt(models: string | undefined, sha256: string): Promise<void> {
  for (const outFolder of builtFolders(models))
    for (const name of await readdir(outFolder).catch(() => []))
      if (name.startsWith(builtPrefix(sha256)) && !name.endsWith(HALF_BUILT)) await remove(path.join(outFolder, name));
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true }).catch(() => undefined);
