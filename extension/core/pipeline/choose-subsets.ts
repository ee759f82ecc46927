import type { Backbone } from '../backbone/backbone';
import type { Log } from '../progress';
import type { ScoringEstimate } from '../scoring/estimate';
import { proposeSubsets, type SubsetProposal } from '../scoring/propose-subsets';
import type { ScoreSettings, SettledSettings } from '../settings';
import { forecastScoring } from './forecast-scoring';

/** Fewer pictures than this are never worth an estimate. */
export const WORTH_ASKING = 150;
const GB = 1e9;

const minutes = (seconds: number): string =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/** At most one subset per two pictures. */
const atMost = (asked: number, images: number): number => Math.min(asked, Math.max(1, Math.floor(images / 2)));

/** Number of subsets that a run takes where its scoring is forecast so, and what would keep it bearable; null: not worth asking. */
export function planSubsets(
  { subsets }: Pick<ScoreSettings, 'subsets'>,
  images: number,
  forecast: ((subsets: number) => ScoringEstimate) | null,
): { count: number; proposal: SubsetProposal | null } {
  if (images < WORTH_ASKING || !forecast)
    return { count: subsets === 'auto' ? 1 : atMost(subsets, images), proposal: null };
  const proposal = proposeSubsets(images, (count) => forecast(count).seconds);
  return { count: subsets === 'auto' ? proposal.count : atMost(subsets, images), proposal };
}

/**
 * Number of subsets s (paper 4.3): as asked, at most one per two pictures; 'auto' takes what keeps mutual scoring bearable
 * on this machine. For larger folders says beforehand what time, memory and disk it will take, and what subsets would bring.
 */
export async function chooseSubsets(
  settings: SettledSettings,
  images: number,
  backbone: Backbone,
  memoryBytes: number,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const forecast =
    images < WORTH_ASKING ? null : await forecastScoring(backbone, settings, images, memoryBytes, signal);
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
