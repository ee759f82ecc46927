import * as l10n from '@vscode/l10n';
import { cells, type Grid } from '../array/grid';
import { MuscError } from '../errors';

/**
 * How a family maps new patch coordinates to old ones (SPEC 2): CLIP by the sizes, `old / new`; DINO and DINOv2 hand
 * PyTorch the scale `(new + 0.1) / old`, and PyTorch uses that scale, not the sizes.
 */
export type PositionRule = 'size' | 'scale_plus_0.1';

/** A position table: `prefix` rows (class token, registers) that are never resized, then `grid` row-major; C channels. */
export interface PositionTable {
  readonly data: Float32Array;
  readonly prefix: number;
  readonly grid: Grid;
  readonly channels: number;
}

/** PyTorch's bicubic coefficient (Pillow uses -0.5). */
const A = -0.75;

/** Four neighbours and their weights for every new cell along one axis; border indices are clamped, nothing is antialiased. */
interface Axis {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

function axis(from: number, to: number, rule: PositionRule): Axis {
  const ratio = Math.fround(rule === 'size' ? from / to : from / (to + 0.1));
  const index = new Int32Array(to * 4);
  const weight = new Float64Array(to * 4);
  for (let i = 0; i < to; i++) {
    const source = from === to ? i : (i + 0.5) * ratio - 0.5;
    const base = Math.floor(source);
    for (let k = 0; k < 4; k++) {
      index[i * 4 + k] = Math.min(from - 1, Math.max(0, base - 1 + k));
      weight[i * 4 + k] = keys(source - (base - 1 + k));
    }
  }
  return { index, weight };
}

/** Keys' cubic convolution kernel. */
function keys(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return ((x - 5) * x + 8) * x * A - 4 * A;
  return 0;
}

/**
 * The table for another patch grid: prefix rows untouched, the rest resized bicubically (a = -0.75, no antialias) per
 * channel, to `prefix + to.height * to.width` rows of C. Returned as it is when the grid does not change.
 * Throws BACKBONE_INVALID where the table's length does not fit its grid.
 */
export function resizePositions(table: PositionTable, to: Grid, rule: PositionRule): Float32Array {
  const { data, prefix, grid, channels: C } = table;
  if (data.length !== (prefix + cells(grid)) * C || cells(to) < 1)
    throw new MuscError(
      'BACKBONE_INVALID',
      l10n.t(
        'a position table of {0} values does not fit {1} + {2} x {3} rows of {4}',
        data.length,
        prefix,
        grid.height,
        grid.width,
        C,
      ),
    );
  if (grid.height === to.height && grid.width === to.width) return data;
  const y = axis(grid.height, to.height, rule);
  const x = axis(grid.width, to.width, rule);
  const wide = new Float64Array(grid.height * to.width * C);
  for (let row = 0; row < grid.height; row++)
    for (let column = 0; column < to.width; column++) {
      const target = (row * to.width + column) * C;
      for (let k = column * 4; k < column * 4 + 4; k++) {
        const source = (prefix + row * grid.width + x.index[k]) * C;
        for (let c = 0; c < C; c++) wide[target + c] += x.weight[k] * data[source + c];
      }
    }
  const out = new Float64Array(cells(to) * C);
  const stride = to.width * C;
  for (let row = 0; row < to.height; row++)
    for (let k = row * 4; k < row * 4 + 4; k++) {
      const source = y.index[k] * stride;
      for (let i = 0; i < stride; i++) out[row * stride + i] += y.weight[k] * wide[source + i];
    }
  const result = new Float32Array((prefix + cells(to)) * C);
  result.set(data.subarray(0, prefix * C));
  result.set(out, prefix * C);
  return result;
}
