/** Narrowest picture per size, px. */
const NARROWEST: Readonly<Record<'S' | 'M' | 'L', number>> = { S: 84, M: 112, L: 204 };
/** A cell's padding and border on one side, px. */
export const CELL_INSET = 6;
const CELL_EDGE = 2 * CELL_INSET;
export const GAP = 8;
export const PADDING = 8;
/** Below the picture: score bar and text, px. */
const CAPTION = 29;

/** How cells lie in the grid, px. */
export interface GridLayout {
  readonly columns: number;
  /** Width of a cell. */
  readonly cell: number;
  readonly height: number;
  /** From one row to the next. */
  readonly stride: number;
}

/** As many columns as fit, all of the width used but for a few pixels: a cell's width is even, as heat is drawn in halves. `width`: of the scrolling element. */
export function gridLayout(size: 'S' | 'M' | 'L', width: number): GridLayout {
  const minimum = NARROWEST[size] + CELL_EDGE;
  const inner = Math.max(minimum, width - 2 * PADDING);
  const columns = Math.max(1, Math.floor((inner + GAP) / (minimum + GAP)));
  const cell = 2 * Math.floor((inner - (columns - 1) * GAP) / columns / 2);
  return { columns, cell, height: cell + CAPTION, stride: cell + CAPTION + GAP };
}

/** Side of the square that a cell's picture is fitted into, px. */
export const pictureSide = (cell: number): number => cell - CELL_EDGE;

/** Height of everything that is scrolled, px. */
export const gridHeight = ({ stride }: GridLayout, rows: number): number =>
  Math.max(0, rows * stride - GAP) + 2 * PADDING;

/** The small pictures that a cell needs: their longest side, px. More than two device pixels per pixel are not seen. */
export function thumbnailSize({ cell }: GridLayout, pixelRatio: number): 128 | 256 | 512 {
  const pixels = cell * Math.min(pixelRatio, 2);
  return pixels <= 140 ? 128 : pixels <= 300 ? 256 : 512;
}

/** Place of the first image in sight. `top`: px that are scrolled. */
export const firstPlace = ({ columns, stride }: GridLayout, top: number): number =>
  Math.floor(Math.max(0, top - PADDING) / stride) * columns;

/** Where to scroll so that the row of this place is the first in sight: `top` where it is already. */
export function topOfPlace(layout: GridLayout, place: number, top: number): number {
  const row = Math.floor(place / layout.columns);
  return firstPlace(layout, top) === row * layout.columns ? top : row * layout.stride + (row > 0 ? PADDING : 0);
}

/** Where to scroll so that the row of place `at` is in sight; null: it is. */
export function scrollTo(layout: GridLayout, at: number, top: number, height: number): number | null {
  const row = PADDING + Math.floor(at / layout.columns) * layout.stride;
  if (row < top) return row - PADDING;
  return row + layout.stride > top + height ? row + layout.stride - height : null;
}

/**
 * The places, from the first up to but not including the second, of rows of which at least half is in sight, or half of what fits.
 * `top`: px that are scrolled; `height`: px in sight.
 */
export function placesInSight(
  { columns, stride }: GridLayout,
  top: number,
  height: number,
): [from: number, to: number] {
  if (height === 0) return [0, 0];
  const half = Math.min(stride, height) / 2;
  const from = Math.max(0, Math.ceil((top - PADDING + half) / stride) - 1);
  const to = Math.floor((top - PADDING + height - half) / stride) + 1;
  return [from * columns, Math.max(from, to) * columns];
}
