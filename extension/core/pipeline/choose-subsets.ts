import type { Backbone } from '../backbone/backbone';
import type { Log } from '../progress';
import type { ScoreSettings } from '../settings';

/** Pictures per subset that 'auto' aims at: the paper's smallest effect on figures at this size. */
const COMFORTABLE = 400;

/** Number of subsets s (paper 4.3): as asked, at most one per two pictures. */
export function chooseSubsets(asked: ScoreSettings['subsets'], images: number, _backbone: Backbone, log: Log): number {
  const count = asked === 'auto' ? Math.max(1, Math.ceil(images / COMFORTABLE)) : asked;
  const possible = Math.max(1, Math.min(count, Math.floor(images / 2)));
  if (possible > 1) log('info', `Scoring in ${possible} subsets of about ${Math.round(images / possible)} pictures.`);
  return possible;
}
