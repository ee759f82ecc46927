import * as l10n from '@vscode/l10n';
import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { axesMark, curveFrame, curveMark, nearestSample, type CurveFrame, type CurveSample } from '../charts/curve';
import * as format from '../model/format';
import { clamp } from '../model/geometry';
import { movedByKey } from '../model/slider-keys';
import { tokens } from './style';

/** A curve with its value under the pointer or the arrow keys. */
@customElement('musc-curve')
export class MuscCurve extends LitElement {
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) note = '';
  @property({ attribute: false }) axes = { x: '', y: '' };
  @property({ attribute: false }) points: readonly CurveSample[] = [];
  /** Right end of the x axis, a fraction. */
  @property({ attribute: false }) limit = 1;
  /** The point at the chosen threshold, or null. */
  @property({ attribute: false }) marked: CurveSample | null = null;
  @property({ attribute: false }) absent = '';
  @state() private chosen: number | null = null;
  @state() private width = 260;
  private observer: ResizeObserver | undefined;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      h3 {
        display: flex;
        gap: 8px;
        align-items: baseline;
        margin: 0 0 2px;
        font-size: 12px;
        font-weight: 600;
        color: var(--strong);
      }
      h3 span {
        font-weight: 400;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      svg {
        display: block;
        width: 100%;
        cursor: crosshair;
      }
      .grid {
        stroke: color-mix(in srgb, var(--muted) 18%, transparent);
      }
      .frame {
        fill: none;
        stroke: color-mix(in srgb, var(--muted) 45%, transparent);
      }
      .tick,
      .name {
        fill: var(--muted);
        font-size: 10px;
        font-variant-numeric: tabular-nums;
      }
      .curve {
        fill: none;
        stroke: var(--vscode-charts-blue, var(--focus));
        stroke-width: 2;
        stroke-linejoin: round;
      }
      .mark {
        fill: var(--bg);
        stroke: var(--strong);
        stroke-width: 2;
      }
      .probe {
        stroke: var(--strong);
        stroke-dasharray: 2 2;
      }
      .dot {
        fill: var(--strong);
      }
      @media (forced-colors: active) {
        .tick,
        .name {
          fill: CanvasText;
        }
        .grid {
          stroke: none;
        }
        .frame {
          stroke: CanvasText;
        }
        .curve {
          stroke: Highlight;
        }
        .mark {
          fill: Canvas;
          stroke: CanvasText;
        }
        .probe {
          stroke: CanvasText;
        }
        .dot {
          fill: CanvasText;
        }
      }
      .readout {
        min-height: 17px;
        font-size: 11px;
        line-height: 17px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      .absent {
        margin: 0;
        padding: 14px 10px;
        font-size: 12px;
        color: var(--muted);
        border: 1px dashed color-mix(in srgb, var(--muted) 45%, transparent);
        border-radius: 4px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => (this.width = Math.max(160, this.clientWidth)));
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  private get height(): number {
    return Math.round(Math.min(this.width * 0.8, 260));
  }

  private get frame(): CurveFrame {
    return curveFrame(this.width, this.height, this.limit);
  }

  override render() {
    return html`<h3>${this.name} <span>${this.note}</span></h3>
      ${this.points.length === 0 ? html`<p class="absent">${this.absent}</p>` : this.chart()}`;
  }

  private chart() {
    const { width, height, points, limit, frame } = this;
    const probe = this.chosen === null ? null : points[clamp(this.chosen, 0, points.length - 1)];
    const sample = probe ?? this.marked;
    return html`
      <svg
        viewBox="0 0 ${width} ${height}"
        height=${height}
        tabindex="0"
        role="slider"
        aria-label=${l10n.t('{0}: arrow keys read values', this.name)}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${sample ? Math.round(sample[0] * 100) : 0}
        aria-valuetext=${this.text(sample)}
        @pointermove=${this.onMove}
        @pointerleave=${() => (this.chosen = null)}
        @blur=${() => (this.chosen = null)}
        @keydown=${this.onKey}
      >
        ${axesMark(frame, this.axes, limit)} ${curveMark(points, frame)}
        ${
          this.marked && this.marked[0] <= limit
            ? svg`<circle class="mark" cx=${frame.x(this.marked[0])} cy=${frame.y(this.marked[1])} r="4"></circle>`
            : nothing
        }
        ${
          probe
            ? svg`<line class="probe" x1=${frame.x(probe[0])} x2=${frame.x(probe[0])} y1=${frame.y(0)} y2=${frame.y(1)}></line>
              <circle class="dot" cx=${frame.x(probe[0])} cy=${frame.y(probe[1])} r="3.5"></circle>`
            : nothing
        }
      </svg>
      <div class="readout">${this.text(sample)}</div>
    `;
  }

  private text(sample: CurveSample | null): string {
    if (!sample) return '';
    const [x, y, threshold] = sample;
    const at =
      threshold === undefined || !Number.isFinite(threshold)
        ? ''
        : `, ${l10n.t('threshold {0}', format.score(threshold))}`;
    return `${this.axes.x} ${format.percent(x)} %, ${this.axes.y} ${format.percent(y)} %${at}`;
  }

  /** Where keys start: the sample at the chosen threshold, or the first. */
  private get markedSample(): number {
    const { frame, marked, points } = this;
    return marked ? nearestSample(points, frame, { x: frame.x(marked[0]), y: frame.y(marked[1]) }) : 0;
  }

  private readonly onMove = (event: PointerEvent) => {
    const toScreen = (event.currentTarget as SVGSVGElement).getScreenCTM();
    if (!toScreen) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(toScreen.inverse());
    this.chosen = nearestSample(this.points, this.frame, at);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const last = this.points.length - 1;
    const at = this.chosen ?? this.markedSample;
    const to = movedByKey(event, { at, first: 0, last, step: 1, page: 10 });
    if (to === undefined) return;
    this.chosen = to;
    event.preventDefault();
    event.stopPropagation();
  };
}
