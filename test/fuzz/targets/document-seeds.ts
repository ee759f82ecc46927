import type { BenchFile } from '../../../extension/protocol/bench-file';
import { RUN_VERSION, type LabelsFile, type RunFile } from '../../../extension/protocol/run-file';

/** A small run with everything a run can have. */
export const runSeed = (): RunFile => ({
  format: 'musc-run',
  version: RUN_VERSION,
  id: 'a0b1',
  name: 'screws',
  createdAt: '2026-01-02T03:04:05.000Z',
  appVersion: '0.1.0',
  root: '../../..',
  dataset: { layout: 'mvtec', category: 'screw', name: 'screw', notes: ['Recognised.'] },
  settings: {
    backbone: 'embedded',
    taps: ['a', 'b'],
    degrees: [1, 3, 5],
    keep: [0, 0.3],
    rscin: [1, 2, 3],
    subsets: 1,
    seed: 0,
    protocol: 'exact',
    fit: 'squash',
  },
  backbone: { id: 'embedded', name: 'Embedded', sha256: 'ab', licence: 'MIT', note: '' },
  device: { name: 'cpu', label: 'CPU', requested: 'auto', fallback: null },
  input: { height: 64, width: 64 },
  grid: { height: 8, width: 8 },
  images: [
    {
      path: 'test/good/000.png',
      type: 'good',
      truth: 'good',
      mask: null,
      bytes: 9,
      modified: 1,
      width: 9,
      height: 9,
      score: 0.2,
      rawScore: 0.3,
    },
    {
      path: 'test/cut/000.png',
      type: 'cut',
      truth: 'defect',
      mask: '../ground_truth/cut/000_mask.png',
      bytes: 9,
      modified: 1,
      width: 9,
      height: 9,
      score: 0.9,
      rawScore: 0.8,
    },
  ],
  skipped: [{ path: 'test/cut/001.png', reason: 'the picture is damaged' }],
  metrics: {
    image: { auroc: { value: 1 }, f1max: { value: 1 }, ap: { value: 1 } },
    pixel: { auroc: { value: 0.9 }, f1max: { value: 0.5 }, ap: { value: 0.4 }, aupro: { absent: 'no masks' } },
  },
  seconds: { features: 1, scoring: 1, metrics: 1, total: 3 },
});

export const labelsSeed = (): LabelsFile['labels'] => ({
  'test/cut/000.png': { label: 'defect', at: '2026-01-02T03:04:05.000Z' },
  'test/good/000.png': { label: 'good', at: '2026-01-02T03:04:06.000Z' },
  'test/good/001.png': { label: null, at: '2026-01-02T03:04:07.000Z' },
});

const figures = {
  image_auroc: 0.9,
  image_f1max: 0.9,
  image_ap: 0.9,
  pixel_auroc: 0.9,
  pixel_f1max: 0.5,
  pixel_ap: 0.5,
  pixel_aupro: null,
};

export const benchSeed = (): BenchFile => ({
  format: 'musc-bench',
  version: 1,
  id: 'b',
  name: 'bench',
  createdAt: '2026-01-02T03:04:05.000Z',
  appVersion: '0.1.0',
  dataset: { layout: 'mvtec', name: 'set', root: '/data/set', notes: [] },
  settings: {
    protocol: 'reference',
    taps: ['a'],
    degrees: [1, 3, 5],
    keep: [0, 0.3],
    rscin: [1, 2, 3],
    subsets: 1,
    seed: 42,
    input: { height: 64, width: 64 },
  },
  backbone: { id: 'embedded', name: 'Embedded', sha256: 'ab' },
  device: 'CPU',
  categories: [
    {
      name: 'screw',
      run: 'screw/run.musc.json',
      images: 9,
      skipped: 0,
      figures,
      absent: { pixel_aupro: 'no masks' },
      seconds: 1,
      published: null,
      problem: '',
    },
  ],
  published: null,
});
