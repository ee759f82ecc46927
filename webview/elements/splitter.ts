import * as l10n from '@vscode/l10n';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { clamp } from '../model/geometry';
import { movedByKey } from '../model/slider-keys';
import { tokens } from './style';

/** Limits of the share that the left side takes. */
const LEAST = 0.15;
const MOST = 0.85;
const STEP = 0.02;

/** The line between two sides: drag or arrow keys. Fires `musc-split` with the new share of the left side. */
@customElement('musc-splitter')
export class MuscSplitter extends LitElement {
  @property({ attribute: false }) share = 0.6;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        position: relative;
        width: 1px;
        background: var(--line);
      }
      @media (forced-colors: active) {
        :host {
          forced-color-adjust: none;
          background: GrayText;
        }
      }
      div {
        position: absolute;
        z-index: 1;
        top: 0;
        bottom: 0;
        left: -4px;
        width: 9px;
        cursor: col-resize;
        touch-action: none;
      }
      div::after {
        content: '';
        position: absolute;
        top: 0;
        bottom: 0;
        left: 3px;
        width: 3px;
      }
      div:hover::after,
      div:focus-visible::after {
        background: var(--vscode-sash-hoverBorder, var(--focus));
      }
    `,
  ];

  override render() {
    return html`<div
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${l10n.t('Width of the grid')}
      aria-valuemin=${LEAST * 100}
      aria-valuemax=${MOST * 100}
      aria-valuenow=${Math.round(this.share * 100)}
      @pointerdown=${(e: PointerEvent) => {
        (e.currentTarget as Element).setPointerCapture(e.pointerId);
        e.preventDefault();
      }}
      @pointermove=${this.onMove}
      @keydown=${this.onKey}
    ></div>`;
  }

  private readonly onMove = (event: PointerEvent) => {
    const parent = this.parentElement;
    if (!(event.buttons & 1) || !parent) return;
    const box = parent.getBoundingClientRect();
    this.set((event.clientX - box.left) / box.width);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const to = movedByKey(event, { at: this.share, first: LEAST, last: MOST, step: STEP, page: 5 * STEP });
    if (to === undefined) return;
    this.set(to);
    event.preventDefault();
    event.stopPropagation();
  };

  private set(share: number): void {
    this.dispatchEvent(new CustomEvent<number>('musc-split', { detail: clamp(share, LEAST, MOST) }));
  }
}
