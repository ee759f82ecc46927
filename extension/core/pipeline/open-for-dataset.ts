import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ScoreRequest } from '../../protocol/engine';
import type { Grid } from '../array/grid';
import type { Backbone, RecommendedInput } from '../backbone/backbone';
import { fitInput } from '../backbone/fit';
import { openBackbone, recommendedInput, type OpenContext } from '../backbone/open-backbone';
import type { Dataset } from '../dataset/dataset';
import { type ErrorCode, toMuscError } from '../errors';
import { pictureSize } from '../image/source';
import type { ScoreSettings } from '../settings';
import type { ScoreContext } from './score-folder';

/** Pictures whose size is looked at to find the folder's usual shape. */
const SAMPLE = 25;
/** Longer side over shorter side from which a folder counts as far from square. */
const FAR_FROM_SQUARE = 1.34; // beyond 4:3
/** What a network says that only runs at a square, such as one with its sizes built in. */
const SQUARE_ONLY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BACKBONE_INVALID',
  'DEVICE_FAILED',
  'SETTING_INVALID',
]);

/**
 * Opens the backbone at the input that suits the folder: a square of the asked or recommended size, or, with fit `keep`,
 * the same area in the pictures' own shape. `auto` keeps the shape in the exact protocol when pictures are far from square
 * and the backbone runs at it. Throws what `openBackbone` throws.
 */
export async function openForDataset(
  request: ScoreRequest,
  settings: ScoreSettings,
  dataset: Dataset,
  { signal, log, built }: Pick<ScoreContext, 'signal' | 'log'> & Pick<OpenContext, 'built'>,
): Promise<Backbone> {
  const { backbone, taps, imageSize: side, device, protocol, threads, fit } = settings;
  const { models, embedding, preprocess, backboneSha256: sha256 } = request;
  const openAt = (input: Grid | null): Promise<Backbone> =>
    openBackbone(
      { backbone, sha256, taps, embedding, preprocess, input, device, protocol, threads },
      { models, signal, log, built },
    );
  const openSquare = (): Promise<Backbone> => openAt(side === null ? null : { height: side, width: side });
  const input = await inputInShape(settings, dataset, () => recommendedInput({ backbone, sha256 }, { models, signal }));
  if (input === null) return openSquare();
  try {
    const kept = await openAt(input);
    const why = fit === 'auto' ? 'The pictures are far from square: model' : 'Model';
    if (input.width !== input.height) log('info', `${why} input ${input.width} x ${input.height} instead of a square.`);
    return kept;
  } catch (thrown) {
    const error = toMuscError(thrown);
    if (fit !== 'auto' || !SQUARE_ONLY.has(error.code)) throw error;
    const square = await openSquare();
    log(
      'warn',
      l10n.t(
        'The pictures are far from square, but the backbone does not run at {0} x {1} ({2}): they are squashed.',
        input.width,
        input.height,
        error.message,
      ),
    );
    return square;
  }
}

/**
 * The input in the pictures' own shape, or null where they are squashed. Its area is that of any side, its sides are multiples of the
 * patch: the square of that side need not be an input of the backbone.
 */
async function inputInShape(
  { imageSize: side, fit, protocol }: ScoreSettings,
  dataset: Dataset,
  recommended: () => Promise<RecommendedInput>,
): Promise<Grid | null> {
  if (protocol === 'reference' || fit === 'squash') return null;
  const { width, height } = (await usualShape(dataset)) ?? { width: 1, height: 1 };
  if (fit === 'auto' && Math.max(width / height, height / width) < FAR_FROM_SQUARE) return null;
  const { imageSize, multiple } = await recommended();
  return fitInput(width, height, { imageSize: side ?? imageSize, patch: multiple });
}

/** Median width and height of a sample of readable pictures, or null. */
async function usualShape(dataset: Dataset): Promise<{ width: number; height: number } | null> {
  const step = Math.max(1, Math.floor(dataset.images.length / SAMPLE));
  const sizes = await Promise.all(
    dataset.images
      .filter((_, i) => i % step === 0)
      .map((i) => pictureSize(path.resolve(dataset.root, i.path)).catch(() => null)),
  );
  const known = sizes.filter((s) => s !== null).sort((a, b) => a.width / a.height - b.width / b.height);
  return known[Math.floor(known.length / 2)] ?? null;
}
