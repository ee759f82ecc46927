import * as l10n from '@vscode/l10n';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { BENCH_METRICS, type BenchMetric } from '../../extension/protocol/bench-metrics';
import { percent2, points, type BenchRow } from '../../extension/protocol/bench-table';
import { type BenchColumn, trend } from '../model/bench-sort';
import * as format from '../model/format';
import { METRIC_TITLES } from '../model/metric-titles';
import { BenchElement } from './bench-base';
import { benchTableStyle } from './bench-table-style';
import './icon';
import { controls, said, tokens } from './style';

const COLUMNS: readonly { readonly column: BenchColumn; readonly title: () => string }[] = [
  { column: 'name', title: () => l10n.t('Category') },
  { column: 'images', title: () => l10n.t('Images') },
  ...BENCH_METRICS.map((metric) => ({ column: metric, title: METRIC_TITLES[metric] })),
  { column: 'seconds', title: () => l10n.t('s / image') },
];

/** Every category with its seven figures, the published ones and the differences, and the mean below. */
@customElement('musc-bench-table')
export class MuscBenchTable extends BenchElement {
  static override styles = [tokens, controls, said, benchTableStyle];

  override render() {
    const { bench } = this;
    if (!bench) return nothing;
    const rows = this.page.categories(bench);
    const mean = this.page.mean(bench);
    const compared = [mean, ...rows].some((row) => row.published !== null);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${l10n.t('Figures by category')}>
        <table>
          <caption class="said">
            ${l10n.t('Figures in percent by category')}
          </caption>
          <thead>
            <tr>
              ${COLUMNS.map(({ column, title }) => this.head(column, title()))}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => this.row(row))}
          </tbody>
          <tfoot>
            ${this.row(mean)}
          </tfoot>
        </table>
      </div>
      ${compared ? this.legend() : nothing}
    `;
  }

  private head(column: BenchColumn, title: string) {
    const { sort } = this.page.state;
    const order = sort.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" aria-sort=${order} data-column=${column}>
      <button class="quiet" @click=${() => this.page.sortBy(column)}>
        ${title}${
          order === 'none'
            ? nothing
            : html`<musc-icon name=${order === 'ascending' ? 'sortUp' : 'sortDown'}></musc-icon>`
        }
      </button>
    </th>`;
  }

  private row(row: BenchRow) {
    const skipped = row.skipped > 0 ? l10n.t('{0} unreadable', format.count(row.skipped)) : '';
    const odd = [row.figures === null ? '' : row.problem, row.mean ? '' : skipped].filter(Boolean).join(', ');
    return html`<tr class=${row.mean ? 'mean' : ''}>
      <th scope="row">
        ${
          row.hasRun
            ? html`<button
                class="quiet name"
                title=${l10n.t('Open this run')}
                @click=${() => this.page.post({ do: 'openRun', category: row.name })}
              >
                ${row.name}
              </button>`
            : html`<span class="name">${row.mean ? l10n.t('Mean') : row.name}</span>`
        }
        ${odd ? html`<small>${odd}</small>` : nothing}
      </th>
      <td>${format.count(row.images)}</td>
      ${
        row.figures === null
          ? html`<td class="failed" colspan=${BENCH_METRICS.length}>${row.problem || l10n.t('no ground truth')}</td>`
          : BENCH_METRICS.map((metric) => this.figure(row, metric))
      }
      <td>${row.secondsPerImage === null ? '–' : row.secondsPerImage.toFixed(2)}</td>
    </tr>`;
  }

  private figure(row: BenchRow, metric: BenchMetric) {
    const value = row.figures?.[metric] ?? null;
    const published = row.published?.[metric] ?? null;
    const difference = row.difference[metric];
    return html`<td title=${value === null ? (row.absent[metric] ?? '') : ''}>
      ${value === null ? '–' : percent2(value)}
      ${
        published === null
          ? nothing
          : html`<small
              ><span class=${trend(difference)}>${points(difference)}</span>
              <span title=${l10n.t('published')}>${percent2(published)}</span></small
            >`
      }
    </td>`;
  }

  private legend() {
    const { by } = this.page.state;
    const source = this.bench?.published?.source ?? l10n.t('the paper');
    return html`<p class="legend">
      <span>${l10n.t('Percent. Small: difference in points, and the published figure ({0}).', source)}</span>
      <label>
        ${l10n.t('Sort figures by')}
        <select
          @change=${(event: Event) =>
            this.page.view({ by: (event.target as HTMLSelectElement).value === 'difference' ? 'difference' : 'value' })}
        >
          <option value="value" .selected=${live(by === 'value')}>${l10n.t('value')}</option>
          <option value="difference" .selected=${live(by === 'difference')}>${l10n.t('difference')}</option>
        </select>
      </label>
    </p>`;
  }
}
