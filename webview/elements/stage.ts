import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { Viewport } from '../controllers/viewport';
import { contourLines } from '../model/contour';
import { clamp, type Point, type Size } from '../model/geometry';
import { heatPixels, type HeatScale } from '../model/heat';
import { outlineLines, type Mask } from '../model/mask-outline';
import { paint, type LineColours, type Pane } from '../model/paint';
import { patchAt, sampleAt, type PatchMap } from '../model/sample';
import { memo } from '../state/store';
import type { Arrangement } from '../state/view';
import { cssProperties } from './css-properties';
import { tokens } from './style';

/** Heat laid over the picture: a map and how it is coloured. */
export interface Heat {
  readonly map: PatchMap;
  readonly scale: HeatScale;
  readonly colours: Uint8Array;
  readonly opacity: number;
  /** On the scale of the map; null: no contour. */
  readonly contour: number | null;
  readonly title?: string;
}

/** A click on the picture: the patch it hit. */
export interface PatchDetail {
  readonly row: number;
  readonly column: number;
}

/** Longest side of the drawn heat, px: between patches there is nothing finer to show. */
const HEAT_SIDE = 288;
/** Half a period of blinking, ms: slow enough to compare, below 3 flashes a second (WCAG 2.3.1). */
const BLINK = 700;
const GUTTER = 6;

/** A picture with its heat, zoomed and panned together in one or two panes. Draws on a canvas, in device pixels. */
@customElement('musc-stage')
export class MuscStage extends LitElement {
  /** What is there to draw already: the picture, or its thumbnail while it loads. */
  @property({ attribute: false }) picture: CanvasImageSource | null = null;
  @property({ attribute: false }) pictureSize: Size = { width: 1, height: 1 };
  @property({ attribute: false }) heat: Heat | null = null;
  /** In comparisons: the left pane's heat; null: the bare picture. */
  @property({ attribute: false }) leftHeat: Heat | null = null;
  @property({ attribute: false }) mask: Mask | null = null;
  @property({ attribute: false }) outline = true;
  @property({ attribute: false }) fill = false;
  @property({ attribute: false }) arrangement: Arrangement = 'overlay';
  @property({ attribute: false }) patch: PatchDetail | null = null;
  @property({ attribute: false }) label = '';

  @query('canvas') private canvas!: HTMLCanvasElement;
  @state() private cursor: Point | null = null;
  @state() private divider = 0.5;
  @state() private blinkOn = true;

  readonly viewport = new Viewport(this, (at) => this.chosen(at));
  private observer: ResizeObserver | undefined;
  private blinkTimer: ReturnType<typeof setInterval> | undefined;
  private size: Size = { width: 0, height: 0 };

