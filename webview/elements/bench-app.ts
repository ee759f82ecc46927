import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { BenchElement } from './bench-base';
import { button } from './button';
import './bench-chart';
import './bench-head';
import './bench-notes';
import './bench-sources';
import './bench-table';
import './icon';
import { controls, tokens } from './style';

/** The whole page of a benchmark. */
@customElement('musc-bench-app')
export class MuscBenchApp extends BenchElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        height: 100%;
        overflow: auto;
        padding: 14px 18px 28px;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        max-width: 1320px;
      }
      .centre {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        min-height: 100%;
        text-align: center;
      }
      .centre musc-icon {
        width: 32px;
        height: 32px;
        font-size: 32px;
        color: var(--error-text);
      }
      h1 {
        margin: 0;
        font-size: 1.15em;
        font-weight: 600;
        color: var(--strong);
      }
      p {
        margin: 0;
        max-width: 70ch;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        gap: 6px;
        margin-top: 6px;
      }
    `,
  ];

  override render() {
    const { phase } = this.page.state;
    switch (phase.kind) {
      case 'waiting':
        return html`<div class="centre" aria-busy="true"><p>${l10n.t('Reading the benchmark...')}</p></div>`;
      case 'refused':
        return html`<div class="centre" role="alert">
          <musc-icon name="error"></musc-icon>
          <h1>${phase.what}</h1>
          <p>${phase.hint}</p>
          <div class="actions">
            ${button(l10n.t('Show log'), () => this.page.post({ do: 'showLog' }))}
            ${button(l10n.t('Run a benchmark...'), () => this.page.post({ do: 'runAgain' }), { primary: true })}
          </div>
        </div>`;
      case 'shown': {
        const empty = phase.bench.categories.length === 0;
        return html`<main>
          <musc-bench-head .page=${this.page}></musc-bench-head>
          <musc-bench-notes .page=${this.page}></musc-bench-notes>
          ${
            empty
              ? nothing
              : html`<musc-bench-table .page=${this.page}></musc-bench-table>
                  <musc-bench-chart .page=${this.page}></musc-bench-chart>`
          }
          <musc-bench-sources .page=${this.page} ?open=${empty}></musc-bench-sources>
        </main>`;
      }
    }
  }
}
