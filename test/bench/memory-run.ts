// One scoring run on made-up features, alone in its process, so that its peak memory is its own. Prints one JSON object.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cells } from '../../extension/core/array/grid';
import { planBlocks, tilePairs } from '../../extension/core/scoring/block-plan';
import { calibrateScoring, estimateScoring } from '../../extension/core/scoring/estimate';
import { FeatureStore } from '../../extension/core/scoring/feature-store';
import { keptRanks } from '../../extension/core/scoring/kept-ranks';
import { splitMemory } from '../../extension/core/scoring/memory-split';
import { scoreTaps, type ScoringRun } from '../../extension/core/scoring/scoring-run';
import { isOnDisk } from '../../extension/core/scoring/share-source';
import { ScoringTotals } from '../../extension/core/scoring/scoring-totals';
import type { MemoryShape, MemoryTruth } from './memory';
import { newControl } from '../../extension/core/scoring/tap-job';

const { side, channels, images, budget, tiles: wanted, workerFile } = JSON.parse(process.argv[2]) as MemoryShape;
const scratchFolder = mkdtempSync(path.join(tmpdir(), 'musc-bench-'));
const grid = { height: side, width: side };
const patches = cells(grid);
const degrees = [1, 3, 5];
const keep = [0, 0.3] as const;
const threads = 2;
const memory = splitMemory(budget);
const shape = { grid, channels, degrees, keep, threads };
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** Different for every image, and quickly made: a window on one long noise. */
function* features(c: number): Generator<Float32Array> {
  const size = patches * c;
  const noise = Float32Array.from({ length: size + images * 7 }, (_, i) => Math.sin(i * i));
  for (let i = 0; i < images; i++) yield noise.subarray(i * 7, i * 7 + size);
}

try {
  const store = await FeatureStore.create({ images, grid, channels, memoryBytes: memory.features, scratchFolder });
  for (const [tap, c] of channels.entries()) {
    let image = 0;
    for (const one of features(c)) store.put(image++, tap, one);
  }
  const sources = channels.map((_, tap) => store.source(tap));
  const layout = { images, old: 0, width: degrees.length * patches };
  const plan = planBlocks({
    layout,
    patches,
    channels: Math.max(...channels),
    threads,
    memoryBytes: memory.scoring,
    device: 'cpu',
    fromDisk: sources.some(isOnDisk),
  });
  const all = tilePairs(layout, plan.block);
  const tiles = wanted === null ? all : all.slice(0, wanted);
  const run: ScoringRun = {
    plan: {
      grid,
      degrees,
      ranks: keptRanks(keep, images - 1),
      batch: plan.batch,
      device: 'cpu',
      layout,
      keptForLater: 0,
      control: newControl(),
    },
    taps: channels.length,
    tiles,
    threads: plan.threads,
    tableInMemory: plan.tableInMemory,
    totals: new ScoringTotals({ images, patches, degrees: degrees.length, taps: channels.length, kept: 0 }),
    previous: null,
    checkpoint: null,
    options: { degrees, keep, threads, memoryBytes: memory.scoring, scratchFolder, workerFile },
  };
  const measured = await seconds(() => scoreTaps(run, sources));
  run.totals.scores();
  await store.close();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const cost = await calibrateScoring(shape, { images, scratchFolder, workerFile });
  const estimate = estimateScoring(cost, shape, { images, memory });
  const truth: MemoryTruth = { peakBytes, seconds: measured, estimate, onDisk: !store.inMemory };
  process.stdout.write(JSON.stringify(truth));
} finally {
  rmSync(scratchFolder, { recursive: true, force: true });
}
process.exit(0);
