import path from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import { IMAGE_SIZE_OPTION } from '../core/backbone/fit';
import type { RegistryEntry } from '../core/backbone/registry-schema';
import { isInside } from '../core/dataset/folder-reader';
import { MuscError, toMuscError } from '../core/errors';
import type { Log } from '../core/progress';
import { MUSC_FOLDER } from '../core/run/run-folder';
import type { JobRequest } from './job-queue';
import type { PanelSnapshot } from '../protocol/panel';
import { errorText, showError } from './messages';
import { isNetworkFile } from './network-file';
import {
  checkBackbone,
  checkSetting,
  checkTogether,
  imageSizeError,
  type ScoreDefaults,
  scoreDefaults,
} from './score-settings';
import { settingPath } from './setting-path';

/** The settings that shape a run of this folder. Throws SETTING_INVALID, naming the setting. */
export function settingsFor(folder: Uri): ScoreDefaults {
  const configuration = workspace.getConfiguration('musc', folder);
  return scoreDefaults(
    (key) => configuration.get(key),
    (file) => settingPath(file, folder),
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
  const known = await knownBackbones(request);
  if (overrides.backbone === undefined && request.backbone !== undefined && known !== null)
    checkBackbone(
      request.backbone,
      known.map(({ id }) => id),
    );
  // With another fit it is only aimed at where pictures are not square, which shows when they are read: `namingSetting` tells then.
  if (overrides.imageSize === undefined && (request.fit === 'squash' || request.protocol === 'reference')) {
    const wrong = imageSizeError(request, known);
    if (wrong) throw wrong;
  }
  return request;
}

/**
 * The request of a benchmark, as `requestFor`. Its figures stand beside the paper's, which are of every pair: only a number that
 * somebody chose divides its pictures into subsets.
 */
export async function benchRequestFor(root: Uri, overrides: Partial<Omit<JobRequest, 'folder'>>): Promise<JobRequest> {
  const request = await requestFor(root, overrides);
  return request.subsets === 'auto' ? { ...request, subsets: 1 } : request;
}

/** What the registry and the models folder say of backbones; null where the request names a file, which they do not know. */
async function knownBackbones({ backbone, models }: JobRequest): Promise<readonly RegistryEntry[] | null> {
  if (backbone === undefined || isNetworkFile(backbone)) return null;
  const { listBackbones } = await import('../core/backbone/registry');
  return (await listBackbones(models)).map(({ entry }) => entry);
}

/**
 * What a job failed of, as `error` says it, but naming the setting where one is to blame: an image size that does not divide, or a
 * place for runs that can't be written to.
 */
export async function namingSetting(error: MuscError, request: JobRequest): Promise<MuscError> {
  const { code, message, where } = error;
  const settings = settingsFor(Uri.file(request.folder));
  const bySetting = request.out === settings.out; // else who asked chose the place
  if (code === 'FOLDER_READ_ONLY' && where !== undefined && bySetting && isPlaceOfRuns(where, request))
    return new MuscError(code, message, {
      where,
      hint: l10n.t('choose another place by the setting {0}, or change the permissions', 'musc.runsLocation'),
      cause: error,
    });
  if (error.options !== IMAGE_SIZE_OPTION || request.imageSize !== settings.imageSize) return error;
  return imageSizeError(request, await knownBackbones(request)) ?? error;
}

/** Whether a path lies where runs of this request go. */
function isPlaceOfRuns(where: string, { out }: JobRequest): boolean {
  if (out === undefined) return where.split(path.sep).includes(MUSC_FOLDER);
  return isInside(out, where);
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
