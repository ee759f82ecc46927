import { commands, l10n, type Uri, window } from 'vscode';
import type { Attention } from './attention';
import type { Host } from './host';
import { lenientSetting } from './settings';

/**
 * How an editor of ours opens: in front with the keyboard, where it was asked for; in front without it, as nobody can tell whether
 * somebody types in a terminal, and the panel's keys are labels; as a tab that waits, and what the user looks at keeps its place.
 */
export type Showing = 'focused' | 'front' | 'aside';

/**
 * Opens what a job has made, if the settings say so. Where the user is at work in an editor, or more is to come, it opens as a tab
 * beside theirs. What did not come up in front is told, `text` being what; of several only the last.
 */
export async function showResult(
  { scoring, log }: Pick<Host, 'scoring' | 'log'>,
  attention: Attention,
  show: (how: Showing) => Thenable<unknown>,
  text: string,
): Promise<void> {
  if (lenientSetting('openWhenDone', log)) {
    const more = scoring.queue.active.length > 0;
    const aside = more || attention.isHeld;
    await show(aside ? 'aside' : 'front');
    if (more || !aside) return;
  }
  const open = l10n.t('Open');
  if ((await window.showInformationMessage(text, open)) === open) await show('focused');
}

/** Opens a file in an editor of ours. */
export const openResult = (file: Uri, viewType: string, how: Showing): Thenable<unknown> =>
  commands.executeCommand('vscode.openWith', file, viewType, {
    preview: false,
    ...(how === 'focused' ? {} : { preserveFocus: true, background: how === 'aside' }),
  });
