/** A metric that is defined (a fraction 0..1), or the reason why it is not. Never NaN, never a made-up 0. */
export type Metric = { readonly value: number } | { readonly absent: string };

export interface ImageMetrics {
  readonly auroc: Metric;
  readonly f1max: Metric;
  readonly ap: Metric;
}

export interface PixelMetrics extends ImageMetrics {
  /** Area under the per-region overlap curve up to a false-positive rate of 0.3. */
  readonly aupro: Metric;
}

/** The seven metrics of a run. */
export interface RunMetrics {
  readonly image: ImageMetrics;
  readonly pixel: PixelMetrics;
}
