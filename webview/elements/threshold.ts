import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import * as format from '../model/format';
import { canFollow, percentText, typedThreshold, type ThresholdRule } from '../model/threshold';
import { PanelElement } from './base';
import { controls, tokens } from './style';

/** Share of good images that may be flagged, when that rule is chosen. */
const DEFAULT_RATE = 0.05;

const RULES: readonly { kind: ThresholdRule['kind']; text: () => string }[] = [
  { kind: 'f1max', text: () => l10n.t('at F1-max') },
  { kind: 'zeroMissed', text: () => l10n.t('at zero missed') },
  { kind: 'falseAlarms', text: () => l10n.t('at … % false alarms') },
  { kind: 'suggested', text: () => l10n.t('suggested from the scores') },
  { kind: 'manual', text: () => l10n.t('set by hand') },
];

/** The threshold as a rule and as a number, and how it was found. */
@customElement('musc-threshold')
export class MuscThreshold extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        font-size: 12px;
        color: var(--muted);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
      }
      input {
        width: 74px;
      }
      .rate {
        width: 56px;
      }
      .how {
        font-size: 11px;
        line-height: 15px;
        margin-top: 3px;
      }
    `,
  ];

  override render() {
    const { derived, state } = this.panel;
    const { threshold, ranked } = derived;
    const asked = state.view.threshold;
    return html`
      <div class="row">
        <label for="rule">${l10n.t('Threshold')}</label>
        <select id="rule" @change=${this.onRule}>
          ${RULES.map(
            ({ kind, text }) =>
              html`<option
                value=${kind}
                .selected=${live(kind === threshold.rule)}
                ?disabled=${!canFollow(kind, ranked)}
              >
                ${text()}
              </option>`,
          )}
        </select>
        ${
          asked.kind === 'falseAlarms' && threshold.rule === 'falseAlarms'
            ? html`<input
                  class="rate"
                  type="number"
                  min="0"
                  max="100"
                  step="0.5"
                  aria-label=${l10n.t('False alarms, percent of good images')}
                  .value=${percentText(asked.rate)}
                  @change=${this.onRate}
                />%`
            : ''
        }
        <input
          type="number"
          step="0.001"
          aria-label=${l10n.t('Threshold value')}
          .value=${format.score(threshold.value)}
          @change=${this.onValue}
        />
      </div>
      <div class="how">${threshold.how}</div>
    `;
  }

  private readonly onRule = (event: Event) => {
    const kind = (event.target as HTMLSelectElement).value as ThresholdRule['kind'];
    if (kind === 'manual') this.panel.setThreshold({ kind, value: this.panel.derived.threshold.value });
    else if (kind === 'falseAlarms') this.panel.setThreshold({ kind, rate: DEFAULT_RATE });
    else this.panel.setThreshold({ kind });
  };

  private readonly onRate = (event: Event) => {
    const field = event.target as HTMLInputElement;
    const percent = field.valueAsNumber;
    const asked = this.panel.state.view.threshold;
    if (percent >= 0 && percent <= 100) this.panel.setThreshold({ kind: 'falseAlarms', rate: percent / 100 });
    else if (asked.kind === 'falseAlarms') field.value = percentText(asked.rate);
  };

  private readonly onValue = (event: Event) => {
    const field = event.target as HTMLInputElement;
    const value = field.valueAsNumber;
    const { sorted, threshold } = this.panel.derived;
    if (Number.isFinite(value)) this.panel.setThreshold({ kind: 'manual', value: typedThreshold(value, sorted.score) });
    else field.value = format.score(threshold.value);
  };
}
