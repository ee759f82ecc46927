import * as l10n from '@vscode/l10n';
import type { Size } from './geometry';
import { patchAt, patchCentre, sampleAt, type PatchMap } from './sample';

/** What a place in the picture holds. */
export interface Reading {
  /** Picture pixel. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly row: number;
  readonly column: number;
}

/** The place at fractions (u, v) of the picture. */
export function readingAt(map: PatchMap, picture: Size, { u, v }: { u: number; v: number }): Reading {
  const pixel = (f: number, n: number) => Math.min(n - 1, Math.floor(f * n));
  const [x, y] = [pixel(u, picture.width), pixel(v, picture.height)];
  return { x, y, value: sampleAt(map, u, v), ...patchAt(map, u, v) };
}

/** The place where a patch has its weight. */
export const readingOf = (map: PatchMap, picture: Size, { row, column }: { row: number; column: number }): Reading =>
  readingAt(map, picture, patchCentre(map, row, column));

/** A reading in a line; `values`: at the same place in maps side by side, null where one is not there. */
export function readingText(
  { x, y, value, row, column }: Reading,
  values: readonly (number | null)[] = [value],
): string {
  const text = values.map((one) => one?.toFixed(3) ?? '–').join(' | ');
  return l10n.t('x {0} y {1} · {2} · patch {3}, {4}', x, y, text, row, column);
}
