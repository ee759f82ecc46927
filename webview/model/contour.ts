import type { PatchMap } from './sample';

/** A line in fractions of the picture: u0, v0, u1, v1, ... Closed when its ends meet. */
export type Line = Float32Array;

/**
 * Where the map crosses `level`, by marching squares on the patch grid (align_corners: patch (r, c) at u = c / (w - 1)).
 * The grid is framed by values below the level, so regions that touch the picture's edge are closed along it. Ambiguous
 * cells are decided by their mean. Lines are joined segments.
 */
export function contourLines(map: PatchMap, level: number): Line[] {
  return joined(segments(map, level));
}

function segments(map: PatchMap, level: number): number[][] {
  const { width, height } = map;
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? -Infinity : map.data[y * width + x];
  const found: number[][] = [];
  for (let y = -1; y < height; y++)
    for (let x = -1; x < width; x++) {
      // Most cells are wholly inside or outside: they must cost nothing.
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
      const kind = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      const corner = [a, b, c, d];
      const edges = pairsOf(kind, corner, level);
      for (const [a, b] of edges)
        found.push([...crossing(x, y, a, corner, level), ...crossing(x, y, b, corner, level)]);
    }
  const [sx, sy] = [Math.max(1, width - 1), Math.max(1, height - 1)];
  return found.map(([ax, ay, bx, by]) => [fraction(ax, sx), fraction(ay, sy), fraction(bx, sx), fraction(by, sy)]);
}

const fraction = (at: number, last: number) => Math.min(Math.max(at / last, 0), 1);

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

function pairsOf(kind: number, corner: readonly number[], level: number) {
  const ambiguous = kind === 5 || kind === 10;
  const middle = (corner[0] + corner[1] + corner[2] + corner[3]) / 4;
  return EDGES[ambiguous && middle >= level ? 15 - kind : kind];
}

function crossing(x: number, y: number, edge: number, corner: readonly number[], level: number): [number, number] {
  const [a, b] = [corner[edge], corner[(edge + 1) % 4]];
  // Beyond the border there is no value: the line runs along the border itself.
  const part = a === -Infinity ? 1 : b === -Infinity ? 0 : (level - a) / (b - a);
  switch (edge) {
    case 0:
      return [x + part, y];
    case 1:
      return [x + 1, y + part];
    case 2:
      return [x + 1 - part, y + 1];
    default:
      return [x, y + 1 - part];
  }
}

/** Segments u0, v0, u1, v1 joined to lines where their ends are equal. */
export function joined(found: readonly number[][]): Line[] {
  const key = (u: number, v: number) => `${u.toFixed(6)},${v.toFixed(6)}`;
  const byEnd = new Map<string, number[]>();
  found.forEach(([au, av, bu, bv], i) => {
    for (const k of [key(au, av), key(bu, bv)]) byEnd.set(k, [...(byEnd.get(k) ?? []), i]);
  });
  const used = new Uint8Array(found.length);
  const follow = (line: number[]) => {
    for (;;) {
      const [u, v] = line.slice(-2);
      const next = byEnd.get(key(u, v))?.find((i) => used[i] === 0);
      if (next === undefined) return;
      used[next] = 1;
      const [au, av, bu, bv] = found[next];
      if (key(au, av) === key(u, v)) line.push(bu, bv);
      else line.push(au, av);
    }
  };
  const lines: Line[] = [];
  for (let i = 0; i < found.length; i++) {
    if (used[i] === 1) continue;
    used[i] = 1;
    const line = [...found[i]];
    follow(line);
    const back: number[] = [];
    for (let p = line.length - 2; p >= 0; p -= 2) back.push(line[p], line[p + 1]);
    follow(back);
    lines.push(Float32Array.from(back));
  }
  return lines;
}
