import type { PatchMap } from './sample';

/** A line in fractions of the picture: u0, v0, u1, v1, ... Closed when its ends meet. */
export type Line = Float32Array;

/**
 * Where the map crosses `level`, by marching squares on the patch grid (align_corners: patch (r, c) at u = c / (w - 1)).
 * The grid is framed by values below the level, so regions that touch the picture's edge are closed along it. Ambiguous
 * cells are decided by their mean. Lines are joined segments.
 */
export function contourLines(map: PatchMap, level: number): Line[] {
  const pieces: Pieces = { ends: [], at: [] };
  const { across, low, high } = blocksOf(map);
  for (let block = 0; block < low.length; block += across) {
    const crossed: number[] = [];
    for (let i = 0; i < across; i++) if (high[block + i] >= level && low[block + i] < level) crossed.push(i * BLOCK);
    const top = (block / across) * BLOCK;
    for (let y = top; y < Math.min(top + BLOCK, map.height + 1); y++)
      for (const left of crossed) cross(map, level, y - 1, left - 1, Math.min(left + BLOCK, map.width + 1) - 1, pieces);
  }
  return joined(pieces);
}

/** Adds the pieces of the line in the cells `from` to `to`, exclusive, of a row. */
function cross({ width, height, data }: PatchMap, level: number, y: number, from: number, to: number, pieces: Pieces) {
  const [sx, sy] = [Math.max(1, width - 1), Math.max(1, height - 1)];
  const [above, below] = [y >= 0, y + 1 < height];
  // Clockwise from the upper left one; what lies outside of the map is below any level.
  const corner = new Float64Array(4);
  corner[1] = above && from >= 0 ? data[y * width + from] : -Infinity;
  corner[2] = below && from >= 0 ? data[(y + 1) * width + from] : -Infinity;
  for (let x = from; x < to; x++) {
    const at = y * width + x + 1;
    const inside = x + 1 < width;
    corner[0] = corner[1];
    corner[3] = corner[2];
    corner[1] = above && inside ? data[at] : -Infinity;
    corner[2] = below && inside ? data[at + width] : -Infinity;
    const kind = kindOf(corner, level);
    if (kind === 0 || kind === 15) continue;
    for (const [first, last] of pairsOf(kind, corner, level))
      for (const edge of [first, last]) {
        const [px, py] = crossing(x, y, edge, corner, level);
        pieces.ends.push(edgeNumber(x, y, edge, width));
        pieces.at.push(fraction(px, sx), fraction(py, sy));
      }
  }
}

/** Side of a block of cells, which is passed over where its corners are all on one side of the level. */
const BLOCK = 4;

/** Lowest and highest corner of each block of cells; the first block begins at cell (-1, -1). */
interface Blocks {
  readonly across: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

const known = new WeakMap<PatchMap, Blocks>();

/** The blocks of a map, found once: a threshold is dragged through many levels. */
function blocksOf(map: PatchMap): Blocks {
  const found = known.get(map);
  if (found) return found;
  const { width, height, data } = map;
  const [across, down] = [Math.ceil((width + 1) / BLOCK), Math.ceil((height + 1) / BLOCK)];
  const low = new Float32Array(across * down).fill(Infinity);
  const high = new Float32Array(across * down).fill(-Infinity);
  for (let block = 0; block < low.length; block++) {
    const [left, top] = [(block % across) * BLOCK - 1, Math.floor(block / across) * BLOCK - 1];
    for (let y = top; y <= Math.min(top + BLOCK, height); y++)
      for (let x = left; x <= Math.min(left + BLOCK, width); x++) {
        const value = x >= 0 && y >= 0 && x < width && y < height ? data[y * width + x] : -Infinity;
        if (value < low[block]) low[block] = value;
        if (value > high[block]) high[block] = value;
      }
  }
  const blocks = { across, low, high };
  known.set(map, blocks);
  return blocks;
}

const fraction = (at: number, last: number) => Math.min(Math.max(at / last, 0), 1);

/** One bit per corner that reaches the level. */
const kindOf = (corner: Float64Array, level: number): number =>
  (corner[0] >= level ? 1 : 0) |
  (corner[1] >= level ? 2 : 0) |
  (corner[2] >= level ? 4 : 0) |
  (corner[3] >= level ? 8 : 0);

/** A number that a cell's edge shares with the same edge of the cell beside it, and with no other. */
function edgeNumber(x: number, y: number, edge: number, width: number): number {
  const cell = (left: number, top: number) => 2 * ((top + 1) * (width + 2) + left + 1);
  switch (edge) {
    case 0:
      return cell(x, y);
    case 1:
      return cell(x + 1, y) + 1;
    case 2:
      return cell(x, y + 1);
    default:
      return cell(x, y) + 1;
  }
}

/** Edges 0 top, 1 right, 2 bottom, 3 left; for each of the 16 cell kinds the edges that the line joins. */
const EDGES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[0, 2]],
  [
    [0, 1],
    [2, 3],
  ],
  [[1, 2]],
  [[1, 3]],
  [[0, 1]],
  [[0, 3]],
  [],
];

