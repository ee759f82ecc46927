import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError, throwIfAborted, toMuscError } from '../../errors';
import { patientRename } from '../../patient-rename';
import { sweepAbandoned, syncFolder, temporaryName, writeAtomic } from '../atomic-write';

/** `out`, or a file named `name` in it where `out` is a folder. */
export async function outputFile(out: string, name: string): Promise<string> {
  const isFolder = await stat(out).then(
    (s) => s.isDirectory(),
    () => false,
  );
  return isFolder ? path.join(out, name) : path.resolve(out);
}

/** Writes one file, whole or not at all, and returns its path. What killed exports left beside it goes. */
export async function writeOutput(
  file: string,
  parts: string | Uint8Array | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<string[]> {
  await sweepAbandoned(path.dirname(file));
  await writeAtomic(file, parts, signal);
  return [file];
}

/**
 * Fills a new folder by `fill`, which gets a temporary one; only when all is written does it become `out`, so a failed export leaves
 * nothing, and what killed ones left beside it goes. Throws USAGE where `out` holds something already (nothing of anyone's is
 * overwritten) or lies among the pictures of `root` (they would be found as pictures next time); hidden folders, as `.musc`, are no
 * pictures' place and allowed. Throws CANCELLED up to the last moment: who cancelled was told that nothing is written.
 */
export async function writeFolder(
  out: string,
  root: string,
  fill: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string[]> {
  const target = path.resolve(out);
  const inside = path.relative(root, target);
  const among =
    !path.isAbsolute(inside) && !inside.startsWith('..') && !inside.split(path.sep).some((s) => /^\.[^.]/.test(s));
  if (among)
    throw new MuscError(
      'USAGE',
      l10n.t('the place lies among the pictures, which it would be counted with next time'),
      {
        where: target,
        hint: l10n.t('choose a folder outside of the data set'),
      },
    );
  await sweepAbandoned(path.dirname(target));
  const temporary = temporaryName(target);
  try {
    const there = await readdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there !== null && there.length > 0)
      throw new MuscError('USAGE', l10n.t('the folder is not empty'), {
        where: target,
        hint: l10n.t('choose an empty or a new one'),
      });
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    throwIfAborted(signal);
    if (there !== null) await rmdir(target);
    await patientRename(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw toMuscError(error, target);
  }
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) => path.join(e.parentPath, e.name))
    .sort();
}
