import { type HeatScale, runScale } from '../../../protocol/heat-scale';
import { mapThreshold, sortedScores } from '../../../protocol/map-threshold';
import type { RunFile } from '../../../protocol/run-file';
import { ownThreshold } from '../../metrics/threshold';
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

/**
 * What heat is drawn around: as in a panel, half way from the threshold at F1-max to the next lower score of a known class, suggested
 * without truth; of final scores, carried over to maps.
 */
function heatLine({ images }: RunFile): number {
  const table = {
    score: Float64Array.from(images, ({ score }) => score),
    rawScore: Float64Array.from(images, ({ rawScore }) => rawScore),
  };
  const own = ownThreshold(
    table.score,
    images.map(({ truth }) => truth),
  );
  const best = own.value ?? 0; // of a run without pictures
  const lower =
    own.from === 'f1max'
      ? images.reduce((most, { score, truth }) => (truth && score < best ? Math.max(most, score) : most), -Infinity)
      : -Infinity;
  const { score, raw, same } = sortedScores(table);
  return mapThreshold(Number.isFinite(lower) ? (best + lower) / 2 : best, score, raw, same);
}
