import { joined, type Line, type Pieces } from './contour';

/** A mask: 0 or 1 per pixel, row-major. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The borders between marked and unmarked pixels as lines in fractions of the picture. Exact to the pixel, holes included.
 */
export function outlineLines({ width, height, data }: Mask): Line[] {
  const runs: Pieces = { ends: [], at: [] };
  const add = (...corners: [number, number][]) => {
    for (const [x, y] of corners) {
      runs.ends.push(y * (width + 1) + x);
      runs.at.push(x / width, y / height);
    }
  };
  const on = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  for (let y = 0; y <= height; y++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const border = x < width && on(x, y) !== on(x, y - 1);
      if (border && start < 0) start = x;
      if (!border && start >= 0) {
        add([start, y], [x, y]);
        start = -1;
      }
    }
  }
  for (let x = 0; x <= width; x++) {
    let start = -1;
    for (let y = 0; y <= height; y++) {
      const border = y < height && on(x, y) !== on(x - 1, y);
      if (border && start < 0) start = y;
      if (!border && start >= 0) {
        add([x, start], [x, y]);
        start = -1;
      }
    }
  }
  return joined(runs);
}
