import { l10n } from 'vscode';

const MINUTE = 60; // seconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the largest fitting unit: "now", "5 min ago", "3 days ago"; dates beyond a month. */
export function ageText(then: Date, now: Date): string {
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (seconds < MINUTE) return l10n.t('now');
  if (seconds < HOUR) return l10n.t('{0} min ago', Math.floor(seconds / MINUTE));
  if (seconds < DAY) return l10n.t('{0} h ago', Math.floor(seconds / HOUR));
  if (seconds < 2 * DAY) return l10n.t('yesterday');
  if (seconds < 31 * DAY) return l10n.t('{0} days ago', Math.floor(seconds / DAY));
  return then.toLocaleDateString();
}
