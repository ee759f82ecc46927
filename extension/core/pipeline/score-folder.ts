import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ScoreRequest, ScoreSummary } from '../../protocol/engine';
import { RUN_VERSION, type RunFile } from '../../protocol/run-file';
import type { Backbone } from '../backbone/backbone';
import { isBackboneFile } from '../backbone/open-backbone';
import type { Dataset } from '../dataset/dataset';
import { throwIfAborted, toMuscError } from '../errors';
import { machineMemory } from '../machine-memory';
import type { Log, ReportProgress } from '../progress';
import { muscFolder } from '../run/run-folder';
import { newRunId, runsFolder, writeRun } from '../run/run-store';
import { imageScores } from '../scoring/anomaly-map';
import { requireComparable } from '../scoring/comparable-grid';
import { rescore } from '../scoring/rscin';
import type { ScoreSettings } from '../settings';
import { APP_VERSION } from '../version';
import { collectFeatures, featureKey, type Collected } from './collect-features';
import { cacheName } from './feature-cache';
import { findDataset } from './find-dataset';
import { openForDataset } from './open-for-dataset';
import { ProgressMeter } from './progress-meter';
import { resolveSettings } from './resolve-settings';
import { settleSettings } from './settle-settings';
import { absentReasons, runMetrics, valueOf } from './run-metrics';
import { type Scored, scoreSubsets } from './score-subsets';

/** What a run is given besides its request. */
export interface ScoreContext {
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  readonly log: Log;
}

/** K list of RsCIN for VisA (paper 3.3); all others use the backbone's. */
const VISA_NEIGHBOURHOODS = [1, 8, 9];

/**
 * Scores the pictures of a folder against each other and writes the run: the whole method, in the order data flow.
 * Nothing is left half-written: the run exists when it is done. Throws MuscError.
 */
export async function scoreFolder(request: ScoreRequest, context: ScoreContext): Promise<ScoreSummary> {
  const started = performance.now();
  const { signal, progress, log } = context;
  const asked = resolveSettings(request);
  progress({ stage: 'discover', done: 0, total: 1, secondsLeft: null });
  const dataset = await findDataset(request, asked.protocol, signal);
  for (const note of dataset.notes) log('info', note);
  const runs = await placeForRuns(request, dataset);
  throwIfAborted(signal);

  progress({ stage: 'load', done: 0, total: 1, secondsLeft: null });
  const backbone = await openForDataset(request, asked, dataset, context);
  const settings = settleSettings(asked, backbone.info);
  let collected: Collected | null = null;
  let saved: Scored['saved'] = [];
  try {
    requireComparable(backbone.grid, settings.degrees);
    if (backbone.device.fallback !== null) log(settings.device === 'auto' ? 'info' : 'warn', backbone.device.fallback);
    const memoryBytes = settings.memoryBytes || machineMemory() / 2;
    collected = await collectFeatures({ dataset, backbone, settings, memoryBytes, signal, progress, log });
    const scored = await scoreSubsets(
      { collected, backbone, settings, memoryBytes, resume: request.resume === true },
      context,
    );
    ({ saved } = scored);

    const { images } = collected;
    const rawScores = await imageScores(scored.maps, backbone.grid, backbone.input, signal);
    const rscin = neighbourhoods(settings, dataset, backbone, collected);
    const scores = await rescore(rawScores, collected.embeddings, rscin, signal);

    const meter = new ProgressMeter('metrics', images.length, progress);
    const metrics = await runMetrics({
      dataset,
      images: images.map((i) => i.image),
      sizes: images,
      scores,
      maps: scored.maps,
      grid: backbone.grid,
      input: backbone.input,
      protocol: settings.protocol,
      signal,
      log,
      progress: (done, total) => progress({ stage: 'metrics', done, total, secondsLeft: null }),
    });
    const seconds = {
      features: collected.seconds,
      scoring: scored.seconds,
      metrics: meter.seconds(),
      total: (performance.now() - started) / 1000,
    };

    progress({ stage: 'write', done: 0, total: 1, secondsLeft: null });
    throwIfAborted(signal);
    const run: RunFile = {
      format: 'musc-run',
      version: RUN_VERSION,
      id: newRunId(),
      name: request.name ?? dataset.name,
      createdAt: new Date().toISOString(),
      appVersion: APP_VERSION,
      root: dataset.root, // made relative to the run where it is written
      dataset: {
        layout: dataset.layout,
        category: dataset.category,
        name: dataset.name,
        notes: [...dataset.notes].slice(0, 100),
      },
      settings: {
        backbone: isBackboneFile(settings.backbone) ? path.resolve(settings.backbone) : settings.backbone,
        taps: [...backbone.taps],
        degrees: [...settings.degrees],
        keep: [settings.keep[0], settings.keep[1]],
        rscin: rscin === 'off' ? 'off' : [...rscin],
        subsets: collected.subsets.length,
        seed: settings.seed,
        protocol: settings.protocol,
        fit: backbone.input.height === backbone.input.width ? 'squash' : 'keep',
        embedding: request.embedding,
        preprocess: request.preprocess,
        masks: request.masks === undefined ? undefined : fromRoot(dataset.root, request.masks),
      },
      backbone: {
        id: backbone.info.id,
        name: backbone.info.name,
        sha256: backbone.info.sha256,
        licence: backbone.info.licence,
        note: backbone.info.note,
      },
      device: { ...backbone.device },
      features: { cache: cacheName(featureKey(backbone, settings)), channels: [...backbone.channels] },
      input: { height: backbone.input.height, width: backbone.input.width },
      grid: { height: backbone.grid.height, width: backbone.grid.width },
      images: images.map(({ image, state, width, height }, i) => ({
        path: image.path,
        type: image.type,
        truth: image.truth,
        mask: image.mask,
        bytes: state.bytes,
        modified: state.modified,
        width,
        height,
        score: scores[i],
        rawScore: rawScores[i],
      })),
      skipped: [...collected.skipped],
      metrics,
      seconds,
    };
    const file = await writeRun(runs, run, scored.maps, { neighbours: scored.neighbours });
    await scored.remember();
    await Promise.all(saved.map((checkpoint) => checkpoint.finished()));
    return summary(file, run);
  } finally {
    await Promise.all(saved.map((checkpoint) => checkpoint.release()));
    await collected?.close();
    await backbone.close();
  }
}

