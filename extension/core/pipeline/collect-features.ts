import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { throwIfAborted } from '../errors';
import type { Log, ReportProgress } from '../progress';
import { splitMemory } from '../scoring/memory-split';
import type { ScoreSettings, SettledSettings } from '../settings';
import { chooseSubsets } from './choose-subsets';
import { ContentIndex, type FileState } from './content-index';
import { FeatureCache } from './feature-cache';
import { FeatureCollector, type SubsetFeatures } from './feature-collector';
import { ProgressMeter } from './progress-meter';
import { readFeatures } from './read-features';
import { ScoreMemory } from './score-memory';
import { scratchParent } from './scratch';

/** A readable picture. */
export interface CollectedImage {
  readonly image: DatasetImage;
  readonly state: FileState;
  readonly width: number;
  readonly height: number;
}

/** All features of a run, ready for mutual scoring. Close it when done. */
export interface Collected {
  readonly root: string;
  readonly images: readonly CollectedImage[];
  readonly skipped: readonly { path: string; reason: string }[];
  readonly subsets: readonly SubsetFeatures[];
  /** N x D image features as RsCIN takes them, or null. */
  readonly embeddings: Float32Array | null;
  readonly seconds: number;
  /** What the folder remembers of earlier distances. */
  readonly memory: ScoreMemory;
  /** True: the remembered run's pictures are all here and come first, others were added. */
  readonly grown: boolean;
  close(): Promise<void>;
}

export interface CollectOptions {
  readonly dataset: Dataset;
  readonly backbone: Backbone;
  readonly settings: SettledSettings;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  readonly log: Log;
}

/** Where a folder's caches lie. They may be deleted at any time. */
export const cacheFolder = (root: string): string => path.join(root, '.musc', 'cache');

/** What a backbone's features depend on besides the picture. */
export function featureKey(backbone: Backbone, settings: Pick<ScoreSettings, 'protocol'>): Record<string, unknown> {
  const { sha256, preprocess } = backbone.info;
  return {
    format: 2,
    sha256,
    form: backbone.form,
    preprocess,
    taps: backbone.taps,
    input: backbone.input,
    grid: backbone.grid,
    device: backbone.device.name,
    protocol: settings.protocol,
  };
}

/** Reads every picture of the data set once. Throws DISK_FULL, DEVICE_FAILED, CANCELLED. */
export async function collectFeatures(options: CollectOptions): Promise<Collected> {
  const { dataset, backbone, settings, memoryBytes, signal, log } = options;
  const progress: ReportProgress = (step) =>
    options.progress(step.item === undefined ? step : { ...step, file: path.resolve(dataset.root, step.item) });
  const cache = cacheFolder(dataset.root);
  const perImage = 4 * cells(backbone.grid) * backbone.channels.reduce((a, b) => a + b, 0);
  const bytes = perImage * dataset.images.length;
  const index = await ContentIndex.open(path.join(cache, 'content.json'));
  const features = await FeatureCache.open(path.join(cache, 'features'), featureKey(backbone, settings), bytes);
  const subsets = await chooseSubsets(settings, dataset, backbone, memoryBytes, log, signal);
  const memory = await ScoreMemory.open(cache, {
    ...featureKey(backbone, settings),
    degrees: settings.degrees,
    keep: settings.keep,
  });
  const first = subsets === 1 ? await rememberedFirst(memory.pictures, dataset, index, progress, signal) : [];
  const collector = await FeatureCollector.create({
    backbone,
    types: dataset.images.map((i) => i.type),
    subsets,
    seed: settings.seed,
    memoryBytes: splitMemory(memoryBytes).features,
    scratchFolder: scratchParent(),
    first,
  });
  try {
    const meter = new ProgressMeter('features', dataset.images.length, progress);
    const images: CollectedImage[] = [];
    const skipped: { path: string; reason: string }[] = [];
    const embeddings: Float32Array[] = [];
    let [done, free] = [0, 0];
    for await (const outcome of readFeatures({
      dataset,
      backbone,
      protocol: settings.protocol,
      cache: features,
      index,
      signal,
    })) {
      if (outcome.kind === 'skipped') {
        skipped.push({ path: outcome.image.path, reason: outcome.reason });
        log('warn', `skipped ${outcome.image.path}: ${outcome.reason}`);
      } else {
        collector.add(done, outcome.features);
        const { image, state, features: f } = outcome;
        images.push({ image, state, width: f.width, height: f.height });
        if (f.embedding.length > 0) embeddings.push(normalised(f.embedding, backbone.info.normaliseEmbedding));
        if (outcome.cached) free++;
      }
      meter.step(++done, { item: outcome.image.path, free });
    }
    await index.save();
    if (features.tooLarge && free < images.length)
      log('info', l10n.t('Features are not kept for the next run: they take {0} GB.', (bytes / 1e9).toFixed(1)));
    await features.trim(new Set(images.map(({ state }) => state.hash)));
    if (free > 0) log('info', `The features of ${free} of ${images.length} pictures were known from an earlier run.`);
    return {
      root: dataset.root,
      images,
      skipped,
      subsets: await collector.finish(),
      embeddings: embeddings.length === images.length && images.length > 0 ? concatenated(embeddings) : null,
      seconds: meter.seconds(),
      memory,
      grown: first.length > 0 && first.length < images.length && collector.complete,
      close: () => collector.close(),
    };
  } catch (error) {
    await index.save();
    await collector.close();
    throw error;
  }
}

/**
 * Indices of the pictures of the remembered run in its order, or none unless all of them are here, unchanged, and others too. Tells
 * which picture was looked at. Throws CANCELLED.
 */
async function rememberedFirst(
  pictures: readonly string[],
  dataset: Dataset,
  index: ContentIndex,
  progress: ReportProgress,
  signal: AbortSignal,
): Promise<number[]> {
  if (pictures.length === 0 || pictures.length >= dataset.images.length) return [];
  const meter = new ProgressMeter('features', dataset.images.length, progress); // of its own: no features, no speed
  const places = new Map<string, number[]>();
  for (const [i, image] of dataset.images.entries()) {
    const state = await index.state(path.resolve(dataset.root, image.path), image.path, signal).catch(() => null);
    if (signal.aborted) await index.save(); // the next one need not look again
    throwIfAborted(signal);
    meter.step(0, { item: image.path });
    if (state) places.set(state.hash, [...(places.get(state.hash) ?? []), i]);
  }
  const found = pictures.map((hash) => places.get(hash)?.shift());
  return found.every((i) => i !== undefined) ? found : [];
}

/** CLIP's image features are unit length before RsCIN; the others are used as they are (SPEC 2). */
function normalised(v: Float32Array, unit: boolean): Float32Array {
  if (!unit) return v;
  const length = Math.hypot(...v);
  return length > 0 ? v.map((x) => x / length) : v;
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.length * parts[0].length);
  parts.forEach((p, i) => all.set(p, i * p.length));
  return all;
}
