import type { Facts } from '../../../webview/model/filter';
import { DEFECT, GOOD, NONE, tableOf, type Table } from '../../../webview/model/table';

/** A table from short rows: score, truth, type, raw score. */
export function tableFrom(
  rows: readonly { score: number; truth?: 'good' | 'defect' | null; type?: string; path?: string; raw?: number }[],
): Table {
  return tableOf({
    images: rows.map((r, i) => ({
      path: r.path ?? `${r.type ?? 'x'}/${i}.png`,
      type: r.type ?? '',
      truth: r.truth ?? null,
      mask: null,
      bytes: 1,
      modified: 0,
      width: 10,
      height: 10,
      score: r.score,
      rawScore: r.raw ?? r.score,
    })),
  });
}

/** Facts about a table with labels in short: g, d, u, or a dot for none. */
export function factsFrom(table: Table, labels: string, threshold: number): Facts {
  const column = Int8Array.from(labels, (c) => ({ g: GOOD, d: DEFECT, u: 2 })[c] ?? NONE);
  return { table, labels: column, classes: table.truth, threshold, missing: new Set(), changed: new Set() };
}
