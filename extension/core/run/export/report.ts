import sharp from 'sharp';
import type { Truth } from '../../dataset/dataset';
import { throwIfAborted, toMuscError } from '../../errors';
import { imageCurves } from '../../metrics/image-curves';
import { ownThreshold } from '../../metrics/threshold';
import { RunMaps } from '../run-maps';
import { typeTable } from '../type-table';
import { step, type ExportJob } from './export-job';
import { drawOverlay } from './heat';
import { html, htmlDocument, type Markup } from './html';
import { flatMetrics, pictureRows, type PictureRow } from './picture-rows';
import { curveChart, histogram } from './report-charts';
import { REPORT_CSS } from './report-style';
import { sharedScale } from './shared-scale';

/** Pictures shown with their heatmaps, and rows of the table: a report is read, not searched. */
const SHOWN = 48;
const ROWS = 2000;
const THUMBNAIL = 320; // pixels on the longer side

const TITLES: Readonly<Record<string, string>> = {
  'image.auroc': 'Image AUROC',
  'image.f1max': 'Image F1-max',
  'image.ap': 'Image AP',
  'pixel.auroc': 'Pixel AUROC',
  'pixel.f1max': 'Pixel F1-max',
  'pixel.ap': 'Pixel AP',
  'pixel.aupro': 'Pixel AUPRO',
};