function pairsOf(kind: number, corner: Float64Array, level: number) {
  const ambiguous = kind === 5 || kind === 10;
  const middle = (corner[0] + corner[1] + corner[2] + corner[3]) / 4;
  return EDGES[ambiguous && middle >= level ? 15 - kind : kind];
}

/** Where the line crosses an edge, in cells. Both cells of an edge come to the same bits. */
function crossing(x: number, y: number, edge: number, corner: Float64Array, level: number): [number, number] {
  const part = (from: number, to: number) => partOf(corner[from], corner[to], level);
  switch (edge) {
    case 0:
      return [x + part(0, 1), y];
    case 1:
      return [x + 1, y + part(1, 2)];
    case 2:
      return [x + part(3, 2), y + 1];
    default:
      return [x, y + part(0, 3)];
  }
}

/** Beyond the border there is no value: the line runs along the border itself. */
const partOf = (from: number, to: number, level: number): number =>
  from === -Infinity ? 1 : to === -Infinity ? 0 : (level - from) / (to - from);

/** Pieces of lines: piece i runs from point `ends[2 * i]` to point `ends[2 * i + 1]`. */
export interface Pieces {
  /** Numbers of points: equal ones are the same point. */
  readonly ends: number[];
  /** u and v of every end, in fractions of the picture. */
  readonly at: number[];
}

/** Pieces joined to lines where they share a point. */
export function joined({ ends, at }: Pieces): Line[] {
  const firstAt = new Map<number, number>();
  const nextAt = new Int32Array(ends.length); // the next end at the same point, -1: none
  for (let end = ends.length - 1; end >= 0; end--) {
    nextAt[end] = firstAt.get(ends[end]) ?? -1;
    firstAt.set(ends[end], end);
  }
  const used = new Uint8Array(ends.length / 2);
  /** Walks on from an end over pieces that are still free, and takes them. */
  const follow = (line: number[], from: number) => {
    for (let point = ends[from]; ;) {
      let end = firstAt.get(point) ?? -1;
      while (end >= 0 && used[end >> 1] === 1) end = nextAt[end];
      if (end < 0) return;
      used[end >> 1] = 1;
      line.push(at[2 * (end ^ 1)], at[2 * (end ^ 1) + 1]);
      point = ends[end ^ 1];
    }
  };
  const lines: Line[] = [];
  for (let piece = 0; piece < used.length; piece++) {
    if (used[piece] === 1) continue;
    used[piece] = 1;
    const forth = at.slice(4 * piece, 4 * piece + 4);
    follow(forth, 2 * piece + 1);
    const back: number[] = [];
    follow(back, 2 * piece);
    const line = new Float32Array(back.length + forth.length);
    for (let i = 0; i < back.length; i += 2) {
      line[back.length - 2 - i] = back[i];
      line[back.length - 1 - i] = back[i + 1];
    }
    line.set(forth, back.length);
    lines.push(line);
  }
  return lines;
}
