import * as l10n from '@vscode/l10n';
import * as format from './format';
import type { Bin, Histogram } from './histogram';
import type { Confusion } from './verdict';

/** What a screen reader says of the histogram of `size` scores. */
export function histogramName({ min, max }: Histogram, size: number, squeezed: boolean): string {
  const values = [format.count(size), format.score(min), format.score(max)];
  return squeezed
    ? l10n.t('Histogram of {0} scores, from {1} to {2}, heights by square root: arrow keys read counts', ...values)
    : l10n.t('Histogram of {0} scores, from {1} to {2}: arrow keys read counts', ...values);
}

/** What the counts of a bin are called. */
export function binText({ from, to, good, defect, unknown }: Bin): string {
  const known = good + defect > 0 ? [l10n.t('{0} good, {1} defect', ...[good, defect].map(format.count))] : [];
  const counts = [...known, ...(unknown > 0 ? [l10n.t('{0} unknown', format.count(unknown))] : [])].join(', ');
  return `${format.score(from)} – ${format.score(to)}: ${counts || l10n.t('none')}`;
}

/** A threshold and how many images of `size` it flags, where nothing more is known of them. */
export const flaggedText = (value: number, flagged: number, size: number): string =>
  l10n.t('{0}, {1} above, {2} below', format.score(value), ...[flagged, size - flagged].map(format.count));

/** A threshold and what it makes of the images. */
export const thresholdText = (value: number, { hit, missed, falseAlarm }: Confusion): string =>
  l10n.t(
    '{0}, {1} hit, {2} missed, {3} false alarms',
    format.score(value),
    ...[hit, missed, falseAlarm].map(format.count),
  );
