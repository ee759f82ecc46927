import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { PanelElement } from './base';
import { button } from './button';
import './icon';
import { controls, tokens } from './style';

/** A run that can't be shown: what is wrong and what to do. */
@customElement('musc-refusal')
export class MuscRefusal extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        height: 100%;
        padding: 20px;
        text-align: center;
      }
      musc-icon {
        font-size: 32px;
        width: 32px;
        height: 32px;
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
        max-width: 60ch;
        color: var(--muted);
      }
      .actions {
        display: flex;
        gap: 6px;
        margin-top: 6px;
      }
    `,
  ];

  override render() {
    const { phase } = this.panel.state;
    if (phase.kind !== 'refused') return nothing;
    return html`
      <musc-icon name="error"></musc-icon>
      <h1>${phase.what}</h1>
      <p>${phase.hint}</p>
      <div class="actions">
        ${button(l10n.t('Show log'), () => this.panel.command('showLog'))}
        ${button(l10n.t('Score again'), () => this.panel.command('scoreAgain'), { primary: true })}
      </div>
    `;
  }
}
