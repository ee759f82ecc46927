import * as l10n from '@vscode/l10n';
import { cells, type Grid } from '../array/grid';
import { MuscError } from '../errors';
import { batchSize } from './block-plan';
import { PairMemory } from './kernel/pair-memory';
import { MOST_WASM_BYTES } from './kernel/wasm-memory';

/**
 * Throws SETTING_INVALID where two pictures can't be compared patch by patch, as their P x P products do not fit into the memory that
 * WebAssembly has. To be asked before the pictures are read. A graphics card is held against the same kernel, so it is no way out.
 */
export function requireComparable(grid: Grid, degrees: readonly number[]): void {
  const { memory } = new PairMemory(grid, degrees, batchSize(cells(grid), 'cpu'));
  if (memory.bytes <= MOST_WASM_BYTES) return;
  throw new MuscError(
    'SETTING_INVALID',
    l10n.t('a grid of {0} x {1} patches is too fine to compare', grid.height, grid.width),
    {
      hint: l10n.t('use a smaller image size'),
      options: '--image-size',
    },
  );
}
