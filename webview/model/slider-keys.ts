import { clamp } from './geometry';

/** A slider as its keys see it, in its own unit. */
export interface Slider {
  readonly at: number;
  readonly first: number;
  readonly last: number;
  /** What an arrow moves it by. */
  readonly step: number;
  /** What Page Up and Page Down move it by. */
  readonly page: number;
}

/** Where a key takes a slider; undefined: the key is none of its keys. */
export function movedByKey(key: string, { at, first, last, step, page }: Slider): number | undefined {
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
