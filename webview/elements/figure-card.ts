import * as l10n from '@vscode/l10n';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Figure } from '../model/curve';
import * as format from '../model/format';
import { tokens } from './style';

/** One metric: name, value in percent or why there is none, and what it means on hover and focus. */
@customElement('musc-figure')
export class MuscFigure extends LitElement {
  @property() name = '';
  @property() meaning = '';
  @property({ attribute: false }) figure: Figure = { absent: '' };
  /** Shown instead of a metric: a plain count. */
  @property({ attribute: false }) text = '';
  @state() private open = false;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        position: relative;
      }
      .card {
        display: block;
        padding: 3px 9px;
        border-radius: 4px;
        cursor: help;
      }
      .card:hover {
        background: var(--hover);
      }
      .name {
        display: block;
        font-size: 11px;
        line-height: 17px;
        color: var(--muted);
        white-space: nowrap;
      }
      .value {
        display: block;
        font-size: 20px;
        line-height: 25px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        color: var(--strong);
      }
      .absent {
        color: var(--muted);
        font-weight: 400;
      }
      .tip {
        position: fixed;
        z-index: 10;
        width: max-content;
        max-width: min(320px, calc(100vw - 24px));
        margin: 0;
        padding: 8px 10px;
        inset: auto;
        color: var(--vscode-editorHoverWidget-foreground, var(--fg));
        background: var(--vscode-editorHoverWidget-background, var(--raised));
        border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
        border-radius: 4px;
        font-size: 12px;
        line-height: 17px;
        pointer-events: none;
      }
      .reason {
        color: var(--warn);
      }
    `,
  ];

  override render() {
    const { figure } = this;
    const absent = 'absent' in figure && this.text === '';
    const said = absent ? l10n.t('undefined, {0}', figure.absent) : this.text || `${format.figure(figure)} %`;
    return html`
      <span
        class="card"
        tabindex="0"
        role="group"
        aria-label="${this.name}: ${said}"
        aria-describedby="tip"
        @pointerenter=${() => (this.open = true)}
        @pointerleave=${() => (this.open = false)}
        @focus=${() => (this.open = true)}
        @blur=${() => (this.open = false)}
        @keydown=${(e: KeyboardEvent) => {
          if (e.key === 'Escape') this.open = false;
        }}
      >
        <span class="name">${this.name}</span>
        <span class="value ${absent ? 'absent' : ''}">${this.text || format.figure(figure)}</span>
      </span>
      <div class="tip" id="tip" role="tooltip" popover="manual">
        ${absent ? html`<div class="reason">${l10n.t('Undefined: {0}.', figure.absent)}</div>` : nothing}
        ${this.meaning}
      </div>
    `;
  }

  protected override updated(): void {
    const tip = this.renderRoot.querySelector<HTMLElement>('.tip');
    if (!tip) return;
    if (!this.open) return tip.hidePopover();
    tip.showPopover();
    const box = this.getBoundingClientRect();
    tip.style.setProperty('top', `${box.bottom + 4}px`);
    tip.style.setProperty('left', `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`);
  }
}
