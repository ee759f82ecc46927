import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { EngineMethods } from '../../protocol/engine';
import type { RunFile } from '../../protocol/run-file';
import { cells } from '../array/grid';
import { openBackbone } from '../backbone/open-backbone';
import type { Backbone } from '../backbone/backbone';
import { MuscError } from '../errors';
import { datasetRoot } from '../run/run-folder';
import { readShortlist } from '../run/run-neighbours';
import { keptRun } from '../run/run-kept';
import { resolveInside } from '../run/safe-path';
import { sharedWork, untilAborted } from '../shared-work';
import type { FeatureSource } from '../scoring/feature-source';
import { nearestPatches } from '../scoring/nearest-patches';
import { cachedSources } from './cached-sources';
import { cacheFolder, featureKey } from './collect-features';
import { ContentIndex } from './content-index';
import { FeatureCache } from './feature-cache';
import { type PictureOutcome, readFeatures } from './read-features';
import { ReadTogether } from './read-together';

type Params = EngineMethods['neighbours']['params'];
type Result = EngineMethods['neighbours']['result'];

/** The features of the run that was asked about last, so that the next click is answered at once. */
let last: { readonly key: string; readonly sources: () => Promise<readonly FeatureSource[]> } | null = null;

/**
 * The k nearest patches in other images of one patch of a run, nearest first, with the method's distance. Looks among the
 * images that the run noted as promising for this patch (all, where it noted none). Features come from the folder's cache;
 * pictures that are not in it go through the backbone again. Throws BACKBONE_MISSING, FILE_IO, USAGE, CANCELLED.
 */
export function runNeighbours(params: Params, signal: AbortSignal): Promise<Result> {
  return untilAborted(findNeighbours(params, signal), signal);
}

async function findNeighbours(
  { run: runPath, image, row, column, k, models }: Params,
  signal: AbortSignal,
): Promise<Result> {
  const run = await keptRun(runPath);
  if (image >= run.images.length || row >= run.grid.height || column >= run.grid.width)
    throw new MuscError('USAGE', `the run has no patch ${row}, ${column} of picture ${image}`);
  const patch = row * run.grid.width + column;
  const candidates = await readShortlist(runPath, run, image, patch);
  const key = `${runPath}\n${run.id}\n${run.root}`;
  if (last?.key !== key) last = { key, sources: sharedWork(() => sourcesOf(runPath, run, models)) };
  const found = await nearestPatches(await last.sources(), {
    image,
    patch,
    degrees: run.settings.degrees,
    k,
    candidates: candidates?.length ? candidates : undefined,
    signal,
  });
  return found.map((n) => ({
    image: n.image,
    row: Math.floor(n.patch / run.grid.width),
    column: n.patch % run.grid.width,
    distance: n.distance,
  }));
}

/** From the cache alone while it has the pictures: opening a large backbone takes longer than the answer. */
async function sourcesOf(runPath: string, run: RunFile, models: string | undefined): Promise<readonly FeatureSource[]> {
  const root = datasetRoot(runPath, run);
  const cache = cacheFolder(root);
  const index = await ContentIndex.open(path.join(cache, 'content.json'));
  const backbone = sharedWork(() => openAgain(run, models)); // for all clicks: none of them may cancel it
  const again = new ReadTogether((images) => readAgain(run, root, images, backbone, index));
  const known = run.features && FeatureCache.reading(path.join(cache, 'features'), run.features.cache);
  const channels = run.features?.channels ?? (await backbone()).channels;
  const expected = cells(run.grid) * channels.reduce((a, b) => a + b, 0);
  return cachedSources(run.images.length, run.grid, channels, async (i) => {
    const { path: relative } = run.images[i];
    const file = await resolveInside(root, relative);
    const found = await known?.get((await index.state(file, relative)).hash);
    return found?.taps.length === expected ? found : again.read(i);
  });
}

/** What became of these pictures of the run, in order, from the cache or from the pictures. */
async function* readAgain(
  run: RunFile,
  root: string,
  images: readonly number[],
  open: () => Promise<Backbone>,
  index: ContentIndex,
): AsyncGenerator<PictureOutcome> {
  const backbone = await open();
  const perImage = 4 * cells(backbone.grid) * backbone.channels.reduce((a, b) => a + b, 0);
  const cache = await FeatureCache.open(
    path.join(cacheFolder(root), 'features'),
    featureKey(backbone, run.settings),
    perImage * run.images.length,
  );
  const { layout, category, name } = run.dataset;
  const pictures = images.map((i) => run.images[i]).map(({ path, type, truth, mask }) => ({ path, type, truth, mask }));
  const dataset = { root, layout, category, name, images: pictures, notes: [] };
  yield* readFeatures({ dataset, backbone, protocol: run.settings.protocol, cache, index });
}

/** The run's backbone as it was. Throws BACKBONE_INVALID where it has changed since. */
async function openAgain(run: RunFile, models: string | undefined): Promise<Backbone> {
  const { settings, input } = run;
  const backbone = await openBackbone(
    {
      backbone: settings.backbone,
      taps: settings.taps,
      embedding: settings.embedding,
      preprocess: settings.preprocess,
      input,
      device: 'cpu',
      protocol: settings.protocol,
      threads: 0,
    },
    { models },
  );
  if (backbone.info.sha256 === run.backbone.sha256) return backbone;
  await backbone.close();
  throw new MuscError('BACKBONE_INVALID', l10n.t('the backbone {0} has changed since the run', run.backbone.name), {
    hint: l10n.t('score the folder again'),
  });
}
