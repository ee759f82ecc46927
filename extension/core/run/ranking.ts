import type { RunImage } from '../../protocol/run-file';

/** Indices of the pictures, most anomalous first: by score, raw score, then path. */
export function ranking(images: readonly RunImage[]): number[] {
  return [...images.keys()].sort((a, b) => {
    const [x, y] = [images[a], images[b]];
    return y.score - x.score || y.rawScore - x.rawScore || (x.path < y.path ? -1 : x.path > y.path ? 1 : 0);
  });
}

/** Rank of every picture, from 1. */
export function ranks(images: readonly RunImage[]): number[] {
  const rank = new Array<number>(images.length);
  for (const [place, i] of ranking(images).entries()) rank[i] = place + 1;
  return rank;
}
