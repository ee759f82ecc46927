import { Uri, workspace } from 'vscode';
import * as z from 'zod';
import { toMuscError } from '../core/errors';
import type { Log } from '../core/progress';
import { LABELS } from '../protocol/run-file';

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
