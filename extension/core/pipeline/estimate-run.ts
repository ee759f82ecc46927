import type { EngineResults, ScoreRequest } from '../../protocol/engine';
import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import type { Dataset } from '../dataset/dataset';
import { freeBytesOf } from '../free-bytes';
import { machineMemory } from '../machine-memory';
import { requireComparable } from '../scoring/comparable-grid';
import type { ScoreSettings } from '../settings';
import { calibrateFeatures, type FeatureCost } from './calibrate-features';
import { planSubsets, worthAsking } from './choose-subsets';
import { fitsCache } from './feature-cache';
import { findDataset } from './find-dataset';
import { forecastScoring } from './forecast-scoring';
import { openForDataset } from './open-for-dataset';
import { resolveSettings } from './resolve-settings';
import { runMetrics } from './run-metrics';
import type { ScoreContext } from './score-folder';
import { roomForTable } from './score-memory';
import { settleSettings } from './settle-settings';

/**
 * What a run would take on this machine with this folder, from a short calibration: some of its own pictures through the backbone,
 * mutual scoring of made-up features of its shape, and the metrics of the pictures tried. Nothing is written into the folder. Throws
 * as `scoreFolder` does.
 */
export async function estimateRun(request: ScoreRequest, context: ScoreContext): Promise<EngineResults['estimate']> {
  const { signal } = context;
  const asked = resolveSettings(request);
  const started = performance.now();
  const dataset = await findDataset(request, asked.protocol, signal);
  let building = 0; // a graph is built once: later runs find it
  const backbone = await openForDataset(request, asked, dataset, {
    ...context,
    built: (seconds) => (building += seconds),
  });
  const opening = since(started) - building;
  const settings = settleSettings(asked, backbone.info);
  try {
    requireComparable(backbone.grid, settings.degrees);
    const images = dataset.images.length;
    const memoryBytes = settings.memoryBytes || machineMemory() / 2;
    const reading = await calibrateFeatures(dataset, backbone, settings, signal);
    const metrics = await metricsSeconds(reading, dataset, backbone, settings, signal);
    const planning = performance.now();
    const room = await roomForTable(dataset.root).catch(() => 0);
    const forecast = await forecastScoring(backbone, settings, images, memoryBytes, signal, room);
    const asks = worthAsking(backbone, settings, images); // the run will do the same
    const planned = asks ? since(planning) : 0;
    const { count } = planSubsets(settings, images, asks ? forecast : null);
    const scoring = forecast(count);
    return {
      images,
      subsets: count,
      backbone: backbone.info.name,
      device: backbone.device.label,
      seconds: { load: opening + planned, features: images * reading.perPicture, scoring: scoring.seconds, metrics },
      memoryBytes: scoring.memoryBytes,
      diskBytes: scoring.diskBytes + (await keptFeatures(dataset, backbone)),
    };
  } finally {
    await backbone.close();
  }
}

/** Bytes of the features that the folder's cache will keep. */
async function keptFeatures(dataset: Dataset, { grid, channels }: Backbone): Promise<number> {
  const bytes = dataset.images.length * cells(grid) * 4 * channels.reduce((a, b) => a + b, 0);
  return fitsCache(bytes, await freeBytesOf(dataset.root)) ? bytes : 0;
}

const since = (start: number): number => (performance.now() - start) / 1000;

/** Seconds for the metrics of the whole folder, from those of the pictures tried with made-up maps; 0 without ground truth. */
async function metricsSeconds(
  { images, sizes }: FeatureCost,
  dataset: Dataset,
  { grid, input }: Backbone,
  { protocol }: ScoreSettings,
  signal: AbortSignal,
): Promise<number> {
  if (images.length === 0) return 0;
  const started = performance.now();
  await runMetrics({
    dataset,
    images,
    sizes,
    scores: images.map((_, i) => i),
    maps: Float32Array.from({ length: images.length * cells(grid) }, (_, i) => Math.sin(i * i)),
    grid,
    input,
    protocol,
    signal,
  });
  return (since(started) / images.length) * dataset.images.length;
}
