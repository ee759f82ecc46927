import { css, html } from 'lit';
import type { RunFile } from '../../extension/protocol/run-file';
import { settingDifferences } from '../model/compare';
import * as format from '../model/format';

/** What the compare view's texts and tables have of their own. */
export const compareStyle = css`
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

/** Every metric of both runs, and what this run gains. */
export function metricTable(run: RunFile, other: RunFile) {
  const here = run.metrics;
  const there = other.metrics;
  if (!here || !there) return html`<p>At least one of the runs has no ground truth to measure against.</p>`;
  type Figure = typeof here.image.auroc;
  const rows: readonly (readonly [string, Figure, Figure])[] = [
    ['Image AUROC', here.image.auroc, there.image.auroc],
    ['Image F1-max', here.image.f1max, there.image.f1max],
    ['Image AP', here.image.ap, there.image.ap],
    ['Pixel AUROC', here.pixel.auroc, there.pixel.auroc],
    ['Pixel F1-max', here.pixel.f1max, there.pixel.f1max],
    ['Pixel AP', here.pixel.ap, there.pixel.ap],
    ['PRO', here.pixel.aupro, there.pixel.aupro],
  ];
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Metric, %</th>
          <th scope="col">This run</th>
          <th scope="col">Other</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([name, a, b]) => {
          const gain = 'value' in a && 'value' in b ? a.value - b.value : null;
          const tone = gain === null || Math.abs(gain) < 5e-4 ? '' : gain > 0 ? 'up' : 'down';
          return html`<tr>
            <td>${name}</td>
            <td>${format.figure(a)}</td>
            <td>${format.figure(b)}</td>
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
  if (differences.length === 0) return html`<p>None: both runs were made in the same way.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">This run</th>
          <th scope="col">Other</th>
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
