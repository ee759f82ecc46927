import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { Viewport } from '../controllers/viewport';
import { GUTTER, StagePainter, type Heat, type PatchPlace, type Scene } from '../controllers/stage-painter';
import { clamp, type Fractions, type Point, type Size } from '../model/geometry';
import { keyName } from '../model/key-name';
import type { Mask } from '../model/mask-outline';
import type { LineColours } from '../model/paint';
import { readingAt, readingText } from '../model/readout';
import { patchAt, patchCentre, sampleAt } from '../model/sample';
import { movedByKey } from '../model/slider-keys';
import type { Arrangement } from '../state/view';
import { cssProperties } from './css-properties';
import { stageStyle } from './stage-style';
import { tokens } from './style';

/** Half a period of blinking, ms: slow enough to compare, below 3 flashes a second (WCAG 2.3.1). */
const BLINK = 700;

/** One of two maps that are compared: whose it is, and why it is not there. */
export interface Half {
  readonly title: string;
  readonly absent: string | null;
}

/** A picture with its heat, zoomed and panned together in one or two panes. Draws on a canvas, in device pixels. */
@customElement('musc-stage')
export class MuscStage extends LitElement {
  /** What is there to draw already: the picture, or its thumbnail while it loads. */
  @property({ attribute: false }) picture: CanvasImageSource | null = null;
  @property({ attribute: false }) pictureSize: Size = { width: 1, height: 1 };
  @property({ attribute: false }) heat: Heat | null = null;
  /** In comparisons: the left pane's heat; null: the bare picture. */
  @property({ attribute: false }) leftHeat: Heat | null = null;
  /** In comparisons: what is left and right. */
  @property({ attribute: false }) halves: readonly [Half, Half] | null = null;
  @property({ attribute: false }) mask: Mask | null = null;
  @property({ attribute: false }) outline = true;
  @property({ attribute: false }) fill = false;
  @property({ attribute: false }) arrangement: Arrangement = 'overlay';
  @property({ attribute: false }) patch: PatchPlace | null = null;
  @property({ attribute: false }) label = '';

  @query('.below') private canvas!: HTMLCanvasElement;
  @query('.above') private lines!: HTMLCanvasElement;
  @state() private cursor: Point | null = null;
  @state() private divider = 0.5;
  @state() private blinkOn = true;

  readonly viewport = new Viewport(this, (at) => this.chosen(at));
  private observer: ResizeObserver | undefined;
  private blinkTimer: ReturnType<typeof setInterval> | undefined;
  private size: Size = { width: 0, height: 0 };

  private readonly painter = new StagePainter();

  static override styles = [tokens, stageStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    clearInterval(this.blinkTimer);
    this.blinkTimer = undefined;
  }

  override focus(options?: FocusOptions): void {
    this.canvas.focus(options);
  }

  private get panes(): 1 | 2 {
    return this.arrangement === 'side' ? 2 : 1;
  }

  private get paneWidth(): number {
    return this.panes === 2 ? (this.size.width - GUTTER) / 2 : this.size.width;
  }

