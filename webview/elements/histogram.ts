import { css, html, svg } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { histogramMark, isSqueezed } from '../charts/histogram';
import * as format from '../model/format';
import { clamp } from '../model/geometry';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { cssProperties } from './css-properties';
import { tokens } from './style';

/** Space below the bars for the threshold's value, px. */
const FOOT = 20;
const KEY_STEPS = 200;

/** Scores by class, with the threshold to drag. */
@customElement('musc-histogram')
export class MuscHistogram extends PanelElement {
  @query('svg') private chart!: SVGSVGElement;
  @state() private size = { width: 0, height: 0 };
  @state() private hovered: number | null = null;
  private observer: ResizeObserver | undefined;
  private readonly bars = memo(histogramMark);

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
        min-height: 72px;
        touch-action: none;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
        cursor: ew-resize;
      }
      .good {
        fill: var(--good);
      }
      .defect {
        fill: var(--defect);
      }
      .unknown {
        fill: var(--unknown);
      }
      .base {
        stroke: var(--line);
      }
      .handle {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 13px;
        margin-left: -6px;
        cursor: ew-resize;
        touch-action: none;
      }
      .handle::before {
        content: '';
        position: absolute;
        left: 5px;
        top: 0;
        bottom: ${FOOT - 4}px;
        width: 2px;
        background: var(--strong);
        border-radius: 1px;
      }
      .handle:focus-visible {
        outline: none;
      }
      .handle:focus-visible .value {
        outline: 2px solid var(--focus);
      }
      .value {
        position: absolute;
        bottom: 0;
        left: 6px;
        transform: translateX(-50%);
        padding: 0 6px;
        font-size: 11px;
        line-height: 16px;
        font-variant-numeric: tabular-nums;
        color: var(--bg);
        background: var(--strong);
        border-radius: 3px;
        white-space: nowrap;
      }
      .value.atLeft {
        transform: none;
        left: 0;
      }
      .value.atRight {
        transform: none;
        left: auto;
        right: 0;
      }
      @media (forced-colors: active) {
        .good {
          fill: Canvas;
          stroke: CanvasText;
        }
        .unknown {
          fill: GrayText;
        }
        .base {
          stroke: CanvasText;
        }
        .handle {
          forced-color-adjust: none;
        }
        .handle::before,
        .value {
          color: Canvas;
          background: CanvasText;
        }
      }
      .ends {
        position: absolute;
        inset: auto 0 0;
        display: flex;
        justify-content: space-between;
        font-size: 11px;
        line-height: 16px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        pointer-events: none;
      }
      .bin {
        position: absolute;
        top: 0;
        left: 4px;
        padding: 1px 6px;
        font-size: 11px;
        color: var(--fg);
        background: color-mix(in srgb, var(--bg) 85%, transparent);
        border-radius: 3px;
        pointer-events: none;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => {
      this.size = { width: this.clientWidth, height: this.clientHeight };
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  override render() {
    const { histogram, threshold, confusion } = this.panel.derived;
    const { width, height } = this.size;
    const { min, max } = histogram;
    const part = clamp((threshold.value - min) / (max - min), 0, 1);
    const floor = Math.max(0, height - FOOT);
    const side = part * width < 24 ? 'atLeft' : part * width > width - 24 ? 'atRight' : '';
    const bin = this.hovered === null ? null : histogram.bins[this.hovered];
    return html`
      <svg
        role="img"
        aria-label="Histogram of ${format.count(this.panel.derived.table.size)} scores, from ${format.score(min)} to ${format.score(max)}${isSqueezed(histogram) ? ', heights by square root' : ''}"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerleave=${() => (this.hovered = null)}
      >
        ${width > 0 ? this.bars(histogram, width, floor) : svg``}
        <line class="base" x1="0" x2=${width} y1=${floor + 0.5} y2=${floor + 0.5}></line>
      </svg>
      <div class="ends">
        <span>${format.score(min)}</span><span>${isSqueezed(histogram) ? '√ counts · ' : ''}${format.score(max)}</span>
      </div>
      <div
        class="handle"
        role="slider"
        tabindex="0"
        aria-label="Threshold"
        aria-valuemin=${min}
        aria-valuemax=${max}
        aria-valuenow=${threshold.value}
        aria-valuetext="${format.score(threshold.value)}, ${confusion.hit} hit, ${confusion.missed} missed, ${confusion.falseAlarm} false alarms"
        title="Threshold: ${threshold.how}"
        ${cssProperties({ left: `${part * width}px` })}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @keydown=${this.onKey}
      >
        <span class="value ${side}">${format.score(threshold.value)}</span>
      </div>
      ${
        bin
          ? html`<span class="bin"
              >${format.score(bin.from)} – ${format.score(bin.to)}:
              ${bin.good + bin.defect > 0 ? `${bin.good} good, ${bin.defect} defect` : ''}
              ${bin.unknown > 0 ? `${bin.unknown} unknown` : ''}</span
            >`
          : ''
      }
    `;
  }

  private partAt(event: PointerEvent): number {
    const box = this.chart.getBoundingClientRect();
    return clamp((event.clientX - box.left) / box.width, 0, 1);
  }

  private setPart(part: number): void {
    const { min, max } = this.panel.derived.histogram;
    // A hair beyond the highest score, so that "flag nothing" can be reached.
    const value = part >= 1 ? max + (max - min) * 1e-3 : min + part * (max - min);
    this.panel.setThreshold({ kind: 'manual', value });
  }

  private readonly onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.setPart(this.partAt(event));
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('.handle')?.focus();
  };

  private readonly onMove = (event: PointerEvent) => {
    const part = this.partAt(event);
    const { bins } = this.panel.derived.histogram;
    this.hovered = Math.min(bins.length - 1, Math.floor(part * bins.length));
    // Only a drag that began here has the pointer: one that comes from elsewhere passes over.
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.setPart(part);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const { histogram, threshold } = this.panel.derived;
    const part = (threshold.value - histogram.min) / (histogram.max - histogram.min);
    const step = (event.shiftKey ? 10 : 1) / KEY_STEPS;
    const moves: Record<string, number> = {
      ArrowLeft: part - step,
      ArrowDown: part - step,
      ArrowRight: part + step,
      ArrowUp: part + step,
      PageDown: part - 20 / KEY_STEPS,
      PageUp: part + 20 / KEY_STEPS,
      Home: 0,
      End: 1,
    };
    if (!(event.key in moves)) return;
    this.setPart(clamp(moves[event.key], 0, 1));
    event.preventDefault();
    event.stopPropagation();
  };
}
