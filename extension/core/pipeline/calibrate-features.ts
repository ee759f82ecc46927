import { rm } from 'node:fs/promises';
import path from 'node:path';
import { cells, type Grid } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { makeScratchFolder } from '../scoring/scratch-folder';
import type { ScoreSettings } from '../settings';
import { cacheFolder, featureKey } from './collect-features';
import { ContentIndex } from './content-index';
import { type CachedFeatures, cacheName, FeatureCache } from './feature-cache';
import { readFeatures } from './read-features';
import { scratchParent } from './scratch';

/** Pictures read at most, spread over the folder: sizes and kinds of file differ. */
const SAMPLE = 24;
/** Read first, to see how many more there is time for. */
const FIRST = 2;
/** Time aimed at, seconds, and how many pictures are worth more than that. */
const AIM = 3;
const FEWEST = 4;

/** What reading some of a folder's pictures took. */
export interface FeatureCost {
  /** Seconds from a file to kept features, as many pictures at a time as a run takes. */
  readonly perPicture: number;
  /** The readable pictures among those tried, and their sizes. */
  readonly images: readonly DatasetImage[];
  readonly sizes: readonly Grid[];
}

/** Every so-many-th of a list, from its beginning to its end. */
const spread = <T>(all: readonly T[], wanted: number): T[] =>
  Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)]);

/**
 * Reads a sample of the pictures as a run would, into a cache that is thrown away; features known from an earlier run cost what
 * they cost a run. Nothing is written into the folder. Throws DEVICE_FAILED, CANCELLED.
 */
export async function calibrateFeatures(
  dataset: Dataset,
  backbone: Backbone,
  settings: ScoreSettings,
  signal: AbortSignal,
): Promise<FeatureCost> {
  const cache = cacheFolder(dataset.root);
  const key = featureKey(backbone, settings);
  const scratch = await makeScratchFolder(scratchParent());
  try {
    const perImage = 4 * cells(backbone.grid) * backbone.channels.reduce((a, b) => a + b, 0);
    const known = FeatureCache.reading(path.join(cache, 'features'), cacheName(key));
    const fresh = await FeatureCache.open(scratch, key, perImage * (FIRST + SAMPLE));
    const common = {
      backbone,
      protocol: settings.protocol,
      cache: { get: (hash: string) => known.get(hash), put: (hash: string, f: CachedFeatures) => fresh.put(hash, f) },
      index: await ContentIndex.open(path.join(cache, 'content.json')),
      signal,
    };
    const [images, sizes]: [DatasetImage[], Grid[]] = [[], []];
    const secondsFor = async (sample: readonly DatasetImage[]): Promise<number> => {
      const started = performance.now();
      for await (const outcome of readFeatures({ ...common, dataset: { ...dataset, images: sample } }))
        if (outcome.kind === 'features') {
          images.push(outcome.image);
          sizes.push({ width: outcome.features.width, height: outcome.features.height });
        }
      return (performance.now() - started) / 1000 / sample.length;
    };
    const first = spread(dataset.images, Math.min(FIRST, dataset.images.length));
    let perPicture = await secondsFor(first);
    const rest = dataset.images.filter((image) => !first.includes(image));
    const more = Math.min(SAMPLE, rest.length, Math.max(FEWEST, Math.ceil(AIM / perPicture)));
    if (more > 0) perPicture = await secondsFor(spread(rest, more)); // all of them: none is begun in vain
    return { perPicture, images, sizes };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
