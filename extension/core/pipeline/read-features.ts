import { setMaxListeners } from 'node:events';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { relativePath } from '../../protocol/run-file';
import { allFinite } from '../array/finite';
import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import { ByteBudget } from '../byte-budget';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { throwIfAborted, toMuscError } from '../errors';
import { PictureThread } from '../image/picture-thread';
import type { PreparedPicture } from '../image/prepare';
import { pictureSize } from '../image/source';
import type { Protocol } from '../settings';
import type { ContentIndex, FileState } from './content-index';
import type { CachedFeatures, FeatureCache } from './feature-cache';

/** Pictures being decoded while the network runs. */
const AHEAD = 4;
/** Bytes of files and decoded pixels held at one time, but for a single picture of more: 36 of 100 megapixels would take over 10 GB. */
const DECODED = 1e9;
/** Pictures for which a thread is started: its start takes as long as resizing ten of them. */
const WORTH_A_THREAD = 32;
/** Times a picture is read that changes meanwhile. */
const ATTEMPTS = 3;
/** Finished pictures held back at most while they wait for a batch before them. */
const HELD = 64;

/** What became of a picture, in the data set's order. */
export type PictureOutcome =
  | {
      readonly kind: 'features';
      readonly image: DatasetImage;
      readonly state: FileState;
      readonly features: CachedFeatures;
      readonly cached: boolean;
    }
  | { readonly kind: 'skipped'; readonly image: DatasetImage; readonly reason: string };

export interface ReadFeaturesOptions {
  readonly dataset: Dataset;
  readonly backbone: Backbone;
  readonly protocol: Protocol;
  readonly cache: Pick<FeatureCache, 'get' | 'put'>;
  readonly index: ContentIndex;
  readonly signal?: AbortSignal;
}

const areFinite = ({ taps, embedding }: CachedFeatures): boolean => allFinite(taps) && allFinite(embedding);

type Prepared =
  | PictureOutcome
  | {
      readonly kind: 'pixels';
      readonly image: DatasetImage;
      readonly state: FileState;
      readonly picture: PreparedPicture;
    };

/**
 * Features of every picture, in order: from the cache where its content is known, else decoded (ahead of the network),
 * resized and run in batches. A picture that can't be read, or whose features are not finite, is skipped with its reason.
 * Throws CANCELLED, DEVICE_FAILED.
 */
export async function* readFeatures(options: ReadFeaturesOptions): AsyncGenerator<PictureOutcome> {
  const { backbone, signal, cache } = options;
  const queue: Prepared[] = [];
  for await (const prepared of ahead(options)) {
    throwIfAborted(signal);
    queue.push(prepared);
    const waiting = queue.filter((p) => p.kind === 'pixels').length;
    if (waiting === 0 || waiting >= backbone.batch || queue.length >= HELD) yield* flush();
  }
  yield* flush();

  async function* flush(): AsyncGenerator<PictureOutcome> {
    const batch = queue.filter((p) => p.kind === 'pixels');
    const features =
      batch.length > 0
        ? await runBatch(
            backbone,
            batch.map((p) => p.picture),
            signal,
          )
        : [];
    let next = 0;
    for (const p of queue.splice(0)) {
      if (p.kind !== 'pixels') yield p;
      else {
        const found = features[next++];
        if (!areFinite(found)) {
          yield {
            kind: 'skipped',
            image: p.image,
            reason: l10n.t('the network gives values for it that are not finite'),
          };
          continue;
        }
        await cache.put(p.state.hash, found);
        yield { kind: 'features', image: p.image, state: p.state, features: found, cached: false };
      }
    }
  }
}

/**
 * Prepares pictures in order with some of them ahead of the consumer. For more than a few beside a graphics card in a thread of its own:
 * the card leaves the cores idle. On the CPU the network has them all, and a thread was measured to gain nothing.
 */
async function* ahead(options: ReadFeaturesOptions): AsyncGenerator<Prepared> {
  const { images } = options.dataset;
  if (options.signal) setMaxListeners(0, options.signal); // each picture's checksum listens: ten at a time would pass for a leak
  const window: Promise<Prepared>[] = [];
  const depth = options.backbone.batch + AHEAD;
  const apart = options.backbone.device.name !== 'cpu' && images.length >= WORTH_A_THREAD;
  const thread = apart ? new PictureThread() : new PictureThread(null);
  const decoding = new ByteBudget(DECODED);
  try {
    for (let i = 0; i < images.length || window.length > 0;) {
      while (window.length < depth && i < images.length) window.push(read(images[i++], options, thread, decoding));
      const first = window.shift();
      if (first) yield await first;
    }
  } finally {
    thread.close();
  }
}

async function read(
  image: DatasetImage,
  { dataset, backbone, protocol, cache, index, signal }: ReadFeaturesOptions,
  thread: PictureThread,
  decoding: ByteBudget,
): Promise<Prepared> {
  const file = path.resolve(dataset.root, image.path);
  if (!relativePath.safeParse(image.path).success)
    return {
      kind: 'skipped',
      image,
      reason: l10n.t('a run cannot hold its name: rename it without backslash or colon'),
    };
  try {
    if (signal?.aborted) return { kind: 'skipped', image, reason: l10n.t('cancelled') };
    const expected = cells(backbone.grid) * backbone.channels.reduce((a, b) => a + b, 0);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await index.state(file, image.path, signal);
      const known = await cache.get(state.hash);
      if (known && known.taps.length === expected && areFinite(known))
        return { kind: 'features', image, state, features: known, cached: true };
      const picture = await decoding.during(await bytesHeld(file, state), () => {
        throwIfAborted(signal); // it may have waited for long
        return thread.prepare(file, backbone.input, backbone.info.preprocess, protocol);
      });
      const { hash } = await index.state(file, image.path, signal);
      // features of one content must never be remembered under the hash of another
      if (hash === state.hash) return { kind: 'pixels', image, state, picture };
    }
    return { kind: 'skipped', image, reason: l10n.t('the picture kept changing while it was read') };
  } catch (error) {
    const e = toMuscError(error);
    return { kind: 'skipped', image, reason: [e.message, e.hint].filter(Boolean).join(', ') };
  }
}

/** What preparing a picture holds: its file and its pixels. One whose header can't be read holds nothing for long. */
const bytesHeld = async (file: string, { bytes }: FileState): Promise<number> =>
  bytes + (await pictureSize(file).catch(() => ({ bytes: 0 }))).bytes;

/** Runs one batch and takes it apart: per picture all taps one after the other, and its embedding. */
async function runBatch(
  backbone: Backbone,
  pictures: readonly PreparedPicture[],
  signal: AbortSignal | undefined,
): Promise<CachedFeatures[]> {
  const size = 3 * cells(backbone.input);
  const pixels = new Float32Array(pictures.length * size);
  pictures.forEach((p, i) => pixels.set(p.pixels, i * size));
  const { taps, embedding } = await backbone.run(pixels, pictures.length, signal);
  return pictures.map(({ width, height }, i) => {
    const lengths = taps.map((t) => t.length / pictures.length);
    const all = new Float32Array(lengths.reduce((a, b) => a + b, 0));
    let at = 0;
    taps.forEach((t, k) => {
      all.set(t.subarray(i * lengths[k], (i + 1) * lengths[k]), at);
      at += lengths[k];
    });
    const d = embedding === null ? 0 : embedding.length / pictures.length;
    return {
      width,
      height,
      taps: all,
      embedding: embedding === null ? new Float32Array(0) : embedding.slice(i * d, (i + 1) * d),
    };
  });
}
