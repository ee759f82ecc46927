import * as l10n from '@vscode/l10n';
import { isPictureName } from '../image/format';
import type { Protocol } from '../settings';
import { byCodeUnit, pictureCount, some, stem } from './names';

/** Masks of one folder of pictures, and what is odd about them. */
export interface MaskPairs {
  /** One per picture: a file name, or null. */
  readonly masks: readonly (string | null)[];
  readonly notes: readonly string[];
}

/** Endings that data sets add to a picture's name to name its mask: MVTec AD, then none (BTAD, VisA), then others seen. */
const ENDINGS = ['_mask', '', '-mask', '_gt', '_label'];

/** The mask of a picture among `masks` by name, an exact match before one that differs in case, or in how letters with marks are written. */
function indexByStem(masks: readonly string[]): (picture: string) => string | undefined {
  const exact = new Map(masks.map((m) => [stem(m), m]));
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  const folded = new Map(masks.map((m) => [fold(stem(m)), m]));
  return (picture) => {
    const name = stem(picture);
    for (const ending of ENDINGS) {
      const found = exact.get(name + ending) ?? folded.get(fold(name + ending));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

const otherCount = (where: string, pictures: number, masks: number): string =>
  masks === 1
    ? l10n.t('{0}: {1}, but 1 mask.', where, pictureCount(pictures))
    : l10n.t('{0}: {1}, but {2} masks.', where, pictureCount(pictures), masks);

const noMask = (where: string, pictures: readonly string[]): string =>
  pictures.length === 1
    ? l10n.t('{0}: 1 defect picture has no mask: {1}.', where, some(pictures))
    : l10n.t('{0}: {1} defect pictures have no mask: {2}.', where, pictures.length, some(pictures));

const noPicture = (where: string, masks: readonly string[]): string =>
  masks.length === 1
    ? l10n.t('{0}: 1 mask belongs to no picture: {1}.', where, some(masks))
    : l10n.t('{0}: {1} masks belong to no picture: {2}.', where, masks.length, some(masks));

/**
 * Pairs the pictures of a folder with the masks of another. `exact`: by name (`000_mask.png` or `000.png` for `000.jpg`).
 * `reference`: by sorted position, as the authors' code does, and told where names say otherwise.
 */
export function pairMasks(
  pictures: readonly string[],
  files: readonly string[],
  protocol: Protocol,
  where: string,
): MaskPairs {
  const available = files.filter(isPictureName).sort(byCodeUnit);
  const find = indexByStem(available);
  const byName = pictures.map((p) => find(p) ?? null);
  if (protocol === 'reference') {
    const masks = pictures.map((_, i) => available[i] ?? null);
    const moved = pictures.filter((_, i) => byName[i] !== null && byName[i] !== masks[i]);
    return {
      masks,
      notes: [
        ...(moved.length
          ? [
              l10n.t(
                'Masks of {0} are paired by position, which is not what the names say for {1}.',
                where,
                some(moved),
              ),
            ]
          : []),
        ...(available.length === pictures.length ? [] : [otherCount(where, pictures.length, available.length)]),
      ],
    };
  }
  const used = new Set(byName);
  const without = pictures.filter((_, i) => byName[i] === null);
  const unused = available.filter((m) => !used.has(m));
  return {
    masks: byName,
    notes: [...(without.length ? [noMask(where, without)] : []), ...(unused.length ? [noPicture(where, unused)] : [])],
  };
}
