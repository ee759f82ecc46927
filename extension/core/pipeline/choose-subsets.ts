import type { Dataset } from '../dataset/dataset';
import type { Backbone } from '../backbone/backbone';
import type { Log } from '../progress';
import { roughSeconds, type ScoringEstimate } from '../scoring/estimate';
import { proposeSubsets, type SubsetProposal } from '../scoring/propose-subsets';
import type { ScoreSettings, SettledSettings } from '../settings';
import { forecastScoring } from './forecast-scoring';
import { roomForTable } from './score-memory';

/** Scoring of fewer pictures, or that takes less by a rough count, is not worth a calibration of seconds. */
const FEW = 150;
const SHORT = 60;
const GB = 1e9;

const minutes = (seconds: number): string =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/** At most one subset per two pictures. */
const atMost = (asked: number, images: number): number => Math.min(asked, Math.max(1, Math.floor(images / 2)));

/** Whether a run calibrates before it settles on subsets. */
export const worthAsking = ({ grid, channels }: Backbone, { threads }: SettledSettings, images: number): boolean =>
  images >= FEW && roughSeconds({ grid, channels, threads }, images) > SHORT;

/** Number of subsets that a run takes where its scoring is forecast so, and what would keep it bearable; null: not worth asking. */
export function planSubsets(
  { subsets }: Pick<ScoreSettings, 'subsets'>,
  images: number,
  forecast: ((subsets: number) => ScoringEstimate) | null,
): { count: number; proposal: SubsetProposal | null } {
  if (!forecast) return { count: subsets === 'auto' ? 1 : atMost(subsets, images), proposal: null };
  const proposal = proposeSubsets(images, (count) => forecast(count).seconds);
  return { count: subsets === 'auto' ? proposal.count : atMost(subsets, images), proposal };
}

/**
 * Number of subsets s (paper 4.3): as asked, at most one per two pictures; 'auto' takes what keeps mutual scoring bearable
 * on this machine. For larger folders says beforehand what time, memory and disk it will take, and what subsets would bring.
 */
export async function chooseSubsets(
  settings: SettledSettings,
  dataset: Dataset,
  backbone: Backbone,
  memoryBytes: number,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const images = dataset.images.length;
  const forecast = worthAsking(backbone, settings, images)
    ? await forecastScoring(
        backbone,
        settings,
        images,
        memoryBytes,
        signal,
        await roomForTable(dataset.root).catch(() => 0),
      )
    : null;
  const { count, proposal } = planSubsets(settings, images, forecast);
  if (!forecast || !proposal) return count;
  const { seconds, memoryBytes: memory, diskBytes } = forecast(count);
  log(
    'info',
    `Comparing ${images} pictures${count > 1 ? ` in ${count} subsets` : ''} will take about ${minutes(seconds)}, ${(memory / GB).toFixed(1)} GB of memory${diskBytes > 0 ? ` and ${(diskBytes / GB).toFixed(1)} GB of disk` : ''}.`,
  );
  if (settings.subsets === 'auto') log('info', proposal.effect);
  else if (proposal.count > count)
    log('info', `With ${proposal.count} subsets it would take about ${minutes(proposal.seconds)}. ${proposal.effect}`);
  return count;
}
