import * as l10n from '@vscode/l10n';
import type { EngineResults } from '../../protocol/engine';
import type { RunFile } from '../../protocol/run-file';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { pixelCurves } from '../metrics/pixel-curves';
import { datasetRoot } from '../run/run-folder';
import { readMaps } from '../run/run-maps';
import { keptRun } from '../run/run-kept';
import { resolveMask } from '../run/safe-path';
import { sharedWhileWanted } from '../shared-work';
import { pixelSource } from './run-metrics';

/** A run's pictures as the data set they came from. */
export function datasetOf(runPath: string, run: RunFile): Dataset {
  const images: DatasetImage[] = run.images.map(({ path, type, truth, mask }) => ({ path, type, truth, mask }));
  return {
    root: datasetRoot(runPath, run),
    layout: run.dataset.layout,
    category: run.dataset.category,
    name: run.dataset.name,
    images,
    notes: run.dataset.notes,
  };
}

/** The curves of the run that was asked about last: measuring them can take a minute, and a run has one answer. */
let last: {
  readonly key: string;
  readonly curves: (signal: AbortSignal) => Promise<EngineResults['pixelCurves']>;
} | null = null;

/**
 * ROC, PR and PRO of a run's pixels against ground truth, thinned for display; or why there are none. Measured once for all who ask at
 * the same time or later, until the last of those who wait leaves.
 */
export async function runPixelCurves(runPath: string, signal: AbortSignal): Promise<EngineResults['pixelCurves']> {
  const run = await keptRun(runPath);
  const key = `${runPath}\n${run.id}\n${run.root}`;
  if (last?.key !== key) last = { key, curves: sharedWhileWanted((stop) => measure(runPath, run, stop)) };
  return last.curves(signal);
}

async function measure(runPath: string, run: RunFile, signal: AbortSignal): Promise<EngineResults['pixelCurves']> {
  if (run.images.every((i) => i.mask === null)) return { absent: l10n.t('there are no ground-truth masks') };
  const dataset = datasetOf(runPath, run);
  const source = await pixelSource({
    dataset,
    images: dataset.images,
    sizes: run.images,
    maps: await readMaps(runPath, run),
    grid: run.grid,
    input: run.input,
    protocol: run.settings.protocol,
    maskFile: (mask) => resolveMask(dataset.root, mask), // a file of a stranger's could name any
  });
  return pixelCurves(source, { protocol: run.settings.protocol, signal });
}
