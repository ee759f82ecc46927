import { commands, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { signalOf } from '../cancellation';
import { runCli } from '../cli-process';
import type { Host } from '../host';
import { showError } from '../messages';
import { scoreAndOpen } from './score';

/** Name of the folder that the sample goes into, below the one chosen. */
const NAME = 'musc-sample';

/** Create Sample Data Set...: pictures made by code on this machine, then the offer to score them. */
export async function createSample(host: Host): Promise<void> {
  const parent = await askParent();
  if (!parent) return;
  const folder = Uri.joinPath(parent, NAME);
  try {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Making the sample data set'), cancellable: true },
      (_, token) => runCli(host, ['sample', folder.fsPath], signalOf(token)),
    );
  } catch (error) {
    return showError(error, () => void createSample(host));
  }
  if (workspace.getWorkspaceFolder(folder)) void commands.executeCommand('revealInExplorer', folder);
  await scoreAndOpen(host, [await categoryOf(folder)]);
}

async function askParent(): Promise<Uri | undefined> {
  const first = workspace.workspaceFolders?.[0];
  if (first && workspace.workspaceFolders?.length === 1) return first.uri;
  const chosen = await window.showOpenDialog({
    title: l10n.t('Where should the sample data set go?'),
    openLabel: l10n.t('Create Here'),
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return chosen?.[0];
}

/** The data set lies in one folder of the sample, or is it itself. */
async function categoryOf(folder: Uri): Promise<Uri> {
  const entries = await workspace.fs.readDirectory(folder);
  const folders = entries.filter(([name]) => !name.startsWith('.'));
  const isCategory = folders.some(([name]) => name === 'test');
  return isCategory || folders.length !== 1 ? folder : Uri.joinPath(folder, folders[0][0]);
}
