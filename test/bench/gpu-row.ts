import type { BenchRow } from './bench-row';

/** Takes a figure at once, so that a driver that dies later does not take it along. */
export type AddRow = (row: Omit<BenchRow, 'group'>) => void;

/** Says that something was not measured, and why. */
export function notRun(add: AddRow, what: string, reason: unknown): void {
  add({ name: `not run: ${what}`, value: 0, unit: 'parts', note: explain(reason) });
}

/** An error's message with those of its causes; anything else as it is. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}
