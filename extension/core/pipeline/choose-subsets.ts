import type { Backbone } from '../backbone/backbone';
import type { Log } from '../progress';
import { proposeSubsets } from '../scoring/propose-subsets';
import type { ScoreSettings } from '../settings';
import { forecastScoring } from './forecast-scoring';

/** Fewer pictures than this are never worth an estimate. */
const WORTH_ASKING = 150;
const GB = 1e9;

const minutes = (seconds: number): string =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/**
 * Number of subsets s (paper 4.3): as asked, at most one per two pictures; 'auto' takes what keeps mutual scoring bearable
 * on this machine. For larger folders says beforehand what time, memory and disk it will take, and what subsets would bring.
 */
export async function chooseSubsets(
  settings: ScoreSettings,
  images: number,
  backbone: Backbone,
  memoryBytes: number,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const most = Math.max(1, Math.floor(images / 2));
  if (images < WORTH_ASKING) return settings.subsets === 'auto' ? 1 : Math.min(settings.subsets, most);
  const estimate = await forecastScoring(backbone, settings, images, memoryBytes, signal);
  const proposal = proposeSubsets(images, (subsets) => estimate(subsets).seconds);
  const count = settings.subsets === 'auto' ? proposal.count : Math.min(settings.subsets, most);
  const { seconds, memoryBytes: memory, diskBytes } = estimate(count);
  log(
    'info',
    `Comparing ${images} pictures${count > 1 ? ` in ${count} subsets` : ''} will take about ${minutes(seconds)}, ${(memory / GB).toFixed(1)} GB of memory${diskBytes > 0 ? ` and ${(diskBytes / GB).toFixed(1)} GB of disk` : ''}.`,
  );
  if (settings.subsets === 'auto') log('info', proposal.effect);
  else if (proposal.count > count)
    log('info', `With ${proposal.count} subsets it would take about ${minutes(proposal.seconds)}. ${proposal.effect}`);
  return count;
}
