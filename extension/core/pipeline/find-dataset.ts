import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ScoreRequest } from '../../protocol/engine';
import type { Dataset } from '../dataset/dataset';
import { recognise } from '../dataset/recognise';
import { MuscError, toMuscError } from '../errors';
import type { Protocol } from '../settings';

/**
 * The one data set that a request means. Throws FOLDER_NOT_FOUND; DATASET_UNCLEAR where the folder holds several
 * categories and none was chosen; TOO_FEW_IMAGES where there is nothing to score.
 */
export async function findDataset(request: ScoreRequest, protocol: Protocol, signal?: AbortSignal): Promise<Dataset> {
  const folder = path.resolve(request.folder);
  const found = await stat(folder).catch((error: unknown) => {
    const e = toMuscError(error, folder);
    throw e.code === 'FOLDER_READ_ONLY'
      ? e
      : new MuscError('FOLDER_NOT_FOUND', 'there is no such folder', { where: folder, hint: 'check the path' });
  });
  if (!found.isDirectory())
    throw new MuscError('FOLDER_NOT_FOUND', 'this is not a folder', {
      where: folder,
      hint: 'give the folder that holds the pictures',
    });
  const { layout, masks, category } = request;
  const recognised = await recognise(folder, { layout: layout ?? 'auto', masks, category, protocol, signal });
  const names = recognised.datasets.map((d) => d.category ?? d.name);
  if (recognised.datasets.length > 1)
    throw new MuscError('DATASET_UNCLEAR', `the folder holds ${names.length} categories, which are scored one by one`, {
      where: folder,
      hint: `choose one (${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}), or benchmark them all`,
      options: '--category NAME, or musc bench',
    });
  const dataset = recognised.datasets[0];
  if (dataset === undefined || dataset.images.length < 2)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      `pictures score each other, and there ${dataset?.images.length === 1 ? 'is only one' : 'are none'} here`,
      {
        where: folder,
        hint: 'choose a folder with at least two JPEG, PNG, BMP, TIFF or WebP pictures',
      },
    );
  return { ...dataset, notes: [...recognised.notes, ...dataset.notes] };
}
