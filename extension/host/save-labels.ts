import { l10n, type Uri, workspace } from 'vscode';
import { MuscError } from '../core/errors';
import type { Host } from './host';

/** What they are saved for. */
type Purpose = 'export' | 'delete';

/**
 * Saves the labels of a run that is open and has unsaved ones, as the editor's Save does, so that the disk holds what the user sees.
 * Throws FILE_IO, and what is to come must not be done, when they are not saved then.
 */
export async function saveOpenLabels({ editor }: Pick<Host, 'editor'>, run: Uri, purpose: Purpose): Promise<void> {
  const document = editor.documentOf(run);
  if (!document?.unsaved) return;
  let cause: unknown;
  try {
    if (await workspace.save(run)) return; // what is unsaved by now was decided later
  } catch (error) {
    cause = error;
  }
  if (!document.unsaved) return;
  const { what, hint } = refusalOf(purpose);
  throw new MuscError('FILE_IO', what, { where: run.fsPath, hint, cause });
}

function refusalOf(purpose: Purpose): { what: string; hint: string } {
  switch (purpose) {
    case 'export':
      return {
        what: l10n.t('the labels could not be saved first, so nothing was exported'),
        hint: l10n.t('save the run, then export again'),
      };
    case 'delete':
      return {
        what: l10n.t('the labels could not be saved first, so the run was not deleted'),
        hint: l10n.t('save the run, or close it without saving, then delete it'),
      };
  }
}
