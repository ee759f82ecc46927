import * as l10n from '@vscode/l10n';
import { BENCH_FORMATS, type BenchFormat } from '../../protocol/bench-metrics';
import { MuscError } from '../errors';
import { outputFile, writeOutput } from '../run/export/output';
import { benchReport } from './bench-report';
import { readBench } from './bench-store';
import { benchCsv, benchLatex, benchMarkdown } from './bench-text';
import { benchWorkbook } from './bench-workbook';

/**
 * Exports benchmark documents (one per data set) to one file and returns its path: CSV, Markdown, LaTeX, an Excel workbook with one
 * sheet per data set, or an HTML report. Throws USAGE, FILE_INVALID, FILE_IO, DISK_FULL.
 */
export async function exportBench(files: readonly string[], format: string, out: string): Promise<string[]> {
  if (!(BENCH_FORMATS as readonly string[]).includes(format))
    throw new MuscError('USAGE', l10n.t('unknown format "{0}"', format), {
      hint: l10n.t('one of {0}', BENCH_FORMATS.join(', ')),
    });
  const benches = await Promise.all(files.map(readBench));
  const file = await outputFile(out, `benchmark.${format}`);
  switch (format as BenchFormat) {
    case 'csv': {
      const [first, ...rest] = benches.map(benchCsv);
      return writeOutput(file, [first, ...rest.map((csv) => csv.slice(csv.indexOf('\r\n') + 2))].join(''));
    }
    case 'md':
      return writeOutput(file, benches.map(benchMarkdown).join('\n'));
    case 'tex':
      return writeOutput(file, benches.map(benchLatex).join('\n'));
    case 'xlsx':
      return writeOutput(file, await benchWorkbook(benches));
    case 'html':
      return writeOutput(file, benchReport(benches));
  }
}
