import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { COLUMNS, flatMetrics, pictureRows } from './picture-rows';
import type { ExportJob } from './export-job';

/** Excel's limit of a cell. */
const CELL = 32_767;

/** What XML can't hold, taken out: control characters and halves of surrogate pairs. */
const printable = (value: string): string =>
  Array.from(Buffer.from(value).toString().slice(0, CELL))
    .filter((c) => c >= ' ' || c === '\t' || c === '\n')
    .join('');

/** Text stays text whatever it begins with: an .xlsx tells a formula from a string by the cell's type. */
export const textCell = (value: string) => ({ value: printable(value), type: String });
const heading = (value: string) => ({ value, fontWeight: 'bold' as const });

/** An Excel workbook: ranking, metrics, settings. */
export async function runWorkbook(job: ExportJob): Promise<Uint8Array> {
  const { run } = job;
  const cell = (v: string | number | null) => (typeof v === 'string' ? textCell(v) : v);
  const ranking: SheetData = [COLUMNS.map(heading), ...pictureRows(job).map((row) => COLUMNS.map((c) => cell(row[c])))];
  const metrics: SheetData = [
    ['metric', 'value', 'undefined because'].map(heading),
    ...flatMetrics(run).map((m) => [
      textCell(m.name),
      m.value === null ? null : { value: m.value, format: '0.00%' },
      cell(m.absent),
    ]),
  ];
  const facts: [string, string | number][] = [
    ['run', run.name],
    ['created', run.createdAt],
    ['data set', run.dataset.name],
    ['pictures', run.images.length],
    ['skipped', run.skipped.length],
    ['backbone', run.backbone.name],
    ['backbone sha256', run.backbone.sha256],
    ['protocol', run.settings.protocol],
    ['taps', run.settings.taps.join(', ')],
    ['degrees', run.settings.degrees.join(', ')],
    ['keep', run.settings.keep.join(' - ')],
    ['RsCIN', run.settings.rscin === 'off' ? 'off' : run.settings.rscin.join(', ')],
    ['subsets', run.settings.subsets],
    ['input', `${run.input.width} x ${run.input.height}`],
    ['device', run.device.label],
    ['seconds', run.seconds.total],
  ];
  const settings: SheetData = facts.map(([name, value]) => [heading(name), cell(value)]);
  const widths = (...w: number[]) => w.map((width) => ({ width }));
  return writeXlsxFile([
    { data: ranking, sheet: 'Ranking', stickyRowsCount: 1, columns: widths(7, 40, 16, 9, 9, 12, 12, 8, 8) },
    { data: metrics, sheet: 'Metrics', columns: widths(16, 12, 60) },
    { data: settings, sheet: 'Settings', columns: widths(18, 60) },
  ]).toBuffer();
}
