import { commands, env, l10n, UIKind, type Uri, window, workspace } from 'vscode';

/** The system's file manager, where the window is on its machine. */
const byFileManager = (): string | null =>
  env.uiKind === UIKind.Desktop && env.remoteName === undefined ? 'revealFileInOS' : null;

/** The Explorer, of what is in it. */
const byExplorer = (place: Uri): string | null => (workspace.getWorkspaceFolder(place) ? 'revealInExplorer' : null);

/** What shows the files of a folder: the system's file manager, else the Explorer; null where neither can. */
export const revealCommand = (folder: Uri): string | null => byFileManager() ?? byExplorer(folder);

/** Shows a file in the Explorer, or one outside the workspace in the system's file manager; says where it is if neither can. */
export async function showInExplorer(file: Uri): Promise<void> {
  const command = byExplorer(file) ?? byFileManager();
  if (command) await commands.executeCommand(command, file);
  else
    void window.showInformationMessage(
      l10n.t('The explorer shows what is in the workspace only. This is in {0}.', file.fsPath),
    );
}
