import * as l10n from '@vscode/l10n';
import { html, nothing, svg } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { histogramMark, isSqueezed, kindsIn } from '../charts/histogram';
import { binText, flaggedText, histogramName, thresholdText } from '../model/bin-text';
import * as format from '../model/format';
import { clamp } from '../model/geometry';
import { shareOf } from '../model/histogram';
import { movedByKey } from '../model/slider-keys';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { cssProperties } from './css-properties';
import { FOOT, HEAD, histogramStyle } from './histogram-style';
import { tokens } from './style';

const KEY_STEPS = 200;
const KIND_NAMES = {
  good: () => l10n.t('good'),
  defect: () => l10n.t('defect'),
  unknown: () => l10n.t('unknown'),
};

/** Scores by class, counts under the pointer or the arrow keys, and the threshold to drag. */
@customElement('musc-histogram')
export class MuscHistogram extends PanelElement {
  @query('svg') private chart!: SVGSVGElement;
  @state() private size = { width: 0, height: 0 };
  /** The bins whose counts are read: under the pointer, which goes first, and by the arrow keys. */
  @state() private hovered: number | null = null;
  @state() private read: number | null = null;
  /** From the pointer to the threshold that it drags, as a share of the width. */
  private held = 0;
  private observer: ResizeObserver | undefined;
  private readonly bars = memo(histogramMark);
  private readonly kinds = memo(kindsIn);

  static override styles = [tokens, histogramStyle];

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
    const { histogram, threshold, confusion, isUnknown, flagged, table } = this.panel.derived;
    const { width, height } = this.size;
    const { min, max } = histogram;
    const part = this.thresholdPart;
    const floor = Math.max(HEAD, height - FOOT);
    const side = part * width < 24 ? 'atLeft' : part * width > width - 24 ? 'atRight' : '';
    const { bins } = histogram;
    const squeezed = isSqueezed(histogram);
    const unit = squeezed ? `${l10n.t('√ counts')} · ` : '';
    const shown = this.hovered ?? this.read;
    const at = shown ?? this.binAt(part);
    const barWidth = width / bins.length;
    return html`
      <svg
        role="slider"
        tabindex="0"
        aria-label=${histogramName(histogram, this.panel.derived.table.size, squeezed)}
        aria-valuemin="1"
        aria-valuemax=${bins.length}
        aria-valuenow=${at + 1}
        aria-valuetext=${binText(bins[at])}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerleave=${this.onLeave}
        @focus=${this.onFocus}
        @blur=${this.onBlur}
        @keydown=${this.onReadKey}
      >
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="stripe" width="2" height="4"></rect>
        </pattern>
        ${
          shown === null
            ? nothing
            : svg`<rect class="read" x=${at * barWidth} y=${HEAD} width=${barWidth} height=${floor - HEAD}></rect>`
        }
        <g transform="translate(0 ${HEAD})">${width > 0 ? this.bars(histogram, width, floor - HEAD) : svg``}</g>
        <line class="base" x1="0" x2=${width} y1=${floor + 0.5} y2=${floor + 0.5}></line>
      </svg>
      <div class="ends"><span>${format.score(min)}</span><span>${unit}${format.score(max)}</span></div>
      <div
        class="handle"
        role="slider"
        tabindex="0"
        aria-label=${l10n.t('Threshold')}
        aria-valuemin=${min}
        aria-valuemax=${max}
        aria-valuenow=${threshold.value}
        aria-valuetext=${
          isUnknown ? flaggedText(threshold.value, flagged, table.size) : thresholdText(threshold.value, confusion)
        }
        title=${l10n.t('Threshold: {0}', threshold.how)}
        ${cssProperties({ left: `${part * width}px` })}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerleave=${this.onLeave}
        @focus=${this.onFocus}
        @blur=${this.onBlur}
        @keydown=${this.onKey}
      >
        <span class="value ${side}">${format.score(threshold.value)}</span>
      </div>
      ${shown === null ? this.legend() : html`<span class="head bin" aria-hidden="true">${binText(bins[at])}</span>`}
    `;
  }

  /** Whose bars are whose; a bin that is read says so itself. */
  private legend() {
    return html`<span class="head legend" aria-hidden="true"
      >${this.kinds(this.panel.derived.histogram).map((kind) => html`<span class=${kind}>${KIND_NAMES[kind]()}</span>`)}</span
    >`;
  }

  /** Where the threshold lies between the lowest and the highest score, 0..1. */
  private get thresholdPart(): number {
    const { histogram, threshold } = this.panel.derived;
    return clamp(shareOf(histogram, threshold.value), 0, 1);
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
    const taken = event.currentTarget as Element;
    taken.setPointerCapture(event.pointerId);
    // The handle is wider than its line: what is taken hold of beside it moves with the pointer, and a mere press moves nothing.
    this.held = taken.matches('.handle') ? this.thresholdPart - this.partAt(event) : 0;
    if (!taken.matches('.handle')) this.setPart(this.partAt(event));
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('.handle')?.focus();
  };

  private binAt(part: number): number {
    const { bins } = this.panel.derived.histogram;
    return clamp(Math.floor(part * bins.length), 0, bins.length - 1);
  }

  private readonly onLeave = () => (this.hovered = null);

  private readonly onBlur = () => (this.read = null);

  private readonly onMove = (event: PointerEvent) => {
    const part = this.partAt(event);
    this.hovered = this.binAt(part);
    // Only a drag that began here has the pointer: one that comes from elsewhere passes over.
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId))
      this.setPart(clamp(part + this.held, 0, 1));
  };

  /** By the keyboard, both the chart and the threshold begin by reading the bin at the threshold. */
  private readonly onFocus = (event: FocusEvent) => {
    if ((event.currentTarget as Element).matches(':focus-visible')) this.read = this.binAt(this.thresholdPart);
  };

  private readonly onReadKey = (event: KeyboardEvent) => {
    const last = this.panel.derived.histogram.bins.length - 1;
    const at = this.read ?? this.binAt(this.thresholdPart);
    const to = movedByKey(event, { at, first: 0, last, step: 1, page: Math.ceil(last / 10) });
    if (to === undefined) return;
    this.read = to;
    this.hovered = null; // until the pointer moves again
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const [step, shiftStep, page] = [1 / KEY_STEPS, 10 / KEY_STEPS, 0.1];
    const to = movedByKey(event, { at: this.thresholdPart, first: 0, last: 1, step, shiftStep, page });
    if (to === undefined) return;
    this.setPart(to);
    this.read = this.binAt(to);
    this.hovered = null;
    event.preventDefault();
    event.stopPropagation();
  };
}
