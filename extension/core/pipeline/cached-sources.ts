import { cells, type Grid } from '../array/grid';
import type { FeatureSource } from '../scoring/feature-source';
import { layerNormPatches } from '../scoring/lnamd';
import type { CachedFeatures } from './feature-cache';

/** Layer-normed features kept in memory at most, bytes: enough for 200 pictures of the embedded backbone several times over. */
const BUDGET = 512 * 1024 ** 2;

/**
 * One source per tap over features that come from the cache picture by picture, for a look at single patches. Keeps the
 * lately used pictures in memory, so that the second question is answered at once; what failed is asked for again.
 */
export function cachedSources(
  images: number,
  grid: Grid,
  channels: readonly number[],
  load: (image: number) => Promise<CachedFeatures>,
): FeatureSource[] {
  const kept = new Map<number, Promise<Float32Array[]>>();
  const perImage = 4 * cells(grid) * channels.reduce((a, b) => a + b, 0);
  const most = Math.max(2, Math.floor(BUDGET / perImage));
  const split = async (image: number): Promise<Float32Array[]> => {
    const { taps } = await load(image);
    let at = 0;
    return channels.map((c) => layerNormPatches(taps.subarray(at, (at += cells(grid) * c))));
  };
  const get = (image: number): Promise<Float32Array[]> => {
    const found = kept.get(image) ?? split(image);
    kept.delete(image);
    kept.set(image, found);
    found.catch(() => kept.get(image) === found && kept.delete(image));
    if (kept.size > most) kept.delete([...kept.keys()][0]);
    return found;
  };
  return channels.map((c, tap) => ({ images, grid, channels: c, load: async (image) => (await get(image))[tap] }));
}
