import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { cells, type Grid } from '../array/grid';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { toMuscError } from '../errors';
import { loadMask } from '../image/mask';
import { imageMetrics } from '../metrics/image-metrics';
import type { Metric, PixelMetrics, RunMetrics } from '../metrics/metric';
import { pixelMetrics } from '../metrics/pixel-metrics';
import type { PixelSource } from '../metrics/pixel-source';
import type { Log } from '../progress';
import { upsampleMap } from '../scoring/anomaly-map';
import type { Protocol } from '../settings';

export interface RunMetricsOptions {
  readonly dataset: Dataset;
  readonly images: readonly DatasetImage[];
  /** Native size of each image: a mask must have it. */
  readonly sizes: readonly Grid[];
  /** Final image scores, one per image. */
  readonly scores: ArrayLike<number>;
  /** N x h x w patch scores. */
  readonly maps: Float32Array;
  readonly grid: Grid;
  /** Model input: the size at which pixels are counted. */
  readonly input: Grid;
  readonly protocol: Protocol;
  readonly signal?: AbortSignal;
  readonly log?: Log;
  readonly progress?: (done: number, total: number) => void;
}

/** The seven metrics against ground truth (SPEC 8), from raw maps and final scores; null where nobody gave any truth. */
export async function runMetrics(options: RunMetricsOptions): Promise<RunMetrics | null> {
  const { images, scores } = options;
  if (images.every((image) => image.truth === null)) return null;
  const image = imageMetrics(
    scores,
    images.map((i) => i.truth),
  );
  return { image, pixel: await pixels(options) };
}

interface PixelOptions extends Pick<
  RunMetricsOptions,
  'dataset' | 'images' | 'sizes' | 'maps' | 'grid' | 'input' | 'protocol'
> {
  /** The file of a mask; default: below the data set's root, as it was found there. */
  readonly maskFile?: (mask: string) => Promise<string>;
}

async function pixels(options: RunMetricsOptions): Promise<PixelMetrics> {
  const { images, protocol, signal, progress } = options;
  const none = (absent: string): PixelMetrics => ({
    auroc: { absent },
    f1max: { absent },
    ap: { absent },
    aupro: { absent },
  });
  if (images.every((image) => image.mask === null)) return none(l10n.t('there are no ground-truth masks'));
  try {
    return await pixelMetrics(await pixelSource(options), { protocol, signal, progress });
  } catch (error) {
    const e = toMuscError(error);
    if (e.code !== 'MASK_INVALID') throw e;
    options.log?.('warn', e.toLine());
    return none([e.message, e.where].filter(Boolean).join(', '));
  }
}

/**
 * Maps and masks as the metrics want them. Only pictures whose pixels are known count: good ones, and defect ones with
 * a mask. A defect picture without a mask would count its defect as good pixels.
 */
export async function pixelSource(options: PixelOptions): Promise<PixelSource> {
  const { dataset, images, sizes, maps, grid, input, protocol } = options;
  const patches = cells(grid);
  const counted = [...images.keys()].filter(
    (i) => protocol === 'reference' || images[i].truth === 'good' || images[i].mask !== null,
  );
  const pixels = new Float32Array(cells(input)); // one for all pictures: a megabyte each is much to collect
  return {
    count: counted.length,
    size: input,
    map: (k) => upsampleMap(maps.subarray(counted[k] * patches, (counted[k] + 1) * patches), grid, input, pixels),
    mask: async (k) => {
      const { mask } = images[counted[k]];
      if (mask === null) return null;
      const { height, width } = sizes[counted[k]];
      const file = await (options.maskFile?.(mask) ?? path.resolve(dataset.root, mask));
      return loadMask(file, input, protocol, dataset.layout, {
        picture: { height, width },
      });
    },
  };
}

/** A metric as scripts read it: a fraction, or null. */
export const valueOf = (metric: Metric): number | null => ('value' in metric ? metric.value : null);

/** Undefined metrics by dotted name, with their reasons. */
export function absentReasons(metrics: RunMetrics | null): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const [level, group] of Object.entries(metrics ?? {}))
    for (const [name, metric] of Object.entries(group as Record<string, Metric>))
      if ('absent' in metric) reasons[`${level}.${name}`] = metric.absent;
  return reasons;
}
