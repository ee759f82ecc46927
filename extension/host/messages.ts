import { commands, l10n, window } from 'vscode';
import { type MuscError, toMuscError } from '../core/errors';

/** What happened, where and what to do, as one message for people. */
export function errorText(error: MuscError): string {
  const what = sentence(error.where ? `${error.message}: ${error.where}` : error.message);
  return error.hint ? `${what} ${sentence(error.hint)}` : what;
}

/** With a capital at the beginning and a mark at the end. */
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** The setting that is wrong, or that leads elsewhere; undefined: the message names none. */
function settingOf({ code, message, hint = '' }: MuscError): string | undefined {
  const text = code === 'SETTING_INVALID' ? message : code === 'FOLDER_READ_ONLY' ? hint : '';
  return /musc\.\w+(\.\w+)*/.exec(text)?.[0];
}

/**
 * Shows an error with what helps: the setting, trust, another try, the log. A cancel is no error and shows nothing.
 * `retry` is offered as "Try Again".
 */
export async function showError(thrown: unknown, retry?: () => void): Promise<void> {
  const error = toMuscError(thrown);
  if (error.code === 'CANCELLED') return;
  const tryAgain = l10n.t('Try Again');
  const openSetting = l10n.t('Open Setting');
  const install = l10n.t('Install Backbone...');
  const manageTrust = l10n.t('Manage Workspace Trust');
  const showLog = l10n.t('Show Log');
  const setting = settingOf(error);
  const actions = [
    ...(setting ? [openSetting] : []),
    ...(error.code === 'BACKBONE_MISSING' ? [install] : []),
    ...(error.code === 'UNTRUSTED' ? [manageTrust] : []),
    ...(retry && !(setting && error.code === 'SETTING_INVALID') ? [tryAgain] : []),
    showLog,
  ];
  const chosen = await window.showErrorMessage(errorText(error), ...actions);
  if (chosen === tryAgain) retry?.();
  else if (chosen === openSetting) void commands.executeCommand('workbench.action.openSettings', setting);
  else if (chosen === manageTrust) void commands.executeCommand('workbench.trust.manage');
  else if (chosen === install) void commands.executeCommand('musc.installBackbone');
  else if (chosen === showLog) void commands.executeCommand('musc.showLog');
}