  private readonly heatCanvas = [memo(drawHeat), memo(drawHeat)];
  private readonly lines = [memo(contourLines), memo(contourLines)];
  private readonly runs = memo((mask: Mask) => outlineLines(mask));
  private readonly fillCanvas = memo(drawMask);

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 0;
        overflow: hidden;
        background: color-mix(in srgb, black 82%, var(--bg));
        border-radius: 3px;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        touch-action: none;
        cursor: crosshair;
      }
      canvas:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      .note {
        position: absolute;
        padding: 2px 8px;
        color: white;
        background: var(--scrim);
        border-radius: 3px;
        font-size: 11px;
        line-height: 16px;
        pointer-events: none;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .readout {
        left: 8px;
        bottom: 8px;
      }
      .zoom {
        right: 8px;
        bottom: 8px;
      }
      .left {
        left: 8px;
        top: 8px;
      }
      .right {
        top: 8px;
        left: calc(50% + 11px);
      }
      .legend {
        right: 8px;
        top: 8px;
        display: flex;
        gap: 10px;
      }
      .legend.low {
        inset: auto auto 32px 8px;
      }
      .legend span::before {
        content: '';
        display: inline-block;
        width: 12px;
        margin-right: 5px;
        vertical-align: middle;
        border-top: 2px solid currentColor;
      }
      .legend .truth::before {
        border-top-style: dashed;
      }
      .legend .contour::before {
        border-color: var(--defect);
      }
      .swipe {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 11px;
        margin-left: -5px;
        padding: 0;
        border: 0;
        background:
          linear-gradient(white, white) 5px 0 / 1px 100% no-repeat,
          linear-gradient(black, black) 4px 0 / 3px 100% no-repeat;
        cursor: ew-resize;
        touch-action: none;
      }
      .swipe::after {
        content: '';
        position: absolute;
        top: calc(50% - 11px);
        left: -6px;
        width: 22px;
        height: 22px;
        border: 1px solid black;
        border-radius: 50%;
        background: white;
      }
    `,
  ];

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
    // With reduced motion nothing moves by itself: B switches by hand.
    if (this.arrangement === 'blink' && !matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.blinkTimer = setInterval(() => (this.blinkOn = !this.blinkOn), BLINK);
  }

  override render() {
    const contour = this.heat?.contour !== null && this.heat !== null;
    const truth = this.mask !== null && (this.outline || this.fill);
    const titled = this.heat?.title !== undefined || this.leftHeat?.title !== undefined;
    return html`
      <canvas
        tabindex="0"
        role="img"
        aria-label=${this.label}
        aria-keyshortcuts="+ - f z Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown"
        @pointerdown=${(e: PointerEvent) => this.viewport.pointerDown(e)}
        @pointermove=${this.onMove}
        @pointerup=${(e: PointerEvent) => this.viewport.pointerUp(this.pointOf(e))}
        @pointercancel=${() => this.viewport.pointerCancel()}
        @pointerleave=${() => (this.cursor = null)}
        @wheel=${(e: WheelEvent) => this.viewport.wheel(e, this.pointOf(e))}
        @dblclick=${() => this.viewport.fit()}
        @keydown=${this.onKey}
      ></canvas>
      ${
        this.panes === 2 && titled
          ? html`<span class="note left">${this.leftHeat?.title}</span
              ><span class="note right">${this.heat?.title}</span>`
          : nothing
      }
      ${
        contour || truth
          ? html`<span class="note legend ${this.panes === 2 && titled ? 'low' : ''}">
              ${contour ? html`<span class="contour">above threshold</span>` : nothing}
              ${truth ? html`<span class="truth">ground truth</span>` : nothing}
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
      aria-label="Divider between picture and heatmap"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(this.divider * 100)}
      ${cssProperties({ left: `${this.divider * 100}%` })}
      @pointerdown=${(e: PointerEvent) => (e.currentTarget as Element).setPointerCapture(e.pointerId)}
      @pointermove=${(e: PointerEvent) => {
        if (e.buttons & 1) this.divider = clamp(this.pointIn(e).x / this.size.width, 0, 1);
      }}
      @keydown=${(e: KeyboardEvent) => {
        const step = e.key === 'ArrowLeft' ? -0.02 : e.key === 'ArrowRight' ? 0.02 : 0;
        if (step === 0) return;
        this.divider = clamp(this.divider + step, 0, 1);
        e.preventDefault();
        e.stopPropagation();
      }}
    ></div>`;
  }

  private readout() {
    const at = this.cursor && this.viewport.fractions(this.cursor);
    if (!at || !this.heat) return nothing;
    const { map } = this.heat;
    const patch = patchAt(map, at.u, at.v);
    const x = Math.min(this.pictureSize.width - 1, Math.floor(at.u * this.pictureSize.width));
    const y = Math.min(this.pictureSize.height - 1, Math.floor(at.v * this.pictureSize.height));
    const other = this.panes === 2 && this.leftHeat ? `${sampleAt(this.leftHeat.map, at.u, at.v).toFixed(3)} | ` : '';
    return html`<span class="note readout"
      >x ${x} y ${y} · ${other}${sampleAt(map, at.u, at.v).toFixed(3)} · patch ${patch.row}, ${patch.column}</span
    >`;
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
    if (event.key === 'b' && this.arrangement === 'blink') this.blinkOn = !this.blinkOn;
    else if (!this.viewport.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  private chosen(at: Point): void {
    const where = this.viewport.fractions(at);
    if (!where || !this.heat) return;
    const detail: PatchDetail = patchAt(this.heat.map, where.u, where.v);
    this.dispatchEvent(new CustomEvent<PatchDetail>('musc-patch', { detail, bubbles: true, composed: true }));
  }

  protected override updated(): void {
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const density = devicePixelRatio;
    const pixels = { width: Math.round(width * density), height: Math.round(height * density) };
    if (this.canvas.width !== pixels.width) this.canvas.width = pixels.width;
    if (this.canvas.height !== pixels.height) this.canvas.height = pixels.height;
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    const colours = this.colours();
    const draw = (pane: Pane, shift: number, left: number, right: number) => {
      const view = { ...this.viewport.view, x: this.viewport.view.x + shift };
      paint(context, pane, view, { left, right }, this.size, colours);
    };
    const hot = this.pane(this.heat, 0, true);
    const bare = this.pane(this.leftHeat, 1, this.leftHeat !== null);
    switch (this.arrangement) {
      case 'overlay':
        return draw(hot, 0, 0, width);
      case 'blink':
        return draw(this.blinkOn ? hot : bare, 0, 0, width);
      case 'swipe': {
        const middle = width * this.divider;
        draw(bare, 0, 0, middle);
        return draw(hot, 0, middle, width);
      }
      case 'side': {
        draw(bare, 0, 0, this.paneWidth);
        const from = this.paneWidth + GUTTER;
        return draw(hot, from, from, width);
      }
    }
  }

  private pane(heat: Heat | null, slot: 0 | 1, marked: boolean): Pane {
    const { map } = heat ?? {};
    return {
      picture: this.picture,
      size: this.pictureSize,
      heat: heat ? this.heatCanvas[slot](heat.map, heat.scale, heat.colours, this.pictureSize) : null,
      opacity: heat?.opacity ?? 0,
      contour: heat && map && heat.contour !== null ? this.lines[slot](map, heat.contour) : [],
      outline: marked && this.outline && this.mask ? this.runs(this.mask) : [],
      fill: marked && this.fill && this.mask ? this.fillCanvas(this.mask) : null,
      patch: marked && heat && this.patch ? patchBox(heat.map, this.patch) : null,
    };
  }

  /** The contour has the theme's red; truth and the chosen patch must show on any picture. */
  private colours(): LineColours {
    // Read where the editor sets it: a computed style would make the browser lay out the page at every drawing.
    const contour = document.documentElement.style.getPropertyValue('--vscode-charts-red').trim() || 'red';
    return { contour, truth: 'white', patch: 'cyan' };
  }
}

/** The area nearest to a patch, in fractions of the picture. */
function patchBox(map: PatchMap, { row, column }: PatchDetail): [number, number, number, number] {
  const [w, h] = [1 / Math.max(1, map.width - 1), 1 / Math.max(1, map.height - 1)];
  return [
    clamp((column - 0.5) * w, 0, 1),
    clamp((row - 0.5) * h, 0, 1),
    clamp((column + 0.5) * w, 0, 1),
    clamp((row + 0.5) * h, 0, 1),
  ];
}

function drawHeat(map: PatchMap, scale: HeatScale, colours: Uint8Array, size: Size): HTMLCanvasElement {
  const factor = HEAT_SIDE / Math.max(size.width, size.height);
  const width = Math.max(2, Math.round(size.width * factor));
  const height = Math.max(2, Math.round(size.height * factor));
  return canvasOf(heatPixels(map, width, height, scale, colours), width, height);
}

function drawMask(mask: Mask): HTMLCanvasElement {
  const pixels = new Uint8ClampedArray(mask.data.length * 4);
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] !== 0) pixels.set([255, 255, 255, 110], i * 4);
  return canvasOf(pixels, mask.width, mask.height);
}

function canvasOf(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}
