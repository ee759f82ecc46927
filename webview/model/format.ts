import type { Figure } from './curve';

/** Decimals of a score. */
const SCORE_DECIMALS = 3;
/** Half a unit of a score's last decimal. */
export const HALF_SCORE_UNIT = 0.5 * 10 ** -SCORE_DECIMALS;

/** 0.9834 -> "0.983". */
export const score = (value: number) => (Number.isFinite(value) ? value.toFixed(SCORE_DECIMALS) : '–');

/** A score as the number that is shown of it: 0.9834 -> 0.983. */
export const shownScore = (value: number) => Number(value.toFixed(SCORE_DECIMALS));

/** A fraction as the field writes it, in percent with one decimal: 0.9834 -> "98.3". */
export const percent = (value: number) => (value * 100).toFixed(1);

export const figure = (f: Figure) => ('value' in f ? percent(f.value) : '–');

// Made once: a formatter costs more to make than a thousand numbers to format.
const counts = new Intl.NumberFormat('en-US');
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 1234 -> "1,234". */
export const count = (n: number) => counts.format(n);

/** How many a second: 1234.5 -> "1,235", 3.21 -> "3.2", 0.02 -> "< 0.1". */
export function rate(perSecond: number): string {
  if (perSecond < 0.1) return '< 0.1';
  // Rounded before it is told apart: 9.96 is ten.
  const tenths = Math.round(perSecond * 10) / 10;
  return tenths < 10 ? tenths.toFixed(1) : count(Math.round(perSecond));
}

/** 72.4 s -> "1 min 12 s". */
export function seconds(s: number): string {
  if (s < 1) return '< 1 s';
  if (s < 10) return `${s.toFixed(1)} s`;
  // Rounded before it is split: 119.6 s are two minutes.
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "24 Nov, 14:02" in local time. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${days.format(date)}, ${times.format(date)}`;
}

/** The last part of a path of any system: "hazelnut". */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** The last two parts of a path: "colour/006.jpg". */
export function shortPath(path: string): string {
  return path.split('/').slice(-2).join('/');
}
