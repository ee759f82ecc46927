import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import type { RunFile } from '../../extension/protocol/run-file';
import { settingDifferences, type LabelFigures } from '../model/compare';
import type { Figure, ImageFigures } from '../model/curve';
import * as format from '../model/format';

/** What the compare view's texts and tables have of their own. */
export const compareStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  p {
    margin: 0;
    font-size: 12px;
    line-height: 17px;
    color: var(--muted);
  }
  .up {
    color: var(--good-text);
  }
  .down {
    color: var(--defect-text);
  }
  .scroll {
    overflow-x: auto;
  }
`;

type MetricRow = readonly [name: string, here: Figure, there: Figure];

const measured = (metric: string, against: string) => (against ? `${metric}, ${against}` : metric);

/** Image metrics of two runs, named after what they are measured against where that isn't plain. */
const imageRows = (here: ImageFigures, there: ImageFigures, against = ''): MetricRow[] => [
  [measured(l10n.t('Image AUROC'), against), here.auroc, there.auroc],
  [measured(l10n.t('Image F1-max'), against), here.f1max, there.f1max],
  [measured(l10n.t('Image AP'), against), here.ap, there.ap],
];

/**
 * Every metric of both runs, and what this run gains. `byLabels`: where the panel measures against reviewers' labels. Images in one run
 * only are counted by `onlyHere` and `onlyThere`: figures against ground truth are each run's own.
 */
export function metricTable(
  run: RunFile,
  other: RunFile,
  byLabels: LabelFigures | null,
  onlyHere: number,
  onlyThere: number,
) {
  const here = run.metrics;
  const there = other.metrics;
  const rows: MetricRow[] = byLabels ? imageRows(byLabels.here, byLabels.there, l10n.t('against labels')) : [];
  if (here && there)
    rows.push(
      ...imageRows(here.image, there.image, byLabels ? l10n.t('against ground truth') : ''),
      [l10n.t('Pixel AUROC'), here.pixel.auroc, there.pixel.auroc],
      [l10n.t('Pixel F1-max'), here.pixel.f1max, there.pixel.f1max],
      [l10n.t('Pixel AP'), here.pixel.ap, there.pixel.ap],
      ['AUPRO', here.pixel.aupro, there.pixel.aupro],
    );
  if (rows.length === 0)
    return html`<p>
      ${l10n.t(
        'At least one of the runs has no ground truth to measure against. Label good and defect images to compare by labels.',
      )}
    </p>`;
  return html`${differences(rows)} ${reasons(rows).map((text) => html`<p>${text}</p>`)}
  ${(here === null) === (there === null) ? nothing : html`<p>${l10n.t('Only one of the runs has ground truth to measure against: compared by labels.')}</p>`}
  ${here && there && onlyHere + onlyThere > 0 ? ownNote(onlyHere, onlyThere) : nothing}
  ${byLabels ? labelNote(byLabels.images) : nothing}`;
}

const ownNote = (onlyHere: number, onlyThere: number) =>
  html`<p>
    ${l10n.t('Against ground truth, each run is measured on its own images: {0} are only in this run, {1} only in the other.', ...[onlyHere, onlyThere].map(format.count))}
  </p>`;

const labelNote = (images: number) =>
  html`<p>${l10n.t('Labels: {0} good or defect images that are in both runs.', format.count(images))}</p>`;

const absence = (figure: Figure): string => ('absent' in figure ? figure.absent : '');

/** Why metrics are undefined, a line for each reason with the metrics that it holds for. */
function reasons(rows: readonly MetricRow[]): string[] {
  const [here, there] = [([, a]: MetricRow) => absence(a), ([, , b]: MetricRow) => absence(b)];
  const shared = rows.filter((row) => here(row) === there(row));
  const apart = rows.filter((row) => here(row) !== there(row));
  const lines = (of: readonly MetricRow[], why: (row: MetricRow) => string, text: (...args: string[]) => string) =>
    [...new Set(of.map(why))]
      .filter((reason) => reason !== '')
      .map((reason) => text(of.flatMap((row) => (why(row) === reason ? [row[0]] : [])).join(', '), reason));
  return [
    ...lines(shared, here, (names, reason) => l10n.t('Undefined in both runs: {0} ({1}).', names, reason)),
    ...lines(apart, here, (names, reason) => l10n.t('Undefined in this run: {0} ({1}).', names, reason)),
    ...lines(apart, there, (names, reason) => l10n.t('Undefined in the other run: {0} ({1}).', names, reason)),
  ];
}

function differences(rows: readonly MetricRow[]) {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">${l10n.t('Metric, %')}</th>
          <th scope="col">${l10n.t('This run')}</th>
          <th scope="col">${l10n.t('Other')}</th>
          <th scope="col">${l10n.t('Difference')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([name, a, b]) => {
          const gain = 'value' in a && 'value' in b ? a.value - b.value : null;
          const tone = gain === null || Math.abs(gain) < 5e-4 ? '' : gain > 0 ? 'up' : 'down';
          return html`<tr>
            <td>${name}</td>
            <td title=${absence(a)}>${format.figure(a)}</td>
            <td title=${absence(b)}>${format.figure(b)}</td>
            <td class=${tone}>
              ${gain === null ? '–' : tone === '' ? '0.0' : `${gain > 0 ? '+' : '−'}${format.percent(Math.abs(gain))}`}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

/** What was set differently. */
export function settingTable(run: RunFile, other: RunFile) {
  const differences = settingDifferences(run, other);
  if (differences.length === 0) return html`<p>${l10n.t('None: both runs were made in the same way.')}</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">${l10n.t('Setting')}</th>
          <th scope="col">${l10n.t('This run')}</th>
          <th scope="col">${l10n.t('Other')}</th>
        </tr>
      </thead>
      <tbody>
        ${differences.map(
          (d) =>
            html`<tr>
              <td>${d.name}</td>
              <td>${d.here}</td>
              <td>${d.there}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