/** A folder inside the data set from its root ("." is the root itself), any other absolute; forward slashes. */
function fromRoot(root: string, folder: string): string {
  const absolute = path.resolve(folder);
  const relative = path.relative(root, absolute);
  const inside = !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
  return (inside ? relative || '.' : absolute).split(path.sep).join('/');
}

/** The folder that will hold the run, made now: a place that can't be written to is told before the work, not after it. */
async function placeForRuns(request: ScoreRequest, dataset: Dataset): Promise<string> {
  const { out } = request;
  if (out !== undefined) await muscFolder(dataset.root).catch(() => undefined); // only for caches
  const runs = await runsFolder(out ?? dataset.root, out !== undefined);
  await mkdir(runs, { recursive: true }).catch((error: unknown) => {
    throw toMuscError(error, runs);
  });
  return runs;
}

function neighbourhoods(
  settings: ScoreSettings,
  dataset: Dataset,
  backbone: Backbone,
  collected: Collected,
): readonly number[] | 'off' {
  if (collected.embeddings === null || settings.rscin === 'off') return 'off';
  const list =
    settings.rscin !== 'auto'
      ? settings.rscin
      : backbone.info.rscin === 'off'
        ? 'off'
        : dataset.layout === 'visa'
          ? VISA_NEIGHBOURHOODS
          : backbone.info.rscin;
  return list === 'off' || list.includes(0) ? 'off' : list;
}

/** A written run as scripts read it. */
function summary(file: string, run: RunFile): ScoreSummary {
  const m = run.metrics;
  return {
    run: file,
    images: run.images.length,
    skipped: run.skipped,
    device: run.device,
    backbone: { id: run.backbone.id, sha256: run.backbone.sha256 },
    metrics: m && {
      image: { auroc: valueOf(m.image.auroc), f1max: valueOf(m.image.f1max), ap: valueOf(m.image.ap) },
      pixel: {
        auroc: valueOf(m.pixel.auroc),
        f1max: valueOf(m.pixel.f1max),
        ap: valueOf(m.pixel.ap),
        aupro: valueOf(m.pixel.aupro),
      },
    },
    absent: absentReasons(m),
    seconds: run.seconds,
    ranking: run.images
      .map(({ path: p, score, rawScore, truth }) => ({ path: p, score, rawScore, label: truth }))
      .sort((a, b) => b.score - a.score || b.rawScore - a.rawScore || (a.path < b.path ? -1 : 1)),
    notes: run.dataset.notes,
  };
}
