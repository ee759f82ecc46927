import { l10n } from 'vscode';
import type { ProgressMessage } from '../protocol/engine';
import { countsPictures, type Stage } from '../protocol/stage';

/** A stage in words. */
function stageText(stage: Stage): string {
  switch (stage) {
    case 'discover':
      return l10n.t('Looking for pictures');
    case 'load':
      return l10n.t('Loading the backbone');
    case 'features':
      return l10n.t('Reading pictures');
    case 'scoring':
      return l10n.t('Comparing pictures');
    case 'metrics':
      return l10n.t('Computing metrics');
    case 'write':
      return l10n.t('Writing the run');
  }
}

/** A stage in one word, for where there is little room. */
function stageWord(stage: Stage): string {
  switch (stage) {
    case 'discover':
      return l10n.t('Looking');
    case 'load':
      return l10n.t('Loading');
    case 'features':
      return l10n.t('Reading');
    case 'scoring':
      return l10n.t('Comparing');
    case 'metrics':
      return l10n.t('Measuring');
    case 'write':
      return l10n.t('Writing');
  }
}

/** Seconds in words, coarse enough to stay still: "8 s", "3 min", "2 h 10 min". */
export function durationText(seconds: number): string {
  if (seconds < 60) return l10n.t('{0} s', Math.max(1, Math.round(seconds)));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min', minutes);
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** "Reading pictures, 12 of 51, 8 s left", "Comparing pictures, 25 %, 8 s left"; of a benchmark "cable (2 of 15), Reading pictures, ...". */
export function progressText(progress: ProgressMessage | null): string {
  if (!progress) return l10n.t('Starting');
  const { stage, done, total, secondsLeft, part } = progress;
  const parts = part ? [l10n.t('{0} ({1} of {2})', part.name, part.index + 1, part.count)] : [];
  parts.push(stageText(stage));
  if (total > 1) parts.push(countsPictures(stage) ? l10n.t('{0} of {1}', done, total) : percentText(done, total));
  if (secondsLeft !== null && secondsLeft >= 1) parts.push(l10n.t('{0} left', durationText(secondsLeft)));
  return parts.join(', ');
}

/** The same without the time and a benchmark's category, as short as it can be said: "Reading 12/51", "Comparing 25 %". */
export function shortProgress(progress: ProgressMessage | null): string {
  if (!progress) return l10n.t('Starting');
  const { stage, done, total } = progress;
  if (total <= 1) return stageWord(stage);
  return `${stageWord(stage)} ${countsPictures(stage) ? `${done}/${total}` : percentText(done, total)}`;
}

const percentText = (done: number, total: number): string => `${Math.floor((100 * done) / total)} %`;

/** Each stage's share of a run's bar, in percent: reading and comparing take nearly all of the time. */
const SHARE: readonly (readonly [stage: Stage, start: number, share: number])[] = [
  ['discover', 0, 1],
  ['load', 1, 4],
  ['features', 5, 45],
  ['scoring', 50, 40],
  ['metrics', 90, 7],
  ['write', 97, 3],
];

/** How far a run or a benchmark is, 0..100: never goes back while stages come in order. */
export function progressPercent(progress: ProgressMessage | null): number {
  const entry = progress && SHARE.find(([stage]) => stage === progress.stage);
  if (!entry) return 0;
  const [, start, share] = entry;
  const percent = start + share * (progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0);
  return progress.part ? (100 * progress.part.index + percent) / progress.part.count : percent;
}
