import { workspace } from 'vscode';

/** Below such a folder of the workspace lie packages or git's own files, nothing of anybody's that is ours. */
const NOT_OURS = /(^|\/)(node_modules|\.git)\//;

/** Whether a path, as the workspace names it, lies where we look for nothing. */
export const isNotOurs = (name: string): boolean => NOT_OURS.test(name);

/**
 * The files of the workspace of this pattern. All of them are searched: what the search is told to leave out comes on top of the user's
 * `files.exclude`, of the window and of each folder, and a glob for names with a dot would hide all that is ours.
 */
export async function workspaceFiles(pattern: string): Promise<readonly string[]> {
  if (!workspace.workspaceFolders) return [];
  const found = await workspace.findFiles(pattern, null);
  return found.filter((uri) => !isNotOurs(workspace.asRelativePath(uri, false))).map(({ fsPath }) => fsPath);
}
