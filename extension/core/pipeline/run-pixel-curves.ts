import * as l10n from '@vscode/l10n';
import type { EngineResults } from '../../protocol/engine';
import type { RunFile } from '../../protocol/run-file';
import type { Dataset, DatasetImage } from '../dataset/dataset';
import { pixelCurves } from '../metrics/pixel-curves';
import { datasetRoot } from '../run/run-folder';
import { readMaps } from '../run/run-maps';
import { keptRun } from '../run/run-kept';
import { resolveMask } from '../run/safe-path';
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

/** The curves of the run that was asked about last: measuring them takes seconds, and a run has one answer. */
let last: { readonly run: RunFile; readonly curves: EngineResults['pixelCurves'] } | null = null;

/** ROC, PR and PRO of a run's pixels against ground truth, thinned for display; or why there are none. */
export async function runPixelCurves(runPath: string, signal: AbortSignal): Promise<EngineResults['pixelCurves']> {
  const run = await keptRun(runPath);
  if (last?.run !== run) last = { run, curves: await measure(runPath, run, signal) };
  return last.curves;
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
