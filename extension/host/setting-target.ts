import { ConfigurationTarget, workspace, type WorkspaceConfiguration } from 'vscode';
import { activeRun } from './run-argument';

/** Our settings as they are for the run in front, else for the first folder. */
export const nearestConfiguration = (): WorkspaceConfiguration =>
  workspace.getConfiguration('musc', activeRun() ?? workspace.workspaceFolders?.[0]?.uri);

/** The narrowest place that sets a value: what is written to a wider one would have no effect. */
export function targetOf(set: ReturnType<WorkspaceConfiguration['inspect']>): ConfigurationTarget {
  if (set?.workspaceFolderValue !== undefined) return ConfigurationTarget.WorkspaceFolder;
  return set?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
}
