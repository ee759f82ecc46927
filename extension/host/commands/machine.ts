import { commands, l10n, window } from 'vscode';
import { devices } from '../devices';
import { nearestConfiguration, targetOf } from '../setting-target';

/** Select Device...: where networks run on this machine. Written where it is decided: a folder's or workspace's own choice stays its own. */
export async function selectDevice(): Promise<void> {
  const configuration = nearestConfiguration();
  const current = configuration.get<string>('device');
  const items = devices().map((item) => ({ ...item, picked: item.value === current }));
  const chosen = await window.showQuickPick(
    items.map((item) => (item.picked ? { ...item, label: `$(check) ${item.label}` } : item)),
    { placeHolder: l10n.t('Where should networks run?') },
  );
  if (chosen) await configuration.update('device', chosen.value, targetOf(configuration.inspect('device')));
}

/** Open Settings: ours only. */
export const openSettings = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.openSettings', '@ext:musc-inspector.musc-inspector');

/** Open Walkthrough. */
export const openWalkthrough = (): Thenable<unknown> =>
  commands.executeCommand('workbench.action.openWalkthrough', 'musc-inspector.musc-inspector#start', false);
