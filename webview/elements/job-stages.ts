import * as l10n from '@vscode/l10n';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelJob } from '../../extension/protocol/panel';
import { stepsOf, type Step } from '../model/stage';
import { cssProperties } from './css-properties';
import { progressStyle } from './progress-style';
import { tokens } from './style';

const SAID: Readonly<Record<Step['state'], () => string>> = {
  done: () => l10n.t('done'),
  now: () => l10n.t('now'),
  ahead: () => l10n.t('not yet'),
};

/** The stages of a job in a row, each with how far it is. */
@customElement('musc-job-stages')
export class MuscJobStages extends LitElement {
  @property({ attribute: false }) job!: PanelJob;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(120px, 1fr));
        gap: 8px 10px;
        margin: 0;
        padding: 12px;
        list-style: none;
        font-size: 12px;
        color: var(--muted);
      }
      li {
        min-width: 0;
      }
      .now {
        font-weight: 600;
        color: var(--strong);
      }
      .done {
        color: var(--fg);
      }
      .track {
        height: 4px;
        margin-bottom: 5px;
        border-radius: 2px;
        background: color-mix(in srgb, var(--muted) 22%, transparent);
      }
      @media (forced-colors: active) {
        .track {
          outline: 1px solid CanvasText;
        }
      }
    `,
    progressStyle, // last: it replaces the colour where colours are forced
  ];

  override render() {
    return html`<ol aria-label=${l10n.t('Stages')}>
      ${stepsOf(this.job).map(
        ({ name, state, share }) =>
          html`<li
            class=${state}
            aria-current=${state === 'now' ? 'step' : 'false'}
            aria-label="${name}: ${SAID[state]()}"
          >
            <div class="track">
              <div class="fill" ${cssProperties({ transform: `scaleX(${share.toFixed(4)})` })}></div>
            </div>
            ${name}
          </li>`,
      )}
    </ol>`;
  }
}
