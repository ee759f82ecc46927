import type { BenchFile } from '../../protocol/bench-file';
import { BENCH_METRICS } from '../../protocol/bench-metrics';
import { html, htmlDocument, type Markup } from '../run/export/html';
import { REPORT_CSS } from '../run/export/report-style';
import { benchCaption } from './bench-text';
import { comparedWith } from './published';
import { benchRows, METRIC_TITLES, percent2, points, type BenchRow } from '../../protocol/bench-table';

const WIDTH = 640;
const ROW = 18; // pixels
const LABEL = 150;

/** Image AUROC and pixel AUPRO per category as bars from 0 to 100 %. */
function bars(rows: readonly BenchRow[]): Markup {
  const scale = WIDTH - LABEL - 50;
  const height = rows.length * ROW * 2 + 8;
  return html`<svg
      viewBox="0 0 ${WIDTH} ${height}"
      width="${WIDTH}"
      height="${height}"
      role="img"
      aria-label="Image AUROC and pixel AUPRO by category"
    >
      ${rows.map((row, i) => {
        const top = i * ROW * 2;
        const bar = (value: number | null | undefined, y: number, kind: string): Markup =>
          value === null || value === undefined
            ? html``
            : html`<rect
                  class="${kind}"
                  x="${LABEL}"
                  y="${y}"
                  width="${(value * scale).toFixed(1)}"
                  height="${ROW - 6}"
                /><text x="${(LABEL + value * scale + 5).toFixed(1)}" y="${y + ROW - 8}">${percent2(value)}</text>`;
        return html`<text x="${LABEL - 8}" y="${top + ROW}" text-anchor="end">${row.name}</text
          >${bar(row.figures?.image_auroc, top + 2, 'bar-good')}${bar(row.figures?.pixel_aupro, top + ROW - 2, 'bar-unknown')}`;
      })}
    </svg>
    <p class="weak">Upper bars: image AUROC; lower bars: pixel AUPRO; percent.</p>`;
}

function cell(row: BenchRow, metric: (typeof BENCH_METRICS)[number]): Markup {
  const difference = row.difference[metric];
  const kind = difference === null || Math.abs(difference) < 0.0005 ? 'weak' : difference > 0 ? 'up' : 'down';
  return html`<td class="n">
    ${percent2(row.figures?.[metric])}${difference === null ? null : html`<br /><small class="${kind}">${points(difference)}</small>`}
  </td>`;
}

/** Benchmarks as one HTML file that loads nothing: table with differences to the published figures, bars, notes. */
export function benchReport(benches: readonly BenchFile[]): string {
  const sections = benches.map((bench) => {
    const rows = benchRows(bench);
    const theirs = comparedWith(bench);
    const notes = [...bench.dataset.notes, ...rows.flatMap((r) => (r.problem ? [`${r.name}: ${r.problem}`] : []))];
    return html`<h2>${bench.dataset.name}</h2>
      <p class="weak">${benchCaption(bench)} · ${bench.createdAt}</p>
      <table>
        <tr>
          <th>category</th>
          <th class="n">pictures</th>
          ${BENCH_METRICS.map((m) => html`<th class="n">${METRIC_TITLES[m]}</th>`)}
          <th class="n">s / picture</th>
        </tr>
        ${rows.map(
          (row) =>
            html`<tr class="${row.mean ? 'mean' : ''}">
              <td>${row.name}</td>
              <td class="n">${row.images}</td>
              ${BENCH_METRICS.map((m) => cell(row, m))}
              <td class="n">${row.secondsPerImage?.toFixed(2) ?? '-'}</td>
            </tr>`,
        )}
      </table>
      ${theirs === null ? null : html`<p class="weak">Small figures: difference in percentage points to ${theirs}.</p>`}
      ${bars(rows)}
      ${
        notes.length
          ? html`<ul>
              ${notes.map((n) => html`<li>${n}</li>`)}
            </ul>`
          : null
      }`;
  });
  const title = benches.map((b) => b.dataset.name).join(', ') || 'Benchmark';
  return htmlDocument(
    `${title} - MuSc Inspector`,
    REPORT_CSS,
    html`<h1>Benchmark</h1>
      ${sections}`,
  );
}
