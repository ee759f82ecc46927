import { isPictureName } from '../image/format';
import type { Protocol } from '../settings';
import { byCodeUnit, count, some, stem } from './names';

/** Masks of one folder of pictures, and what is odd about them. */
export interface MaskPairs {
  /** One per picture: a file name, or null. */
  readonly masks: readonly (string | null)[];
  readonly notes: readonly string[];
}

/** Endings that data sets add to a picture's name to name its mask: MVTec AD, then none (BTAD, VisA), then others seen. */
const ENDINGS = ['_mask', '', '-mask', '_gt', '_label'];

/** The mask of a picture among `masks` by name, an exact match before one that differs in case only. */
function indexByStem(masks: readonly string[]): (picture: string) => string | undefined {
  const exact = new Map(masks.map((m) => [stem(m), m]));
  const folded = new Map(masks.map((m) => [stem(m).toLowerCase(), m]));
  return (picture) => {
    const name = stem(picture);
    for (const ending of ENDINGS) {
      const found = exact.get(name + ending) ?? folded.get((name + ending).toLowerCase());
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

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
          ? [`Masks of ${where} are paired by position, which is not what the names say for ${some(moved)}.`]
          : []),
        ...(available.length === pictures.length
          ? []
          : [`${where}: ${count(pictures.length, 'picture')}, but ${count(available.length, 'mask')}.`]),
      ],
    };
  }
  const used = new Set(byName);
  const without = pictures.filter((_, i) => byName[i] === null);
  const unused = available.filter((m) => !used.has(m));
  return {
    masks: byName,
    notes: [
      ...(without.length
        ? [
            `${where}: ${count(without.length, 'defect picture has', 'defect pictures have')} no mask: ${some(without)}.`,
          ]
        : []),
      ...(unused.length
        ? [`${where}: ${count(unused.length, 'mask belongs', 'masks belong')} to no picture: ${some(unused)}.`]
        : []),
    ],
  };
}
