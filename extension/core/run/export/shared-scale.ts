import { type HeatScale, runScale } from '../../../protocol/heat-scale';
import type { RunFile } from '../../../protocol/run-file';
import { suggestThreshold, thresholdAtF1Max } from '../../metrics/threshold';
import { mapRange } from '../map-range';
import { readMaps } from '../run-maps';
import type { ExportJob } from './export-job';
import { scaleFromLowest } from './heat';

/**
 * The one colour scale of all pictures: a panel's, or the one that a panel would find, or that of the authors' tool. Null where each
 * picture has its own.
 */
export async function sharedScale({ runPath, run, options }: ExportJob): Promise<HeatScale | null> {
  const { scale, from, low, high, clear, full } = options;
  if (scale === 'picture') return null;
  if (low !== undefined && high !== undefined && clear !== undefined && full !== undefined)
    return { low, high, clear, full };
  if (from === 'lowest') return scaleFromLowest(await readMaps(runPath, run));
  const range = await mapRange(runPath, run);
  return range && runScale(range, heatLine(run));
}

/** What heat is drawn around: as in a panel, half way from the threshold at F1-max to the next lower score; suggested without truth. */
function heatLine({ images }: RunFile): number {
  const raw = images.map(({ rawScore }) => rawScore);
  const best = thresholdAtF1Max(
    raw,
    images.map(({ truth }) => truth),
  );
  if (best === null) return suggestThreshold(raw) ?? 0;
  const lower = raw.reduce((most, score) => (score < best ? Math.max(most, score) : most), -Infinity);
  return Number.isFinite(lower) ? (best + lower) / 2 : best;
}
