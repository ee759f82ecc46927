import { Uri, workspace } from 'vscode';
import * as z from 'zod';
import { LABELS } from '../protocol/run-file';

const backupFile = z.array(z.object({ path: z.string(), label: z.enum(LABELS).nullable(), at: z.string() }));
export type RunBackup = z.infer<typeof backupFile>;

/** Unsaved decisions of a hot exit. A damaged backup is empty: it must not keep the run from opening. */
export async function readBackup(id: string): Promise<RunBackup> {
  try {
    return backupFile.parse(JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(Uri.parse(id)))));
  } catch {
    return [];
  }
}
