import * as z from 'zod';
import { chosenModelsFolder } from '../core/backbone/models-folder';
import { MuscError } from '../core/errors';
import { DEVICES } from '../core/settings';
import type { ScoreRequest } from '../protocol/engine';
import { isNetworkFile } from './network-file';

/** What the settings decide of a request; the folder comes from the command. */
export type ScoreDefaults = Omit<ScoreRequest, 'folder' | 'name' | 'resume'>;

const GIGABYTE = 1e9; // bytes
const whole = (min: number, max: number) =>
  z.number({ error: () => `must be a whole number from ${min} to ${max}` }).superRefine((value, context) => {
    if (!Number.isInteger(value) || value < min || value > max)
      context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
  });
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: () => `must be one of ${values.join(', ')}` });
const ODD = 'must be "auto" or a list of odd numbers from 1 to 15, such as [1, 3, 5]';
const RSCIN = 'must be "auto", "off" or a list of whole numbers from 1, such as [1, 2, 3]';
const KEEP = 'must be two different numbers from 0, such as [0, 0.3]';
const SUBSETS = 'must be "auto" or a whole number from 1 to 1000';

/** Every setting that shapes a run, by its key below `musc.`: what is allowed, and what is said otherwise. */
export const scoreSettings = {
  backbone: z
    .string({ error: () => 'must be a text' })
    .trim()
    .min(1, 'must be the id of a backbone or a file'),
  imageSize: whole(32, 2048).nullable(),
  fit: oneOf(['auto', 'squash', 'keep']),
  degrees: z.union(
    [
      z.literal('auto'),
      z
        .array(z.number().refine((r) => r % 2 === 1 && r >= 1 && r <= 15, ODD))
        .min(1, ODD)
        .max(8, ODD),
    ],
    { error: () => ODD },
  ),
  keep: z
    .tuple([z.number(KEEP).nonnegative(KEEP), z.number(KEEP).nonnegative(KEEP)], { error: () => KEEP })
    .refine(([min, max]) => min !== max, KEEP),
  rscin: z.union(
    [z.literal('auto'), z.literal('off'), z.array(z.number().int(RSCIN).min(1, RSCIN)).min(1, RSCIN).max(16, RSCIN)],
    { error: () => RSCIN },
  ),
  subsets: z.union([z.literal('auto'), z.number().int(SUBSETS).min(1, SUBSETS).max(1000, SUBSETS)], {
    error: () => SUBSETS,
  }),
  seed: whole(0, 2147483647),
  protocol: oneOf(['exact', 'reference']),
  device: oneOf(DEVICES),
  threads: whole(0, 256),
  memoryLimit: z
    .number({ error: () => 'must be a number of gigabytes' })
    .min(0, 'must not be negative')
    .max(4096, 'must be at most 4096 gigabytes'),
  modelsFolder: z.string({ error: () => 'must be a text' }),
  runsLocation: z.string({ error: () => 'must be a text' }),
} as const;
export type ScoreSettingKey = keyof typeof scoreSettings;

/** The value of one setting. Throws SETTING_INVALID, naming it. */
export function checkSetting<K extends ScoreSettingKey>(key: K, value: unknown): z.infer<(typeof scoreSettings)[K]> {
  const parsed = scoreSettings[key].safeParse(value);
  if (parsed.success) return parsed.data as z.infer<(typeof scoreSettings)[K]>;
  throw new MuscError('SETTING_INVALID', `the setting musc.${key} ${parsed.error.issues[0].message}`, {
    where: `it is ${JSON.stringify(value)}`,
    hint: 'correct it in the settings',
  });
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
