import path from 'node:path';
import { workspace, type Uri } from 'vscode';
import { type ScoreDefaults, scoreDefaults } from './score-settings';

/** The settings that shape a run of this folder. Throws SETTING_INVALID, naming the setting. */
export function settingsFor(folder: Uri): ScoreDefaults {
  const configuration = workspace.getConfiguration('musc', folder);
  const base = workspace.getWorkspaceFolder(folder)?.uri.fsPath ?? folder.fsPath;
  return scoreDefaults(
    (key) => configuration.get(key),
    (file) => path.resolve(base, file),
  );
}

/** How the panel shows heatmaps. */
export function panelSettings(): { colormap: 'turbo' | 'viridis' | 'jet' | 'grey'; heatmapScale: 'run' | 'picture' } {
  const configuration = workspace.getConfiguration('musc.panel');
  return {
    colormap: oneOf(['turbo', 'viridis', 'jet', 'grey'], configuration.get('colormap')),
    heatmapScale: oneOf(['run', 'picture'], configuration.get('heatmapScale')),
  };
}

/** The value if it is allowed, else the default, which comes first: a wrong colour must not stop anybody from looking. */
const oneOf = <T extends string>(values: readonly [T, ...T[]], value: unknown): T =>
  values.find((v) => v === value) ?? values[0];
