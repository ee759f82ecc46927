import { cells, type Grid } from '../../array/grid';

/** Cosines and sines of the angles by which tokens are turned: `tokens` rows of `half` values, half of a head's channels. */
export interface RotaryTable {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  readonly tokens: number;
  readonly half: number;
}

/** Base of the frequencies in every published DINOv3. */
const BASE = 100;

/**
 * Rotary positions of DINOv3 for a grid: patch centres in -1..1 along each side; the first half of the angles turns with the row,
 * the second with the column, by 2 pi c / 100^(4 k / head size). The `prefix` tokens before the patches are not turned.
 */
export function rotaryTable(grid: Grid, prefix: number, headSize: number): RotaryTable {
  const half = headSize / 2;
  const quarter = headSize / 4;
  const tokens = prefix + cells(grid);
  const cos = new Float32Array(tokens * half).fill(1);
  const sin = new Float32Array(tokens * half);
  for (let row = 0; row < grid.height; row++)
    for (let column = 0; column < grid.width; column++) {
      const at = (prefix + row * grid.width + column) * half;
      const centre = [(2 * (row + 0.5)) / grid.height - 1, (2 * (column + 0.5)) / grid.width - 1];
      for (let k = 0; k < half; k++) {
        const angle = 2 * Math.PI * centre[Math.floor(k / quarter)] * BASE ** (-(k % quarter) / quarter);
        cos[at + k] = Math.cos(angle);
        sin[at + k] = Math.sin(angle);
      }
    }
  return { cos, sin, tokens, half };
}
