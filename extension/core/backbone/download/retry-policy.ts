/** Attempts in a row that may bring no new byte before giving up. */
export const FRUITLESS_ATTEMPTS = 5;
/** Times that a file may turn out to have changed under way. */
export const CHANGES_ALLOWED = 2;

const FIRST_DELAY = 500; // ms
const LONGEST_DELAY = 30_000; // ms

/**
 * Milliseconds to wait before the next attempt after `failures` fruitless ones in a row: doubling, with up to 25 % of `random`
 * (0..1) on top so that many clients don't come back together; a server's own wish (`retryAfter`, seconds) counts if longer.
 */
export function retryDelay(failures: number, retryAfter: number | null, random: number): number {
  const doubling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.max(0, failures - 1));
  return Math.min(LONGEST_DELAY, Math.max(doubling * (1 + random / 4), (retryAfter ?? 0) * 1000));
}

/** Answers that may be better the next time: too many requests, time-outs, a server in trouble. */
export const mayRecover = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/** Seconds of a Retry-After header, given as a number or a date; null where it says nothing usable. */
export function retryAfterSeconds(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
