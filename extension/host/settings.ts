import path from 'node:path';
import { l10n, workspace, type Uri } from 'vscode';
import type { Log } from '../core/progress';
import type { ScoreRequest } from '../protocol/engine';
import { isNetworkFile } from './network-file';
import { checkBackbone, checkTogether, type ScoreDefaults, scoreDefaults } from './score-settings';

/** The settings that shape a run of this folder. Throws SETTING_INVALID, naming the setting. */
export function settingsFor(folder: Uri): ScoreDefaults {
  const configuration = workspace.getConfiguration('musc', folder);
  const base = workspace.getWorkspaceFolder(folder)?.uri.fsPath ?? folder.fsPath;
  return scoreDefaults(
    (key) => configuration.get(key),
    (file) => path.resolve(base, file),
  );
}

/**
 * The request to score a folder: its settings, and what the caller decides against them. Throws SETTING_INVALID, naming the
 * setting, also where settings do not go together or name a backbone that nobody knows.
 */
export async function requestFor(folder: Uri, overrides: Partial<Omit<ScoreRequest, 'folder'>>): Promise<ScoreRequest> {
  const settings = settingsFor(folder);
  const request = { ...settings, ...overrides, folder: folder.fsPath };
  checkTogether(request, overrides);
  const { backbone, models } = settings;
  if (overrides.backbone === undefined && backbone !== undefined && !isNetworkFile(backbone)) {
    const { listBackbones } = await import('../core/backbone/registry');
    checkBackbone(
      backbone,
      (await listBackbones(models)).map(({ entry }) => entry.id),
    );
  }
  return request;
}

/** How the panel shows heatmaps. A wrong value gives the default, as a wrong colour must not stop anybody from looking, and is told to `log`. */
export function panelSettings(log: Log): {
  colormap: 'turbo' | 'viridis' | 'jet' | 'grey';
  heatmapScale: 'run' | 'picture';
} {
  const configuration = workspace.getConfiguration('musc.panel');
  const oneOf = <const T extends string>(key: string, values: readonly [T, ...T[]]): T => {
    const value = configuration.get<unknown>(key) ?? values[0];
    const found = values.find((v) => v === value);
    if (found === undefined)
      log(
        'warn',
        l10n.t(
          'The setting {0} must be one of {1}; it is {2}.',
          `musc.panel.${key}`,
          values.join(', '),
          JSON.stringify(value),
        ),
      );
    return found ?? values[0];
  };
  return {
    colormap: oneOf('colormap', ['turbo', 'viridis', 'jet', 'grey']),
    heatmapScale: oneOf('heatmapScale', ['run', 'picture']),
  };
}
