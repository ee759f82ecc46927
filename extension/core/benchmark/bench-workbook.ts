import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import type { BenchFile } from '../../protocol/bench-file';
import { BENCH_METRICS } from '../../protocol/bench-metrics';
import { textCell } from '../run/export/workbook';
import { benchCaption } from './bench-text';
import { benchRows, METRIC_TITLES } from '../../protocol/bench-table';

/** A name that Excel takes for a sheet: at most 31 characters, none of []:*?/\, no apostrophe at the ends, not used before. */
export function sheetName(name: string, used: Set<string>): string {
  const plain =
    name
      .replace(/[[\]:*?/\\]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim()
      .slice(0, 26) || 'data set';
  let free = plain;
  for (let n = 2; used.has(free.toLowerCase()); n++) free = `${plain} ${n}`;
  used.add(free.toLowerCase());
  return free;
}

/** An Excel workbook, one sheet per benchmark (a data set each): ours, published and difference as percentages. */
export async function benchWorkbook(benches: readonly BenchFile[]): Promise<Uint8Array> {
  const used = new Set<string>();
  const sheets = benches.map((bench) => ({
    data: sheet(bench),
    sheet: sheetName(bench.dataset.name, used),
    stickyRowsCount: 2,
    columns: [
      { width: 18 },
      { width: 9 },
      ...BENCH_METRICS.flatMap(() => [{ width: 13 }, { width: 10 }, { width: 10 }]),
    ],
  }));
  return writeXlsxFile(sheets).toBuffer();
}

function sheet(bench: BenchFile): SheetData {
  const bold = (value: string) => ({ value, fontWeight: 'bold' as const });
  const figure = (value: number | null | undefined, strong: boolean) =>
    value === null || value === undefined
      ? null
      : { value, format: '0.00%', ...(strong ? { fontWeight: 'bold' as const } : {}) };
  return [
    [textCell(benchCaption(bench))],
    [
      'category',
      'pictures',
      ...BENCH_METRICS.flatMap((m) => [METRIC_TITLES[m], 'published', 'difference']),
      's / picture',
      'note',
    ].map(bold),
    ...benchRows(bench).map((row) => [
      row.mean ? bold('mean') : textCell(row.name),
      row.images,
      ...BENCH_METRICS.flatMap((m) => [
        figure(row.figures?.[m], row.mean),
        figure(row.published?.[m], false),
        figure(row.difference[m], false),
      ]),
      row.secondsPerImage,
      textCell(row.problem),
    ]),
  ];
}
