import { l10n } from 'vscode';
import * as z from 'zod';
import { DEFAULT_HUB, isHub } from '../core/backbone/download/hub-address';
import { chosenModelsFolder, isModelsFolder } from '../core/backbone/models-folder';
import { IMAGE_SIZES } from '../core/backbone/fit';
import type { RegistryEntry } from '../core/backbone/registry-schema';
import { MuscError } from '../core/errors';
import { settingSchemas } from '../core/pipeline/resolve-settings';
import { DEVICES } from '../core/settings';
import { COLORMAPS } from '../protocol/colormap';
import type { ScoreRequest } from '../protocol/engine';
import { isNetworkFile } from './network-file';

/** What the settings decide of a request; the folder comes from the command. */
export type ScoreDefaults = Omit<ScoreRequest, 'folder' | 'name' | 'resume'>;

const GIGABYTE = 1e9; // bytes
const LAYOUTS = ['auto', 'folder', 'mvtec', 'visa', 'btad'] as const;
const HEATMAP_SCALES = ['run', 'picture'] as const;

/** Every setting that is checked before it is used, by its key below `musc.`: what the engine accepts, and nothing else. */
export const scoreSettings = {
  backbone: z.string().trim().pipe(settingSchemas.backbone),
  imageSize: settingSchemas.imageSize,
  layout: z.enum(LAYOUTS),
  fit: settingSchemas.fit,
  degrees: settingSchemas.degrees,
  keep: settingSchemas.keep,
  rscin: settingSchemas.rscin,
  subsets: settingSchemas.subsets,
  seed: settingSchemas.seed,
  protocol: settingSchemas.protocol,
  device: settingSchemas.device,
  threads: settingSchemas.threads,
  memoryLimit: z
    .number()
    .max(4096)
    .refine((gigabytes) => settingSchemas.memoryBytes.safeParse(Math.round(gigabytes * GIGABYTE)).success),
  modelsFolder: z.string().refine(isModelsFolder),
  runsLocation: z.string(),
  openWhenDone: z.boolean(),
  downloadMirror: z
    .string()
    .trim()
    .refine((address) => address === '' || isHub(address)),
  'panel.colormap': z.enum(COLORMAPS),
  'panel.heatmapScale': z.enum(HEATMAP_SCALES),
} as const;
export type ScoreSettingKey = keyof typeof scoreSettings;

/** What is said of a wrong value of a setting. */
const rules: Readonly<Record<ScoreSettingKey, () => string>> = {
  backbone: () => l10n.t('must be the id of a backbone or the path of an .onnx or .safetensors file'),
  imageSize: () => l10n.t('must be a whole number from {0} to {1}', IMAGE_SIZES.least, IMAGE_SIZES.most),
  layout: () => l10n.t('must be one of {0}', LAYOUTS.join(', ')),
  fit: () => l10n.t('must be one of {0}', 'auto, squash, keep'),
  degrees: () => l10n.t('must be "auto" or a list of different odd numbers from 1 to 15, such as [1, 3, 5]'),
  keep: () => l10n.t('must be two numbers from 0 that are not both 0, such as [0, 0.3]'),
  rscin: () => l10n.t('must be "auto", "off" or a list of whole numbers from 0 to 1000, such as [1, 2, 3]'),
  subsets: () => l10n.t('must be "auto" or a whole number from 1 to 1000'),
  seed: () => l10n.t('must be a whole number from {0} to {1}', 0, 4294967295),
  protocol: () => l10n.t('must be one of {0}', 'exact, reference'),
  device: () => l10n.t('must be one of {0}', DEVICES.join(', ')),
  threads: () => l10n.t('must be a whole number from {0} to {1}', 0, 256),
  memoryLimit: () => l10n.t('must be 0 or a number of gigabytes from 0.25 to 4096'),
  modelsFolder: () => l10n.t('must be the path of a folder from the root, or from ~'),
  runsLocation: () => l10n.t('must be a text'),
  openWhenDone: () => l10n.t('must be true or false'),
  downloadMirror: () => l10n.t('must be an http or https address, such as {0}', DEFAULT_HUB),
  'panel.colormap': () => l10n.t('must be one of {0}', COLORMAPS.join(', ')),
  'panel.heatmapScale': () => l10n.t('must be one of {0}', HEATMAP_SCALES.join(', ')),
};

