import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import './icon';
import { tokens } from './style';

/** Says, in its place, what can't be shown and why, with what can be done about it. */
@customElement('musc-problem-note')
export class MuscProblemNote extends LitElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
        color: var(--muted);
      }
      span {
        flex: 0 1 auto;
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`<musc-icon name="warning"></musc-icon><span><slot></slot></span><slot name="action"></slot>`;
  }
}
