import { rm } from 'node:fs/promises';
import path from 'node:path';
import { cells, type Grid } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { makeScratchFolder } from '../scoring/scratch-folder';
import type { ScoreSettings } from '../settings';
import { cacheFolder, featureKey } from './collect-features';
import { ContentIndex } from './content-index';
import { cacheName, FeatureCache } from './feature-cache';
import { readFeatures } from './read-features';
import { scratchParent } from './scratch';

/** Pictures looked at, spread over the folder: sizes and kinds of file differ. */
const SAMPLE = 24;
/** After this long the pictures so far must do, seconds, but never fewer than `FEWEST`. */
const LONG_ENOUGH = 4;
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
    const sample = spread(dataset.images, Math.min(SAMPLE, dataset.images.length));
    const [known, fresh] = [
      FeatureCache.reading(path.join(cache, 'features'), cacheName(key)),
      await FeatureCache.open(scratch, key, perImage * sample.length),
    ];
    const [images, sizes]: [DatasetImage[], Grid[]] = [[], []];
    const started = performance.now();
    let [tried, seconds] = [0, 0];
    for await (const outcome of readFeatures({
      dataset: { ...dataset, images: sample },
      backbone,
      protocol: settings.protocol,
      cache: { get: (hash) => known.get(hash), put: (hash, features) => fresh.put(hash, features) },
      index: await ContentIndex.open(path.join(cache, 'content.json')),
      signal,
    })) {
      tried++;
      seconds = (performance.now() - started) / 1000;
      if (outcome.kind === 'features') {
        images.push(outcome.image);
        sizes.push({ width: outcome.features.width, height: outcome.features.height });
      }
      if (seconds > LONG_ENOUGH && tried >= FEWEST && tried % backbone.batch === 0) break;
    }
    return { perPicture: tried > 0 ? seconds / tried : 0, images, sizes };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
