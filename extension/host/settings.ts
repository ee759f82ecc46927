import path from 'node:path';
import { workspace, type Uri } from 'vscode';
import { toMuscError } from '../core/errors';
import { fromHome } from '../core/home-path';
import type { Log } from '../core/progress';
import type { JobRequest } from './job-queue';
import type { PanelSnapshot } from '../protocol/panel';
import { errorText, showError } from './messages';
import { isNetworkFile } from './network-file';
import { checkBackbone, checkSetting, checkTogether, type ScoreDefaults, scoreDefaults } from './score-settings';

/** The settings that shape a run of this folder. Throws SETTING_INVALID, naming the setting. */
export function settingsFor(folder: Uri): ScoreDefaults {
  const configuration = workspace.getConfiguration('musc', folder);
  const base = workspace.getWorkspaceFolder(folder)?.uri.fsPath ?? folder.fsPath;
  return scoreDefaults(
    (key) => configuration.get(key),
    (file) => path.resolve(base, fromHome(file)),
  );
}

/**
 * The request to score a folder: its settings, and what the caller decides against them; undefined decides nothing. Throws
 * SETTING_INVALID, naming the setting, also where settings do not go together or name a backbone that nobody knows.
 */
export async function requestFor(folder: Uri, overrides: Partial<Omit<JobRequest, 'folder'>>): Promise<JobRequest> {
  const settings = settingsFor(folder);
  const request = { ...settings, ...defined(overrides), folder: folder.fsPath };
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

/** The entries that have a value. */
const defined = <T extends object>(entries: T): Partial<T> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Settings whose wrong value stops nobody, and what counts in its place. */
const LENIENT = {
  'panel.colormap': 'turbo',
  'panel.heatmapScale': 'run',
  openWhenDone: true,
  modelsFolder: '',
} as const;
type LenientKey = keyof typeof LENIENT;

/** By setting: the wrong value that was told last, as JSON. Panels ask often; one message is enough. */
const told = new Map<LenientKey, string>();

/** How the panel shows heatmaps. */
export function panelSettings(log: Log): PanelSnapshot['settings'] {
  return { colormap: lenientSetting('panel.colormap', log), heatmapScale: lenientSetting('panel.heatmapScale', log) };
}

/**
 * The value of a setting for every folder. A wrong one gives the default, as a wrong colour must not stop anybody from looking; the
 * user is told once, and `log` too.
 */
export function lenientSetting<K extends LenientKey>(key: K, log: Log) {
  const value = workspace.getConfiguration('musc').get<unknown>(key, LENIENT[key]);
  try {
    const checked = checkSetting(key, value);
    told.delete(key);
    return checked;
  } catch (thrown) {
    const error = toMuscError(thrown);
    if (told.get(key) !== JSON.stringify(value)) {
      told.set(key, JSON.stringify(value));
      log('warn', errorText(error));
      void showError(error);
    }
    return LENIENT[key];
  }
}