const percent = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`;

async function pictures(job: ExportJob, rows: readonly PictureRow[]): Promise<Markup[]> {
  if (rows.length === 0) return [];
  const scale = await sharedScale(job);
  const maps = await RunMaps.open(job.runPath, job.run);
  const figures: Markup[] = [];
  try {
    for (const [n, row] of rows.entries()) {
      throwIfAborted(job.signal);
      figures.push(
        html`<figure>
          ${await thumbnail(job, row, await maps.read(row.index), scale)}
          <figcaption>#${row.rank} · ${row.score.toFixed(4)} · ${verdict(row)}<br />${row.path}</figcaption>
        </figure>`,
      );
      step(job, n + 1, row.path);
    }
  } finally {
    await maps.close();
  }
  return figures;
}

async function thumbnail(
  job: ExportJob,
  row: PictureRow,
  patches: Float32Array,
  scale: Awaited<ReturnType<typeof sharedScale>>,
): Promise<Markup> {
  try {
    const { data, width, height, channels } = await drawOverlay(job, row.index, patches, scale, THUMBNAIL);
    const bytes = await sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 80 }).toBuffer();
    return html`<img alt="${row.path} with heatmap" src="data:image/jpeg;base64,${bytes.toString('base64')}" />`;
  } catch (error) {
    const reason = toMuscError(error);
    if (reason.code === 'CANCELLED') throw reason;
    return html`<p class="weak">${reason.message}</p>`;
  }
}

const verdict = ({ truth, label }: PictureRow): Markup =>
  html`<span class="${truth ?? 'weak'}">${truth ?? 'no truth'}</span>${label ? html` · reviewed: ${label}` : null}`;

function metricCards(job: ExportJob): Markup {
  const metrics = flatMetrics(job.run);
  if (metrics.length === 0) return html`<p class="weak">No ground truth, so no metrics.</p>`;
  return html`<div class="cards">
    ${metrics.map(
      (m) =>
        html`<div class="card">
          <span class="weak">${TITLES[m.name] ?? m.name}</span
          ><b>${m.value === null ? '–' : percent(m.value)}</b
          >${m.absent ? html`<small class="weak">${m.absent}</small>` : null}
        </div>`,
    )}
  </div>`;
}

function charts(job: ExportJob): Markup {
  const scores = job.run.images.map((i) => i.score);
  const truth = job.run.images.map((i) => i.truth);
  if (scores.length === 0) return html``;
  const { threshold, from } = reportThreshold(job.options.scoreThreshold, scores, truth);
  const curves = imageCurves(scores, truth);
  const note = `Dashed: ${from}, ${threshold?.toPrecision(4) ?? ''}.`;
  return html`<h2>Scores</h2>
    ${histogram(scores, truth, threshold)}
    ${
      'absent' in curves
        ? null
        : html`${curveChart('ROC of the pictures', 'ROC: true over false positive rate', curves.roc)}
          ${curveChart('Precision and recall of the pictures', 'precision over recall', curves.pr)}`
    }
    <p class="weak">${note}</p>`;
}

function reportThreshold(
  chosen: number | undefined,
  scores: readonly number[],
  truth: readonly Truth[],
): { threshold: number | null; from: string } {
  if (chosen !== undefined) return { threshold: chosen, from: 'chosen threshold' };
  const { value, from } = ownThreshold(scores, truth);
  return { threshold: value, from: from === 'f1max' ? 'threshold at F1-max' : 'suggested threshold' };
}

function types(job: ExportJob): Markup {
  const rows = typeTable(job.run);
  if (rows.length < 2) return html``;
  return html`<h2>By type</h2>
    <table>
      <tr>
        <th>type</th>
        <th class="n">pictures</th>
        <th class="n">mean score</th>
        <th class="n">AUROC against good</th>
      </tr>
      ${rows.map(
        (r) =>
          html`<tr>
            <td>${r.type || '(none)'}</td>
            <td class="n">${r.count}</td>
            <td class="n">${r.meanScore.toFixed(4)}</td>
            <td class="n">${'value' in r.auroc ? percent(r.auroc.value) : '–'}</td>
          </tr>`,
      )}
    </table>`;
}

function ranking(rows: readonly PictureRow[]): Markup {
  const more = rows.length > ROWS ? html`<p class="weak">The first ${ROWS} of ${rows.length}.</p>` : null;
  return html`<h2>Ranking</h2>
    <table>
      <tr>
        <th class="n">rank</th>
        <th>picture</th>
        <th>type</th>
        <th>truth</th>
        <th>reviewed</th>
        <th class="n">score</th>
      </tr>
      ${rows.slice(0, ROWS).map(
        (r) =>
          html`<tr>
            <td class="n">${r.rank}</td>
            <td class="path">${r.path}</td>
            <td>${r.type}</td>
            <td>${r.truth}</td>
            <td>${r.label}</td>
            <td class="n">${r.score.toFixed(5)}</td>
          </tr>`,
      )}
    </table>
    ${more}`;
}

/** A report of a run in one HTML file: figures, charts, the most anomalous pictures with heatmaps, the ranking. Nothing is loaded. */
export async function runReport(job: ExportJob): Promise<string> {
  const { run } = job;
  const rows = pictureRows(job);
  const made = `${run.backbone.name}, ${run.settings.protocol} protocol, ${run.input.width} x ${run.input.height} pixels, ${run.device.label}`;
  const body = html`<h1>${run.name}</h1>
    <p class="weak">${run.images.length} pictures, ${run.skipped.length} skipped · ${run.createdAt}<br />${made}</p>
    ${run.backbone.note ? html`<p>${run.backbone.note}</p>` : null} ${metricCards(job)}${charts(job)}${types(job)}
    <h2>Most anomalous</h2>
    <div class="pictures">${await pictures(job, rows.slice(0, SHOWN))}</div>
    ${ranking(rows)}
    ${
      run.skipped.length
        ? html`<h2>Skipped</h2>
            <table>
              ${run.skipped.slice(0, ROWS).map(
                (s) =>
                  html`<tr>
                    <td class="path">${s.path}</td>
                    <td>${s.reason}</td>
                  </tr>`,
              )}
            </table>`
        : null
    }
    <p class="weak">MuSc Inspector ${run.appVersion} · run ${run.id}</p>`;
  return htmlDocument(`${run.name} - MuSc Inspector`, REPORT_CSS, body);
}
