import * as l10n from '@vscode/l10n';

/** A division into subsets, with what to expect of it. */
export interface SubsetProposal {
  readonly count: number;
  /** Seconds of mutual scoring. */
  readonly seconds: number;
  /** For people: one sentence. */
  readonly effect: string;
}

/** Mutual scoring that takes no longer than this is not divided, seconds. */
const PATIENCE = 20 * 60;
/** Subsets are not made smaller than this: k = 0.3 (N - 1) nearest images must stay a solid basis. */
const SMALLEST = 100;

/**
 * How many subsets (paper 4.3, SPEC 7) to use for `images` pictures: 1 while all pairs take up to `patience` seconds, otherwise as few
 * as needed for that, but none under 100 images. `secondsFor` estimates the time for a number of subsets.
 */
export function proposeSubsets(
  images: number,
  secondsFor: (subsets: number) => number,
  patience = PATIENCE,
): SubsetProposal {
  const most = Math.max(1, Math.floor(images / SMALLEST));
  let count = 1;
  while (count < most && secondsFor(count) > patience) count++;
  return { count, seconds: secondsFor(count), effect: effectOf(images, count) };
}

function effectOf(images: number, count: number): string {
  if (count === 1) return l10n.t('All {0} pictures are compared with each other: the exact method.', images);
  return l10n.t(
    'Each picture is compared with about {0} others instead of {1}: {2} times faster, slightly noisier scores, and defects that recur in over 30 % of a subset look normal there.',
    Math.floor(images / count) - 1,
    images - 1,
    count,
  );
}
