/** A grid of patches or pixels: `height` rows, `width` columns, always in that order, row-major. */
export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** Number of cells of a grid. */
export const cells = (grid: Grid): number => grid.height * grid.width;
