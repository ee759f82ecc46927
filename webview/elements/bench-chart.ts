import * as l10n from '@vscode/l10n';
import { css, html, nothing, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { BENCH_METRICS } from '../../extension/protocol/bench-metrics';
import { percent2 } from '../../extension/protocol/bench-table';
import { dotPlace, dotPlot, type DotPlot, type DotRow } from '../charts/dot-plot';
import { METRIC_TITLES } from '../model/metric-titles';
import { BenchElement } from './bench-base';
import { controls, tokens } from './style';

/** Sizes in px. */
const ROW = 22;
const AXIS = 22;
const RADIUS = 4.5;

/** Ours beside the published figure, one line per category, for a metric of choice. */
@customElement('musc-bench-chart')
export class MuscBenchChart extends BenchElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        max-width: 820px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 16px;
        margin-bottom: 6px;
      }
      label,
      .key {
        color: var(--muted);
      }
      .key {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .plot {
        display: grid;
        grid-template-columns: minmax(60px, max-content) minmax(0, 1fr);
        gap: 0 12px;
      }
      .names {
        display: grid;
        grid-auto-rows: 22px;
        max-width: 30vw;
        line-height: 22px;
      }
      .names span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      svg.dots {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .grid {
        stroke: color-mix(in srgb, var(--muted) 30%, transparent);
      }
      .tick {
        fill: var(--muted);
        font-size: 11px;
      }
      .gap {
        stroke: var(--muted);
      }
      .ours {
        fill: var(--unknown);
        stroke: var(--unknown);
      }
      .published {
        fill: var(--bg);
        stroke: var(--strong);
        stroke-width: 1.5;
      }
    `,
  ];

  override render() {
    const { bench } = this;
    if (!bench) return nothing;
    const { metric } = this.page.state;
    const plot = dotPlot(this.page.categories(bench), metric);
    const compared = plot.rows.some((row) => row.published !== null);
    return html`
      <header>
        <label>
          ${l10n.t('Chart')}
          <select @change=${this.choose}>
            ${BENCH_METRICS.map(
              (m) => html`<option value=${m} .selected=${live(m === metric)}>${METRIC_TITLES[m]()}</option>`,
            )}
          </select>
        </label>
        <span class="key">${this.keyDot('ours')}${l10n.t('ours')}</span>
        ${compared ? html`<span class="key">${this.keyDot('published')}${l10n.t('published')}</span>` : nothing}
      </header>
      <div class="plot" role="img" aria-label=${describe(plot, METRIC_TITLES[metric]())}>
        <div class="names" aria-hidden="true">
          ${plot.rows.map(({ name }) => html`<span title=${name}>${name}</span>`)}
        </div>
        <svg class="dots" height=${plot.rows.length * ROW + AXIS} aria-hidden="true">
          ${plot.ticks.map((tick) => this.tick(tick, plot))} ${plot.rows.map((row, i) => this.dots(row, i, plot))}
        </svg>
      </div>
    `;
  }

  private readonly choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    const metric = BENCH_METRICS.find((one) => one === value);
    if (metric) this.page.view({ metric });
  };

  private keyDot(kind: 'ours' | 'published') {
    return html`<svg width="12" height="12" aria-hidden="true">
      <circle class=${kind} cx="6" cy="6" r=${RADIUS}></circle>
    </svg>`;
  }

  private tick(value: number, plot: DotPlot) {
    const x = across(value, plot);
    const bottom = plot.rows.length * ROW;
    const anchor = value === plot.low ? 'start' : value === plot.high ? 'end' : 'middle';
    return svg`<line class="grid" x1=${x} x2=${x} y1="0" y2=${bottom + 3}></line>
      <text class="tick" x=${x} y=${bottom + 16} text-anchor=${anchor}>${Math.round(value * 100)}</text>`;
  }

  private dots({ name, ours, published }: DotRow, i: number, plot: DotPlot) {
    const y = i * ROW + ROW / 2;
    return svg`<g><title>${said(name, ours, published)}</title>
      ${ours === null || published === null ? nothing : svg`<line class="gap" x1=${across(ours, plot)} x2=${across(published, plot)} y1=${y} y2=${y}></line>`}
      ${published === null ? nothing : svg`<circle class="published" cx=${across(published, plot)} cy=${y} r=${RADIUS}></circle>`}
      ${ours === null ? nothing : svg`<circle class="ours" cx=${across(ours, plot)} cy=${y} r=${RADIUS}></circle>`}
    </g>`;
  }
}

/** A place on the axis in percent of the drawing's width, so that it follows the width by itself. */
const across = (value: number, plot: DotPlot): string => `${(dotPlace(value, plot) * 100).toFixed(2)}%`;

const figure = (value: number | null): string => (value === null ? l10n.t('none') : percent2(value));

const said = (name: string, ours: number | null, published: number | null): string =>
  published === null
    ? `${name}: ${figure(ours)}`
    : l10n.t('{0}: {1}, published {2}', name, figure(ours), percent2(published));

const describe = ({ rows }: DotPlot, metric: string): string =>
  `${metric}: ${rows.map(({ name, ours }) => `${name} ${figure(ours)}`).join(', ')}`;
