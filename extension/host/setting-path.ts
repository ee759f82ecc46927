import path from 'node:path';
import { type Uri, workspace } from 'vscode';
import { fromHome } from '../core/home-path';

/**
 * The absolute path that a setting names for a folder. A relative one starts at the workspace folder around it; for a folder outside
 * of the workspace at the first of the workspace, whose settings count for it; without a workspace at the folder itself.
 */
export function settingPath(file: string, folder: Uri): string {
  const base = workspace.getWorkspaceFolder(folder) ?? workspace.workspaceFolders?.[0];
  return path.resolve((base?.uri ?? folder).fsPath, fromHome(file));
}
