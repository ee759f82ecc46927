import { clamp } from './geometry';

/** A slider as its keys see it, in its own unit. */
export interface Slider {
  readonly at: number;
  readonly first: number;
  readonly last: number;
  /** What an arrow moves it by. */
  readonly step: number;
  /** What Shift and an arrow move it by; without it, keys with Shift are not its own. */
  readonly shiftStep?: number;
  /** What Page Up and Page Down move it by. */
  readonly page: number;
}

/** A key and what is held with it. */
export type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Where a key takes a slider; undefined: the key is none of its keys. */
export function movedByKey(
  { key, shiftKey, ctrlKey, altKey, metaKey }: Key,
  { at, first, last, step: plain, shiftStep, page }: Slider,
): number | undefined {
  const step = shiftKey ? shiftStep : plain;
  if (step === undefined || ctrlKey || altKey || metaKey) return undefined;
  const moves = new Map([
    ['ArrowLeft', at - step],
    ['ArrowDown', at - step],
    ['ArrowRight', at + step],
    ['ArrowUp', at + step],
    ['PageDown', at - page],
    ['PageUp', at + page],
    ['Home', first],
    ['End', last],
  ]);
  const to = moves.get(key);
  return to === undefined ? undefined : clamp(to, first, last);
}
