import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
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
      : new MuscError('FOLDER_NOT_FOUND', l10n.t('there is no such folder'), {
          where: folder,
          hint: l10n.t('check the path'),
        });
  });
  if (!found.isDirectory())
    throw new MuscError('FOLDER_NOT_FOUND', l10n.t('this is not a folder'), {
      where: folder,
      hint: l10n.t('give the folder that holds the pictures'),
    });
  await access(folder, constants.R_OK).catch((error: unknown) => {
    throw toMuscError(error, folder);
  });
  const { layout, masks, category } = request;
  const recognised = await recognise(folder, { layout: layout ?? 'auto', masks, category, protocol, signal });
  const names = recognised.datasets.map((d) => d.category ?? d.name);
  if (recognised.datasets.length > 1)
    throw new MuscError(
      'DATASET_UNCLEAR',
      l10n.t('the folder holds {0} categories, which are scored one by one', names.length),
      {
        where: folder,
        hint: l10n.t(
          'choose one ({0}), or benchmark them all',
          names.slice(0, 20).join(', ') + (names.length > 20 ? ', ...' : ''),
        ),
        options: '--category NAME, or musc bench',
      },
    );
  const dataset = recognised.datasets[0];
  if (dataset === undefined || dataset.images.length < 2)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      dataset?.images.length === 1
        ? l10n.t('pictures score each other, and there is only one here')
        : l10n.t('pictures score each other, and there are none here'),
      {
        where: folder,
        hint: [
          ...(dataset?.notes.slice(1) ?? []), // after what it was recognised as: what could not be read
          l10n.t('choose a folder with at least two JPEG, PNG, BMP, TIFF or WebP pictures'),
        ].join(' '),
      },
    );
  return { ...dataset, notes: [...recognised.notes, ...dataset.notes] };
}
