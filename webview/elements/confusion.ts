import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as format from '../model/format';
import { rates, VERDICTS, type Verdict } from '../model/verdict';
import { PanelElement } from './base';
import { controls, said, tokens } from './style';

const NAMES: Readonly<Record<Verdict, () => { name: string; meaning: string }>> = {
  hit: () => ({ name: l10n.t('hit'), meaning: l10n.t('defect, above the threshold') }),
  missed: () => ({ name: l10n.t('missed'), meaning: l10n.t('defect, below the threshold') }),
  falseAlarm: () => ({ name: l10n.t('false alarm'), meaning: l10n.t('good, above the threshold') }),
  passed: () => ({ name: l10n.t('passed'), meaning: l10n.t('good, below the threshold') }),
};

/** What the threshold makes of the images whose class is known; each cell filters the grid. */
@customElement('musc-confusion')
export class MuscConfusion extends PanelElement {
  static override styles = [
    tokens,
    controls,
    said,
    css`
      :host {
        display: block;
      }
      .cells {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 2px;
      }
      button {
        justify-content: space-between;
        min-height: 26px;
        padding: 2px 8px;
        border-radius: 2px;
        font-size: 12px;
        color: var(--muted);
        background: color-mix(in srgb, var(--muted) 12%, transparent);
      }
      button[aria-pressed='true'] {
        color: var(--vscode-inputOption-activeForeground, var(--strong));
        background: var(--vscode-inputOption-activeBackground, var(--hover));
        border-color: var(--vscode-inputOption-activeBorder, var(--focus));
        box-shadow: inset 0 0 0 2px var(--vscode-contrastActiveBorder, transparent);
      }
      b {
        font-size: 13px;
        color: var(--strong);
        font-variant-numeric: tabular-nums;
      }
      .wrong {
        color: var(--defect-text);
      }
      .rates {
        margin-top: 4px;
        font-size: 11px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
    `,
  ];

  override render() {
    const { confusion, figures, isUnknown } = this.panel.derived;
    if (isUnknown) return this.unknown();
    const { precision, recall, f1 } = rates(confusion);
    const why = 'absent' in figures.f1max ? l10n.t('Undefined: {0}.', figures.f1max.absent) : '';
    const percent = (value: number | null) => (value === null ? '–' : format.percent(value));
    return html`
      <div class="cells" role="group" aria-label=${l10n.t('Confusion matrix; a cell filters the grid')}>
        ${VERDICTS.map((verdict) => this.cell(verdict, confusion[verdict]))}
      </div>
      <div class="rates" title=${why || nothing}>
        ${l10n.t('precision {0} · recall {1} · F1 {2}', percent(precision), percent(recall), percent(f1))}
        <span class="said">${why}</span>
      </div>
    `;
  }

  /** No class is known: only what lies above and below can be told. */
  private unknown() {
    const { flagged, table } = this.panel.derived;
    return html`<div class="cells" role="group" aria-label=${l10n.t('Images above and below the threshold')}>
        ${this.side('flagged', l10n.t('above'), flagged)} ${this.side('clear', l10n.t('below'), table.size - flagged)}
      </div>
      <div class="rates">${l10n.t('hits and misses need labels or truth')}</div>`;
  }

  private side(show: 'flagged' | 'clear', name: string, count: number) {
    return html`<button
      aria-pressed=${this.panel.state.view.filter.show === show}
      @click=${() => this.panel.toggleOnly(show)}
    >
      ${name} <b>${format.count(count)}</b>
    </button>`;
  }

  private cell(verdict: Verdict, count: number) {
    const { name, meaning } = NAMES[verdict]();
    const wrong = (verdict === 'missed' || verdict === 'falseAlarm') && count > 0;
    return html`<button
      aria-pressed=${this.panel.state.view.filter.show === verdict}
      title=${meaning}
      @click=${() => this.panel.toggleOnly(verdict)}
    >
      ${name} <b class=${wrong ? 'wrong' : ''}>${format.count(count)}</b>
    </button>`;
  }
}
