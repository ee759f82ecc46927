import type { BenchMetric } from '../../extension/protocol/bench-metrics';
import type { BenchRow } from '../../extension/protocol/bench-table';

export type BenchColumn = 'name' | 'images' | 'seconds' | BenchMetric;

/** What figures are sorted by: themselves, or their difference to the published ones. */
export type BenchBy = 'value' | 'difference';

export interface BenchSort {
  readonly column: BenchColumn;
  readonly descending: boolean;
}

export const FIRST_SORT: BenchSort = { column: 'name', descending: false };

const names = new Intl.Collator('en', { numeric: true });

/** What a row is sorted by: a text, a number, or null where it has none. */
function keyOf(row: BenchRow, column: BenchColumn, by: BenchBy): string | number | null {
  switch (column) {
    case 'name':
      return row.name;
    case 'images':
      return row.images;
    case 'seconds':
      return row.secondsPerImage;
    default:
      return (by === 'value' ? row.figures?.[column] : row.difference[column]) ?? null;
  }
}

/** Rows in a new order; those without a value come last either way, ties keep their order. */
export function sortRows(rows: readonly BenchRow[], { column, descending }: BenchSort, by: BenchBy): BenchRow[] {
  const keyed = rows.map((row) => ({ row, key: keyOf(row, column, by) }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'string' ? names.compare(a, String(b)) : a - Number(b);
    return descending ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** The order after a click on a column's head: names upwards first, figures downwards, a second click turns it round. */
export const nextSort = (sort: BenchSort, column: BenchColumn): BenchSort =>
  sort.column === column ? { column, descending: !sort.descending } : { column, descending: column !== 'name' };

/** Whether a difference is one at the two decimals shown, and which way. */
export const trend = (difference: number | null): 'up' | 'down' | 'even' =>
  difference === null || Math.abs(difference) < 0.00005 ? 'even' : difference > 0 ? 'up' : 'down';
