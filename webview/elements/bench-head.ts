import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { BENCH_FORMATS, type BenchFormat } from '../../extension/protocol/bench-metrics';
import { commonInput } from '../../extension/protocol/bench-table';
import * as format from '../model/format';
import { BenchElement } from './bench-base';
import { button } from './button';
import './icon';
import { controls, tokens } from './style';

const NAMES: Readonly<Record<BenchFormat, string>> = {
  csv: 'CSV',
  md: 'Markdown',
  tex: 'LaTeX',
  xlsx: 'Excel',
  html: 'HTML',
};

/** What was measured, by what, and the ways out of here. */
@customElement('musc-bench-head')
export class MuscBenchHead extends BenchElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 8px 20px;
      }
      .what {
        flex: 1 1 340px;
        min-width: 0;
      }
      h1 {
        margin: 0;
        font-size: 1.3em;
        font-weight: 600;
        color: var(--strong);
        overflow-wrap: anywhere;
      }
      p {
        margin: 2px 0 0;
        color: var(--muted);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
      }
      .ways span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        margin-right: 2px;
        color: var(--muted);
      }
      vscode-button:last-child {
        margin-left: 8px;
      }
    `,
  ];

  override render() {
    const { bench } = this;
    if (!bench) return nothing;
    const { settings, backbone, device } = bench;
    const input = commonInput(bench);
    const size = input ? `${input.width} × ${input.height} px` : l10n.t('mixed sizes');
    return html`
      <div class="what">
        <h1>${l10n.t('Benchmark: {0}', bench.dataset.name)}</h1>
        <p>
          ${l10n.t('{0} at {1} · {2} protocol', backbone.name, size, settings.protocol)} ·
          ${settings.subsets > 1 ? `${l10n.t('in {0} subsets', settings.subsets)} · ` : ''}${device} ·
          ${format.moment(bench.createdAt)}
        </p>
      </div>
      <div class="ways" role="group" aria-label=${l10n.t('Export')}>
        <span><musc-icon name="export"></musc-icon>${l10n.t('Export')}</span>
        ${BENCH_FORMATS.map((one) =>
          button(NAMES[one], () => this.page.post({ do: 'export', format: one }), {
            disabled: bench.categories.length === 0,
            name: l10n.t('Export as {0}', NAMES[one]),
          }),
        )}
        ${button(html`<musc-icon slot="content-before" name="refresh"></musc-icon>${l10n.t('Run again...')}`, () =>
          this.page.post({ do: 'runAgain' }),
        )}
      </div>
    `;
  }
}
