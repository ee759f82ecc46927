import type { Grid } from '../../array/grid';
import { findRegions } from '../../metrics/regions';

/** A region as COCO writes it. */
export interface CocoRegion {
  /** x, y, width, height in pixels. */
  readonly bbox: [number, number, number, number];
  /** Pixels. */
  readonly area: number;
  /** Uncompressed run lengths, column by column, beginning with zeros. */
  readonly segmentation: { readonly size: [height: number, width: number]; readonly counts: number[] };
}

/** The 8-connected regions of a mask, each on its own. */
export function cocoRegions(mask: Uint8Array, grid: Grid): CocoRegion[] {
  const { count, runs, areas } = findRegions(mask, grid);
  const rows: [x: number, end: number, y: number][][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < runs.length; i += 3) {
    const y = Math.floor(runs[i] / grid.width);
    rows[runs[i + 2]].push([runs[i] - y * grid.width, runs[i + 1] - y * grid.width, y]);
  }
  return rows.map((region, r) => {
    const left = region.reduce((m, [x]) => Math.min(m, x), grid.width);
    const right = region.reduce((m, [, end]) => Math.max(m, end), 0);
    const top = region[0][2];
    const bottom = region[region.length - 1][2] + 1;
    const box = { height: bottom - top, width: right - left };
    const filled = new Uint8Array(box.height * box.width); // column by column
    for (const [x, end, y] of region)
      for (let column = x; column < end; column++) filled[(column - left) * box.height + (y - top)] = 1;
    return {
      bbox: [left, top, box.width, box.height],
      area: areas[r],
      segmentation: { size: [grid.height, grid.width], counts: runLengths(filled, box, left, top, grid) },
    };
  });
}

/** The highest value that a map of the picture's size has on a region's own pixels. */
export function highestIn({ segmentation: { size, counts } }: CocoRegion, map: Float32Array): number {
  const [height, width] = size;
  let highest = -Infinity;
  let at = 0; // column by column
  for (const [i, n] of counts.entries()) {
    if (i % 2 === 1)
      for (let k = at; k < at + n; k++) highest = Math.max(highest, map[(k % height) * width + Math.floor(k / height)]);
    at += n;
  }
  return highest;
}

/** Run lengths of a whole picture, column by column, that is zero but for the `box` at `left`, `top`. */
function runLengths(filled: Uint8Array, box: Grid, left: number, top: number, grid: Grid): number[] {
  const counts: number[] = [];
  let value = 0;
  let length = 0;
  const add = (v: number, n: number): void => {
    if (n === 0) return;
    if (v === value) length += n;
    else {
      counts.push(length);
      [value, length] = [v, n];
    }
  };
  add(0, left * grid.height);
  for (let column = 0; column < box.width; column++) {
    add(0, top);
    for (let y = 0; y < box.height; y++) add(filled[column * box.height + y], 1);
    add(0, grid.height - top - box.height);
  }
  add(0, (grid.width - left - box.width) * grid.height);
  counts.push(length);
  return counts;
}