/** The error of a setting that has this value. The first `musc.` of its message is the setting, which messages.ts opens. */
function wrongSetting(key: ScoreSettingKey, rule: string, value: unknown, hint = l10n.t('correct it in the settings')) {
  return new MuscError('SETTING_INVALID', l10n.t('the setting {0} {1}', `musc.${key}`, rule), {
    where: l10n.t('it is {0}', JSON.stringify(value)),
    hint,
  });
}

/** The value of one setting. Throws SETTING_INVALID, naming it. */
export function checkSetting<K extends ScoreSettingKey>(key: K, value: unknown): z.infer<(typeof scoreSettings)[K]> {
  const parsed = scoreSettings[key].safeParse(value);
  if (parsed.success) return parsed.data as z.infer<(typeof scoreSettings)[K]>;
  throw wrongSetting(key, rules[key](), value);
}

/**
 * The settings as parts of a request. `get` gives the raw value of a key below `musc.`; `resolve` makes a path of a setting
 * absolute. Throws SETTING_INVALID for the first wrong value, naming its setting.
 */
export function scoreDefaults(get: (key: string) => unknown, resolve: (path: string) => string): ScoreDefaults {
  const value = <K extends ScoreSettingKey>(key: K) => checkSetting(key, get(key));
  const location = value('runsLocation');
  const backbone = value('backbone');
  return {
    backbone: isNetworkFile(backbone) ? resolve(backbone) : backbone,
    imageSize: value('imageSize'),
    layout: value('layout'),
    fit: value('fit'),
    degrees: value('degrees'),
    keep: value('keep'),
    rscin: value('rscin'),
    subsets: value('subsets'),
    seed: value('seed'),
    protocol: value('protocol'),
    device: value('device'),
    threads: value('threads'),
    memoryBytes: Math.round(value('memoryLimit') * GIGABYTE),
    models: chosenModelsFolder(value('modelsFolder')),
    ...(location ? { out: resolve(location) } : {}),
  };
}

/**
 * Throws SETTING_INVALID, naming the setting, where settings do not go together or with what the caller decided (`overrides`). What
 * the caller itself got wrong is left to the engine.
 */
export function checkTogether(request: ScoreDefaults, overrides: Partial<ScoreDefaults>): void {
  if (request.fit === 'keep' && request.protocol === 'reference' && overrides.fit === undefined)
    throw wrongSetting(
      'fit',
      l10n.t('must not be "keep" in the reference protocol'),
      request.fit,
      l10n.t('choose "auto" or "squash" in the settings, or the exact protocol'),
    );
}

/** What is wrong with the image size of a request, as of the setting: its backbone, if it is `known`, takes others. Null: nothing. */
export function imageSizeError(
  { imageSize, backbone }: Pick<ScoreDefaults, 'imageSize' | 'backbone'>,
  known: readonly Pick<RegistryEntry, 'id' | 'multiple'>[] | null,
): MuscError | null {
  const multiple = known?.find(({ id }) => id === backbone)?.multiple;
  if (multiple === undefined || typeof imageSize !== 'number' || imageSize % multiple === 0) return null;
  return wrongSetting(
    'imageSize',
    l10n.t('must be a multiple of {0} for the backbone {1}', multiple, backbone ?? ''),
    imageSize,
    l10n.t('correct it in the settings, or leave it empty for the recommended size'),
  );
}

/** Throws SETTING_INVALID where the setting names a backbone that is none of the `known` ids. */
export function checkBackbone(backbone: string, known: readonly string[]): void {
  if (!known.includes(backbone))
    throw wrongSetting('backbone', rules.backbone(), backbone, l10n.t('known are {0}', known.join(', ')));
}
