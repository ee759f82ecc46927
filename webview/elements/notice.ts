import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { LostFocus } from '../controllers/lost-focus';
import { PanelElement } from './base';
import './icon';
import { controls, said, tokens } from './style';

/** What has just happened, for screen readers; errors for everybody. Fires `musc-closed` when it goes with the focus. */
@customElement('musc-notice')
export class MuscNotice extends PanelElement {
  constructor() {
    super();
    new LostFocus(this, () => this.dispatchEvent(new CustomEvent('musc-closed')));
  }

  static override styles = [
    tokens,
    controls,
    said,
    css`
      .error {
        position: fixed;
        z-index: 20;
        right: 12px;
        bottom: 12px;
        display: flex;
        align-items: flex-start;
        gap: 8px;
        max-width: min(460px, calc(100vw - 24px));
        padding: 8px 8px 8px 12px;
        color: var(--vscode-notifications-foreground, var(--fg));
        background: var(--vscode-notifications-background, var(--raised));
        border: 1px solid var(--vscode-notifications-border, var(--line));
        border-radius: 4px;
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      .error > musc-icon {
        margin-top: 3px;
        color: var(--vscode-notificationsErrorIcon-foreground, var(--defect));
      }
      .text {
        flex: 1;
        padding: 2px 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    return [this.panel.state.notice];
  }

  override render() {
    const { text, error } = this.panel.state.notice;
    return html`
      <div class="said" role="status" aria-live="polite">${error ? nothing : text}</div>
      <div role="alert">
        ${
          error && text
            ? html`<div class="error">
                <musc-icon name="error"></musc-icon><span class="text">${text}</span>
                <button class="quiet" aria-label=${l10n.t('Close')} @click=${() => this.panel.say('')}>
                  <musc-icon name="close"></musc-icon>
                </button>
              </div>`
            : nothing
        }
      </div>
    `;
  }
}
