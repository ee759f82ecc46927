import { ConfigurationTarget, commands, l10n, window, workspace } from 'vscode';
import { devices } from '../devices';

/** Select Device...: where networks run on this machine. */
export async function selectDevice(): Promise<void> {
  const configuration = workspace.getConfiguration('musc');
  const current = configuration.get<string>('device');
  const items = devices().map((item) => ({ ...item, picked: item.value === current }));
  const chosen = await window.showQuickPick(
    items.map((item) => (item.picked ? { ...item, label: `$(check) ${item.label}` } : item)),
    { placeHolder: l10n.t('Where should networks run?') },
  );
  if (chosen) await configuration.update('device', chosen.value, ConfigurationTarget.Global);
}

/** Open Settings: ours only. */
export const openSettings = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.openSettings', '@ext:musc-inspector.musc-inspector');

/** Open Walkthrough. */
export const openWalkthrough = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.openWalkthrough', 'musc-inspector.musc-inspector#start', false);
