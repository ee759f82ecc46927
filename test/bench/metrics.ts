import { pixelMetrics } from '../../extension/core/metrics/pixel-metrics';
import type { PixelSource } from '../../extension/core/metrics/pixel-source';
import { upsampleMap } from '../../extension/core/scoring/anomaly-map';
import type { BenchRow } from './bench-row';

const GRID = { height: 37, width: 37 };
const SIZE = { height: 518, width: 518 };
const IMAGES = 500;
const REPEATS = 3;

/** A repeatable pseudo-random number in 0..1. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return x - Math.floor(x);
};

/** Made-up maps at the paper's size: a quarter of the pictures has a bright square and a mask there. */
function madeUp(images: number): PixelSource {
  const patches = GRID.height * GRID.width;
  const pixels = new Float32Array(SIZE.height * SIZE.width);
  const mask = Uint8Array.from(pixels, (_, p) => (p % 518 < 110 && p < 518 * 110 ? 1 : 0));
  const scores = Float32Array.from({ length: images * patches }, (_, k) => {
    const [i, p] = [Math.floor(k / patches), k % patches];
    return noise(k) + (i % 4 === 0 && p % 37 < 8 && p < 300 ? 1 : 0);
  });
  return {
    count: images,
    size: SIZE,
    map: (i) => upsampleMap(scores.subarray(i * patches, (i + 1) * patches), GRID, SIZE, pixels),
    mask: (i) => Promise.resolve(i % 4 === 0 ? mask : null),
  };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The four pixel metrics of 500 pictures at 518 x 518, both protocols in turns, and the memory that takes. */
export async function benchMetrics(): Promise<BenchRow[]> {
  const source = madeUp(IMAGES);
  const times: Record<'exact' | 'reference', number[]> = { exact: [], reference: [] };
  const before = process.memoryUsage().rss; // groups before this one have left theirs
  let peak = 0;
  for (let r = 0; r < REPEATS; r++)
    for (const protocol of ['exact', 'reference'] as const) {
      const started = performance.now();
      await pixelMetrics(source, { protocol });
      times[protocol].push((performance.now() - started) / 1000);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  return [
    { group: 'metrics', name: `${IMAGES} pictures at 518 px, exact`, value: median(times.exact), unit: 's' },
    { group: 'metrics', name: `${IMAGES} pictures at 518 px, reference`, value: median(times.reference), unit: 's' },
    { group: 'metrics', name: 'memory beyond that at the start', value: (peak - before) / 1e6, unit: 'MB' },
  ];
}
