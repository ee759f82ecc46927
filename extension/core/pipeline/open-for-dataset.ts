import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ScoreRequest } from '../../protocol/engine';
import type { Backbone, BackboneRequest } from '../backbone/backbone';
import { fitInput } from '../backbone/fit';
import { openBackbone, type OpenContext } from '../backbone/open-backbone';
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
  const side = settings.imageSize;
  const wanted: BackboneRequest = {
    backbone: settings.backbone,
    taps: settings.taps,
    embedding: request.embedding,
    preprocess: request.preprocess,
    input: side === null ? null : { height: side, width: side },
    device: settings.device,
    protocol: settings.protocol,
    threads: settings.threads,
  };
  const context = { models: request.models, signal, log, built };
  const square = await openBackbone(wanted, context);
  if (settings.protocol === 'reference' || settings.fit === 'squash') return square;
  const shape = await usualShape(dataset);
  if (
    shape === null ||
    (settings.fit === 'auto' && Math.max(shape.width / shape.height, shape.height / shape.width) < FAR_FROM_SQUARE)
  )
    return square;
  const { imageSize, multiple } = square.info;
  const input = fitInput(shape.width, shape.height, { imageSize: side ?? imageSize, patch: multiple });
  if (input.width === square.input.width && input.height === square.input.height) return square;
  await square.close();
  try {
    const kept = await openBackbone({ ...wanted, input }, context);
    const why = settings.fit === 'auto' ? 'The pictures are far from square: model' : 'Model';
    log('info', `${why} input ${input.width} x ${input.height} instead of a square.`);
    return kept;
  } catch (thrown) {
    const error = toMuscError(thrown);
    if (settings.fit !== 'auto' || !SQUARE_ONLY.has(error.code)) throw error;
    log(
      'warn',
      l10n.t(
        'The pictures are far from square, but the backbone does not run at {0} x {1} ({2}): they are squashed.',
        input.width,
        input.height,
        error.message,
      ),
    );
    return openBackbone(wanted, context);
  }
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
