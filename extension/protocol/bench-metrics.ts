/** The seven metrics, in the order of the paper's tables. */
export const BENCH_METRICS = [
  'image_auroc',
  'image_f1max',
  'image_ap',
  'pixel_auroc',
  'pixel_f1max',
  'pixel_ap',
  'pixel_aupro',
] as const;
export type BenchMetric = (typeof BENCH_METRICS)[number];

/** Formats that a benchmark is exported to, by the end of the file's name. */
export const BENCH_FORMATS = ['csv', 'md', 'tex', 'xlsx', 'html'] as const;
export type BenchFormat = (typeof BENCH_FORMATS)[number];
