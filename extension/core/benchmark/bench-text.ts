import type { BenchFile } from '../../protocol/bench-file';
import { BENCH_METRICS } from '../../protocol/bench-metrics';
import { csvText } from '../run/export/csv';
import { comparedWith } from './published';
import { benchRows, commonInput, METRIC_TITLES, percent2, points } from '../../protocol/bench-table';

/** CSV with ours, published and difference of each metric, in percent. */
export function benchCsv(bench: BenchFile): string {
  const head = BENCH_METRICS.flatMap((m) => [m, `${m}_published`, `${m}_difference`]);
  const number = (v: number | null | undefined): number | null =>
    v === null || v === undefined ? null : Number((v * 100).toFixed(4));
  return csvText([
    ['data_set', 'category', 'images', ...head, 'seconds_per_image', 'note'],
    ...benchRows(bench).map((row) => [
      bench.dataset.name,
      row.name,
      row.images,
      ...BENCH_METRICS.flatMap((m) => [
        number(row.figures?.[m]),
        number(row.published?.[m]),
        number(row.difference[m]),
      ]),
      row.secondsPerImage === null ? null : Number(row.secondsPerImage.toFixed(4)),
      row.problem,
    ]),
  ]);
}

/** What the figures belong to, in one line. */
export function benchCaption(bench: BenchFile): string {
  const { dataset, backbone, settings, device } = bench;
  const input = commonInput(bench);
  const size = input ? `${input.width} x ${input.height}` : 'mixed sizes';
  return `${dataset.name}, ${backbone.name} at ${size}, ${settings.protocol} protocol, ${device}`;
}

const markdownCell = (text: string): string => text.replace(/[\\|<>`*_[\]]/g, (c) => `\\${c}`).replace(/\s+/g, ' ');

/** A Markdown table; differences to the published figures in brackets. */
export function benchMarkdown(bench: BenchFile): string {
  const lines = benchRows(bench).map((row) => {
    const cells = BENCH_METRICS.map((m) => {
      const difference = points(row.difference[m]);
      return `${percent2(row.figures?.[m])}${difference ? ` (${difference})` : ''}`;
    });
    const name = row.mean ? '**mean**' : markdownCell(row.name);
    const seconds = row.secondsPerImage === null ? '-' : row.secondsPerImage.toFixed(2);
    return `| ${[name, row.images, ...cells, seconds].join(' | ')} |`;
  });
  const notes = benchRows(bench).flatMap((r) =>
    r.problem ? [`- ${markdownCell(r.name)}: ${markdownCell(r.problem)}`] : [],
  );
  const theirs = comparedWith(bench);
  return [
    `${markdownCell(benchCaption(bench))}. Percent${theirs === null ? '' : `; in brackets the difference to: ${markdownCell(theirs)}`}.`,
    '',
    `| category | pictures | ${BENCH_METRICS.map((m) => METRIC_TITLES[m]).join(' | ')} | s / picture |`,
    `| --- | --: | ${BENCH_METRICS.map(() => '--:').join(' | ')} | --: |`,
    ...lines,
    ...(notes.length ? ['', ...notes] : []),
    '',
  ].join('\n');
}

const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const tex = (text: string): string => text.replace(/[\\~^&%$#_{}]/g, (c) => TEX[c] ?? `\\${c}`).replace(/\s+/g, ' ');

/** A LaTeX table (booktabs), ours only, ready for a paper. */
export function benchLatex(bench: BenchFile): string {
  const rows = benchRows(bench);
  const line = (row: (typeof rows)[number]): string =>
    `${[tex(row.name), ...BENCH_METRICS.map((m) => percent2(row.figures?.[m]).replace(/^-$/, '--'))].join(' & ')} \\\\`;
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    '  \\begin{tabular}{lrrrrrrr}',
    '    \\toprule',
    '    & \\multicolumn{3}{c}{Image} & \\multicolumn{4}{c}{Pixel} \\\\',
    '    \\cmidrule(lr){2-4} \\cmidrule(lr){5-8}',
    '    Category & AUROC & F1-max & AP & AUROC & F1-max & AP & AUPRO \\\\',
    '    \\midrule',
    ...rows.filter((r) => !r.mean).map((r) => `    ${line(r)}`),
    '    \\midrule',
    ...rows.filter((r) => r.mean).map((r) => `    ${line(r)}`),
    '    \\bottomrule',
    '  \\end{tabular}',
    `  \\caption{${tex(benchCaption(bench))}. Percent.}`,
    '\\end{table}',
    '',
  ].join('\n');
}
