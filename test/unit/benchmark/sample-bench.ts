import { publishedFor, publishedSource } from '../../../extension/core/benchmark/published';
import type { BenchCategory, BenchFigures, BenchFile } from '../../../extension/protocol/bench-file';

const BACKBONE = 'clip-vit-l-14-336-openai';

export const figures = (value: number): BenchFigures => ({
  image_auroc: value,
  image_f1max: value,
  image_ap: value,
  pixel_auroc: value,
  pixel_f1max: value,
  pixel_ap: value,
  pixel_aupro: null,
});

export const category = (name: string, value: number | null): BenchCategory => ({
  name,
  run: `runs/${name}/run.musc.json`,
  images: 10,
  skipped: 0,
  figures: value === null ? null : figures(value),
  absent: { pixel_aupro: 'for this test' },
  seconds: 20,
  published: publishedFor('mvtec', name, BACKBONE, 518),
  problem: value === null ? 'no pictures | <b>' : '',
});

/** A benchmark of three categories, one of them failed. */
export const sampleBench = (changes: Partial<BenchFile> = {}): BenchFile => {
  const mean = publishedFor('mvtec', null, BACKBONE, 518);
  return {
    format: 'musc-bench',
    version: 1,
    id: 'x',
    name: 'bench',
    createdAt: '2026-01-02T03:04:05.000Z',
    appVersion: '0.0.0',
    dataset: {
      layout: 'mvtec',
      name: 'MVTec_AD <1>',
      root: '/data/mvtec',
      notes: ['12 of 15 categories are missing.'],
    },
    settings: {
      protocol: 'reference',
      taps: ['5', '11'],
      degrees: [1, 3, 5],
      keep: [0, 0.3],
      rscin: [1, 2, 3],
      subsets: 1,
      seed: 0,
      input: { height: 518, width: 518 },
    },
    backbone: { id: BACKBONE, name: 'CLIP ViT-L/14-336', sha256: '' },
    device: 'CPU',
    categories: [category('bottle', 1), category('cable', 0.5), category('=screw_1', null)],
    published: mean && { mean, source: publishedSource() },
    ...changes,
  };
};
