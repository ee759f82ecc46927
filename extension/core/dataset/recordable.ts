import * as l10n from '@vscode/l10n';
import { relativePath, runFile, runImage } from '../../protocol/run-file';
import type { Dataset, DatasetImage } from './dataset';
import { some } from './names';

/** The end of a name that is longer than a run file takes: of a path of folders it tells more than the beginning. */
const shortened = (name: string, longest: number | null): string => (longest === null ? name : name.slice(-longest));

const isRecordable = (mask: string | null): boolean => mask === null || relativePath.safeParse(mask).success;

const unusedNote = (masks: readonly string[]): string =>
  masks.length === 1
    ? l10n.t('1 mask not used, as a run cannot hold its name (a backslash or colon): {0}.', some(masks))
    : l10n.t(
        '{0} masks not used, as a run cannot hold their names (a backslash or colon): {1}.',
        masks.length,
        some(masks),
      );

/**
 * The data set as its run's file can hold it, so that a name is found out before the work and not after it: long ones are shortened,
 * and a mask whose path can't be written down is none. Pictures of such paths are skipped where they are read.
 */
export function recordable(dataset: Dataset): Dataset {
  const unused = dataset.images.flatMap(({ mask }) => (mask === null || isRecordable(mask) ? [] : [mask]));
  return {
    ...dataset,
    name: shortened(dataset.name, runFile.shape.dataset.shape.name.maxLength),
    images: dataset.images.map((image): DatasetImage => ({
      ...image,
      type: shortened(image.type, runImage.shape.type.maxLength),
      mask: isRecordable(image.mask) ? image.mask : null,
    })),
    notes: [...dataset.notes, ...(unused.length > 0 ? [unusedNote(unused)] : [])],
  };
}
