import type { Grid } from '../array/grid';

/** Connected regions of a mask, as horizontal runs. */
export interface Regions {
  /** Number of regions. */
  readonly count: number;
  /** Three numbers a run: first cell, cell after the last, region; row-major cells, ascending, never across rows. */
  readonly runs: Int32Array;
  /** Number of cells of each region. */
  readonly areas: Float64Array;
}

/** Finds the regions of non-zero cells; cells that touch at an edge or a corner belong together (8-connected). */
export function findRegions(mask: Uint8Array, grid: Grid): Regions {
  const runs: number[] = [];
  const parent: number[] = [];
  const find = (a: number): number => {
    while (parent[a] !== a) a = parent[a] = parent[parent[a]];
    return a;
  };
  let above = 0; // first run of the row above
  let aboveEnd = 0;
  for (let y = 0; y < grid.height; y++) {
    const rowStart = parent.length;
    const base = y * grid.width;
    let candidate = above;
    for (let x = 0; x < grid.width; x++) {
      if (mask[base + x] === 0) continue;
      const from = x;
      while (x < grid.width && mask[base + x] !== 0) x++;
      const id = parent.length;
      parent.push(id);
      runs.push(base + from, base + x, id);
      // a run above touches when it reaches to the column before `from` or begins no later than column `x`
      const left = base - grid.width + from;
      const right = base - grid.width + x;
      while (candidate < aboveEnd && runs[candidate * 3 + 1] < left) candidate++;
      for (let c = candidate; c < aboveEnd && runs[c * 3] <= right; c++) parent[find(c)] = find(id);
    }
    above = rowStart;
    aboveEnd = parent.length;
  }
  return number(runs, find);
}

/** Numbers the regions in reading order of their first cell. */
function number(runs: readonly number[], find: (run: number) => number): Regions {
  const numbers = new Map<number, number>();
  const areas: number[] = [];
  const result = Int32Array.from(runs);
  for (let i = 0; i < runs.length; i += 3) {
    const root = find(runs[i + 2]);
    let region = numbers.get(root);
    if (region === undefined) {
      region = areas.push(0) - 1;
      numbers.set(root, region);
    }
    areas[region] += runs[i + 1] - runs[i];
    result[i + 2] = region;
  }
  return { count: areas.length, runs: result, areas: Float64Array.from(areas) };
}
