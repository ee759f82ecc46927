import { createHash } from 'node:crypto';
import { type CancellationToken, type CustomDocumentBackup, Uri, workspace } from 'vscode';
import * as z from 'zod';
import { toMuscError } from '../core/errors';
import type { Log } from '../core/progress';
import { LABELS } from '../protocol/run-file';
import type { RunDocument } from './run-document';

const backupFile = z.array(z.object({ path: z.string(), label: z.enum(LABELS).nullable(), at: z.string() }));
export type RunBackup = z.infer<typeof backupFile>;

/** Unsaved decisions of a hot exit. A damaged backup is empty and logged: it must not keep the run from opening. */
export async function readBackup(id: string, log: Log): Promise<RunBackup> {
  try {
    return backupFile.parse(JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(id)))));
  } catch (error) {
    log('warn', `Unsaved labels could not be read back: ${toMuscError(error, id).toLine()}`);
    return [];
  }
}

/** The last backup of each document of this window. */
const latest = new Map<string, CustomDocumentBackup>();

/**
 * Writes the unsaved decisions of a document. Always into the same file of a run: a window that is reloaded may come back with the id
 * of an older backup than the last. `destination`: where VS Code would put it, a new place each time.
 */
export async function writeBackup(
  document: RunDocument,
  destination: Uri,
  token: CancellationToken,
): Promise<CustomDocumentBackup> {
  const key = document.uri.toString();
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const file = Uri.joinPath(destination, '..', `${name}.labels.json`);
  const backup: CustomDocumentBackup = {
    id: file.toString(),
    delete: () => {
      if (latest.get(key) !== backup) return; // a newer one lies there
      latest.delete(key);
      void workspace.fs.delete(file).then(undefined, () => undefined);
    },
  };
  await workspace.fs.createDirectory(Uri.joinPath(destination, '..'));
  if (token.isCancellationRequested) return backup;
  await workspace.fs.writeFile(destination, new TextEncoder().encode(document.backup()));
  await workspace.fs.rename(destination, file, { overwrite: true });
  latest.set(key, backup);
  return backup;
}
