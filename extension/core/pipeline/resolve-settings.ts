import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { IMAGE_SIZES } from '../backbone/fit';
import { MuscError } from '../errors';
import { DEFAULT_SETTINGS, DEVICES, type ScoreSettings } from '../settings';
import type { ScoreRequest } from '../../protocol/engine';

/** Least memory budget, bytes. */
const LEAST_MEMORY = 0.25e9;

/** What each option accepts, in words, for the error's hint. */
const HINTS: Readonly<Record<keyof ScoreSettings, () => string>> = {
  backbone: () => l10n.t('give a backbone id or the path of an .onnx or .safetensors file'),
  taps: () => l10n.t('give "auto", or up to 64 block indices or tensor names'),
  imageSize: () => l10n.t('give a whole number of pixels from 32 to 2048'),
  fit: () => l10n.t('give "squash", "keep" or "auto"'),
  degrees: () => l10n.t('give "auto", or one to eight different odd numbers from 1 to 15'),
  keep: () => l10n.t('give two numbers from 0 (fractions below 1, counts from 1)'),
  rscin: () => l10n.t('give "off", "auto", or up to 16 whole numbers from 0 to 1000'),
  subsets: () => l10n.t('give "auto" or a whole number from 1 to 1000'),
  seed: () => l10n.t('give a whole number from 0 to 4294967295'),
  device: () => l10n.t('give {0}', DEVICES.join(', ')),
  protocol: () => l10n.t('give "exact" or "reference"'),
  threads: () => l10n.t('give a whole number from 0 (one per core) to 256'),
  memoryBytes: () => l10n.t("give 0 (half the machine's memory) or at least 0.25 GB"),
};

/** What each setting accepts: the editor's own check asks these, too. */
export const settingSchemas = {
  backbone: z.string().min(1).max(4096),
  taps: z.union([z.literal('auto'), z.array(z.string().min(1).max(500)).min(1).max(64)]),
  imageSize: z.number().int().min(IMAGE_SIZES.least).max(IMAGE_SIZES.most).nullable(),
  fit: z.enum(['squash', 'keep', 'auto']),
  degrees: z.union([
    z.literal('auto'),
    z
      .array(
        z
          .number()
          .int()
          .min(1)
          .max(15)
          .refine((r) => r % 2 === 1),
      )
      .min(1)
      .max(8)
      .refine((list) => new Set(list).size === list.length),
  ]),
  keep: z.tuple([z.number().min(0).max(1e6), z.number().min(0).max(1e6)]).refine(([a, b]) => a > 0 || b > 0),
  rscin: z.union([z.literal('off'), z.literal('auto'), z.array(z.number().int().min(0).max(1000)).min(1).max(16)]),
  subsets: z.union([z.literal('auto'), z.number().int().min(1).max(1000)]),
  seed: z.number().int().min(0).max(4294967295),
  device: z.enum(DEVICES),
  protocol: z.enum(['exact', 'reference']),
  threads: z.number().int().min(0).max(256),
  memoryBytes: z.number().refine((b) => b === 0 || b >= LEAST_MEMORY),
} as const;
const schema = z.object(settingSchemas);

/**
 * The request's settings with defaults filled in. Throws SETTING_INVALID naming the first setting outside its range.
 * `reference` makes squash the fit, as the authors' code knows no other.
 */
export function resolveSettings(request: ScoreRequest): ScoreSettings {
  const filled: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const key of Object.keys(DEFAULT_SETTINGS) as (keyof ScoreSettings)[])
    if (request[key] !== undefined) filled[key] = request[key];
  const parsed = schema.safeParse(filled);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0].path[0]) as keyof ScoreSettings;
    throw new MuscError('SETTING_INVALID', l10n.t('{0} cannot be {1}', name, JSON.stringify(filled[name])), {
      hint: HINTS[name](),
    });
  }
  const settings = parsed.data;
  if (settings.protocol === 'reference' && settings.fit === 'keep')
    throw new MuscError('SETTING_INVALID', l10n.t('fit cannot be "keep" in the reference protocol'), {
      hint: l10n.t('the authors squash pictures: use the exact protocol, or leave fit out'),
    });
  return settings;
}
