import os from 'node:os';
import path from 'node:path';
import type { EngineResults, ScoreRequest } from '../../protocol/engine';
import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import type { Dataset } from '../dataset/dataset';
import { prepare } from '../image/prepare';
import type { Protocol } from '../settings';
import { findDataset } from './find-dataset';
import { forecastScoring } from './forecast-scoring';
import { openForDataset } from './open-for-dataset';
import { resolveSettings } from './resolve-settings';
import type { ScoreContext } from './score-folder';

/** Batches timed after one that warms up. */
const BATCHES = 2;
/** Pictures tried until enough readable ones are found. */
const TRIED = 50;

/**
 * What a run would take on this machine with this folder, from a short calibration: a few of its own pictures through the
 * backbone, and mutual scoring of made-up features of its shape. Nothing is written. Throws as `scoreFolder` does.
 */
export async function estimateRun(request: ScoreRequest, context: ScoreContext): Promise<EngineResults['estimate']> {
  const settings = resolveSettings(request);
  const dataset = await findDataset(request, settings.protocol, context.signal);
  const backbone = await openForDataset(request, settings, dataset, context);
  try {
    const perPicture = await secondsPerPicture(dataset, backbone, settings.protocol, context.signal);
    const images = dataset.images.length;
    const memoryBytes = settings.memoryBytes || os.totalmem() / 2;
    const forecast = await forecastScoring(backbone, settings, images, memoryBytes, context.signal);
    const scoring = forecast(settings.subsets === 'auto' ? 1 : settings.subsets);
    return {
      images,
      backbone: backbone.info.name,
      device: backbone.device.label,
      seconds: { features: images * perPicture, scoring: scoring.seconds },
      memoryBytes: scoring.memoryBytes,
      diskBytes: scoring.diskBytes,
    };
  } finally {
    await backbone.close();
  }
}

/** Decoding, resizing and the network, one batch after another. */
async function secondsPerPicture(
  dataset: Dataset,
  backbone: Backbone,
  protocol: Protocol,
  signal: AbortSignal,
): Promise<number> {
  const size = 3 * cells(backbone.input);
  const wanted = backbone.batch * (BATCHES + 1);
  let [seconds, counted] = [0, 0];
  const files = dataset.images.slice(0, Math.max(TRIED, wanted)).map((i) => path.resolve(dataset.root, i.path));
  for (let b = 0; b <= BATCHES; b++) {
    const started = performance.now();
    const pixels = new Float32Array(backbone.batch * size);
    let n = 0;
    while (n < backbone.batch && files.length > 0) {
      const picture = await prepare(files.shift() ?? '', backbone.input, backbone.info.preprocess, protocol, {
        signal,
      }).catch(() => null);
      if (picture) pixels.set(picture.pixels, n++ * size);
    }
    if (n === 0) break;
    await backbone.run(pixels.subarray(0, n * size), n, signal);
    if (b === 0 && files.length > 0) continue; // warms up
    seconds += (performance.now() - started) / 1000;
    counted += n;
  }
  return counted > 0 ? seconds / counted : 0;
}
