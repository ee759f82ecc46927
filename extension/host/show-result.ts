import { commands, l10n, type Uri, window } from 'vscode';
import type { Attention } from './attention';
import type { Host } from './host';
import { lenientSetting } from './settings';

/**
 * Opens what a job has made, if the settings say so. It takes the keyboard only from a user who waits for it: where they are at work, or
 * more is to come, it opens as a tab beside theirs. What did not come up in front is told, `text` being what; of several only the last.
 */
export async function showResult(
  { scoring, log }: Pick<Host, 'scoring' | 'log'>,
  attention: Attention,
  show: (aside: boolean) => Thenable<unknown>,
  text: string,
): Promise<void> {
  if (lenientSetting('openWhenDone', log)) {
    const more = scoring.queue.active.length > 0;
    const aside = more || attention.isHeld;
    await show(aside);
    if (more || !aside) return;
  }
  const open = l10n.t('Open');
  if ((await window.showInformationMessage(text, open)) === open) await show(false);
}

/** Opens a file in an editor of ours; `aside` as a tab that waits, and what the user looks at keeps its place and the keyboard. */
export const openResult = (file: Uri, viewType: string, aside: boolean): Thenable<unknown> =>
  commands.executeCommand('vscode.openWith', file, viewType, {
    preview: false,
    ...(aside ? { background: true, preserveFocus: true } : {}),
  });
