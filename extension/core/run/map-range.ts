import type { RunFile } from '../../protocol/run-file';
import type { MapRange } from '../../protocol/heat-scale';
import { cells } from '../array/grid';
import { RunMaps } from './run-maps';

/** Patch scores that the median is taken from: they are sorted in about 20 ms. */
const SORTED = 250_000;

/** Evenly spaced pictures of `count`: all, or as many as have no more than `SORTED` patches together. */
function sampled(count: number, patches: number): number[] {
  const length = Math.min(count, Math.max(1, Math.floor(SORTED / patches)));
  return Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * count) / length));
}

/**
 * The range of a run's patch scores, for one colour scale: their median, of a large run that of evenly spaced pictures, and the highest
 * raw score. Pictures whose scores are damaged are left out. Null where none can be read. Throws FILE_INVALID, FILE_IO.
 */
export async function mapRange(runPath: string, run: RunFile): Promise<MapRange | null> {
  const { images } = run;
  if (images.length === 0) return null;
  const patches = cells(run.grid);
  const wanted = sampled(images.length, patches);
  const scores = new Float32Array(wanted.length * patches);
  let read = 0;
  const maps = await RunMaps.open(runPath, run);
  try {
    for (const image of wanted) {
      const map = await maps.read(image).catch(() => null);
      if (map) scores.set(map, patches * read++);
    }
  } finally {
    await maps.close();
  }
  if (read === 0) return null;
  const sorted = scores.subarray(0, read * patches).sort();
  return {
    median: sorted[sorted.length >> 1],
    max: images.reduce((max, { rawScore }) => Math.max(max, rawScore), -Infinity),
  };
}
