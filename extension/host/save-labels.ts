import { l10n, type Uri, workspace } from 'vscode';
import { MuscError } from '../core/errors';
import type { Host } from './host';

/**
 * Saves the labels of a run that is open and has unsaved ones, as the editor's Save does, so that what reads the disk finds
 * what the user sees. Throws FILE_IO when they are still unsaved then.
 */
export async function saveOpenLabels({ editor }: Pick<Host, 'editor'>, run: Uri): Promise<void> {
  const document = editor.documentOf(run);
  if (!document?.unsaved) return;
  let cause: unknown;
  try {
    await workspace.save(run);
  } catch (error) {
    cause = error;
  }
  if (document.unsaved)
    throw new MuscError('FILE_IO', l10n.t('the labels could not be saved first, so nothing was exported'), {
      where: run.fsPath,
      hint: l10n.t('save the run, then export again'),
      cause,
    });
}
