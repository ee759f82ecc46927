import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';

/**
 * Divides a folder into `count` subsets that are scored on their own (paper 4.3, SPEC 7): images grouped by type in order of first
 * appearance, each group shuffled with the seed, dealt out round robin. Returns `count` ascending lists of image indices.
 * Throws SETTING_INVALID where a subset would hold fewer than two images.
 */
export function divideIntoSubsets(types: readonly string[], count: number, seed: number): number[][] {
  if (!Number.isInteger(count) || count < 1 || (count > 1 && types.length < 2 * count))
    throw new MuscError(
      'SETTING_INVALID',
      l10n.t('{0} images cannot be divided into {1} subsets', types.length, count),
      {
        where: 'subsets',
        hint: l10n.t('choose 1 to {0}', Math.max(1, Math.floor(types.length / 2))),
      },
    );
  const groups = new Map<string, number[]>();
  types.forEach((type, i) => {
    const group = groups.get(type);
    if (group) group.push(i);
    else groups.set(type, [i]);
  });
  const random = mulberry32(seed);
  const dealt = [...groups.values()].flatMap((group) => shuffled(group, random));
  const subsets = Array.from({ length: count }, (): number[] => []);
  dealt.forEach((image, position) => subsets[position % count].push(image));
  return subsets.map((subset) => subset.sort((a, b) => a - b));
}

/** Fisher-Yates. */
function shuffled(items: readonly number[], random: () => number): number[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Tommy Ettinger's mulberry32: a small generator that gives the same numbers everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