  private measure(): void {
    this.size = { width: this.clientWidth, height: this.clientHeight };
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.size.width > 0)
      this.viewport.resize({ width: this.paneWidth, height: this.size.height }, this.pictureSize);
    if (changed.has('arrangement')) this.blink();
  }

  private blink(): void {
    clearInterval(this.blinkTimer);
    this.blinkTimer = undefined;
    this.blinkOn = true;
    if (this.arrangement !== 'blink') return;
    this.blinkTimer = setInterval(() => {
      // Asked at every beat: the settings can change meanwhile. B switches by hand.
      if (!isMotionUnwanted()) this.blinkOn = !this.blinkOn;
    }, BLINK);
  }

  override render() {
    const contour = [this.leftHeat, this.heat].some((heat) => heat && heat.contour !== null);
    const truth = this.mask !== null && (this.outline || this.fill);
    return html`
      <canvas
        class="below"
        tabindex="0"
        role="img"
        aria-label=${this.name}
        aria-keyshortcuts="+ - f z b Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown"
        @pointerdown=${(e: PointerEvent) => this.viewport.pointerDown(e)}
        @pointermove=${this.onMove}
        @pointerup=${(e: PointerEvent) => this.viewport.pointerUp(this.pointOf(e))}
        @pointercancel=${() => this.viewport.pointerCancel()}
        @pointerleave=${() => (this.cursor = null)}
        @wheel=${(e: WheelEvent) => this.viewport.wheel(e, this.pointOf(e))}
        @dblclick=${() => this.viewport.fit()}
        @keydown=${this.onKey}
      ></canvas>
      <canvas class="above" aria-hidden="true"></canvas>
      ${this.halves?.map((half, i) => heading(half, i === 0 ? 'left' : 'right')) ?? nothing}
      ${
        contour || truth
          ? html`<span class="note legend ${this.halves ? 'low' : ''}">
              ${contour ? html`<span class="contour">${l10n.t('above threshold')}</span>` : nothing}
              ${truth ? html`<span class="truth">${l10n.t('ground truth')}</span>` : nothing}
            </span>`
          : nothing
      }
      ${this.arrangement === 'swipe' ? this.swipe() : nothing} ${this.readout()}
      <span class="note zoom">${Math.round(this.viewport.view.scale * 100)} %</span>
    `;
  }

  private swipe() {
    return html`<div
      class="swipe"
      role="slider"
      tabindex="0"
      aria-label=${l10n.t('Divider between picture and heatmap')}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(this.divider * 100)}
      ${cssProperties({ left: `${this.divider * 100}%` })}
      @pointerdown=${(e: PointerEvent) => (e.currentTarget as Element).setPointerCapture(e.pointerId)}
      @pointermove=${(e: PointerEvent) => {
        if (e.buttons & 1) this.divider = clamp(this.pointIn(e).x / this.size.width, 0, 1);
      }}
      @keydown=${(e: KeyboardEvent) => {
        const to = movedByKey(e, { at: this.divider, first: 0, last: 1, step: 0.02, page: 0.1 });
        if (to === undefined) return;
        this.divider = to;
        e.preventDefault();
        e.stopPropagation();
      }}
    ></div>`;
  }

  /** What it shows, with the chosen patch for who can't see it. */
  private get name(): string {
    const chosen = this.reading(this.chosenPlace);
    return chosen === null ? this.label : l10n.t('{0}. Chosen: {1}', this.label, chosen);
  }

  private get chosenPlace(): Fractions | null {
    return this.heat && this.patch && patchCentre(this.heat.map, this.patch.row, this.patch.column);
  }

  /** Place and value under the pointer; of the chosen patch while it is away. */
  private readout() {
    const pointed = this.cursor && this.viewport.fractions(this.cursor);
    const text = this.reading(pointed ?? this.chosenPlace);
    return text === null ? nothing : html`<span class="note readout">${text}</span>`;
  }

  private reading(at: Fractions | null): string | null {
    const map = (this.heat ?? this.leftHeat)?.map;
    if (!at || !map) return null;
    const reading = readingAt(map, this.pictureSize, at);
    if (!this.halves) return readingText(reading);
    const values = [this.leftHeat, this.heat].map((heat) => heat && sampleAt(heat.map, at.u, at.v));
    return readingText(reading, values);
  }

  private pointIn(event: MouseEvent): Point {
    const box = this.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** A point in the pane it is in: panes share one view. */
  private pointOf(event: MouseEvent): Point {
    const { x, y } = this.pointIn(event);
    const right = this.panes === 2 && x > this.paneWidth + GUTTER / 2;
    return { x: right ? x - this.paneWidth - GUTTER : x, y };
  }

  private readonly onMove = (event: PointerEvent) => {
    this.cursor = this.pointOf(event);
    this.viewport.pointerMove(event);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    if (!this.handleKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Zooms, pans or blinks by hand, from anywhere in the panel; false for any other key. */
  handleKey(event: KeyboardEvent): boolean {
    if (keyName(event) !== 'b' || this.arrangement !== 'blink' || event.ctrlKey || event.metaKey || event.altKey)
      return this.viewport.key(event);
    if (!event.repeat) this.blinkByHand();
    return true;
  }

  /** Who switches by hand is not interrupted: it no longer blinks by itself. */
  private blinkByHand(): void {
    clearInterval(this.blinkTimer);
    this.blinkOn = !this.blinkOn;
  }

  private chosen(at: Point): void {
    const where = this.viewport.fractions(at);
    if (!where || !this.heat) return;
    const detail: PatchPlace = patchAt(this.heat.map, where.u, where.v);
    this.dispatchEvent(new CustomEvent<PatchPlace>('musc-patch', { detail, bubbles: true, composed: true }));
  }

  protected override updated(): void {
    if (this.size.width === 0 || this.size.height === 0) return;
    const { picture, pictureSize, heat, leftHeat, mask, outline, fill, arrangement, patch } = this;
    const { size, paneWidth, divider, blinkOn } = this;
    const hovered = this.cursor && this.viewport.fractions(this.cursor);
    const given = { picture, pictureSize, heat, leftHeat, mask, outline, fill, arrangement, patch };
    const scene: Scene = { ...given, hovered, view: this.viewport.view, size, paneWidth, divider, blinkOn };
    this.painter.draw(scene, this.canvas, this.lines, this.colours());
  }

  /** The contour has the theme's red; truth and the chosen patch must show on any picture. */
  private colours(): LineColours {
    // Read where the editor sets it: a computed style would make the browser lay out the page at every drawing.
    const contour = document.documentElement.style.getPropertyValue('--vscode-charts-red').trim() || 'red';
    return { contour, truth: 'white', patch: 'cyan' };
  }
}

/** What is on one side of a comparison. */
const heading = ({ title, absent }: Half, side: 'left' | 'right') =>
  html`<span class="note ${side}">${title}</span>
    ${absent === null ? nothing : html`<span class="note absent ${side}">${absent}</span>`}`;

/** Whether nothing may move by itself: by the system's setting or by the editor's own, which is a class of the page. */
function isMotionUnwanted(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')
  );
}
