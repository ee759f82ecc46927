import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { Surface } from '../controllers/surface';
import { CELL_INSET, GAP, pictureSide } from '../model/grid-layout';
import { labelMark } from '../model/cell-name';
import type { HeatScale } from '../../extension/protocol/heat-scale';
import { heatPixels, isHot } from '../model/heat';
import type { PatchMap } from '../model/sample';
import { DEFECT, NONE } from '../model/table';
import { cssProperties } from './css-properties';
import { rowMarksStyle } from './row-marks-style';
import { tokens } from './style';

/** How heat is coloured; one object for all rows, so that comparing it by identity is enough. */
export interface HeatLook {
  readonly scale: HeatScale;
  readonly colours: Uint8Array;
  readonly opacity: number;
}

/** What lies over one picture. */
export interface CellMarks {
  /** undefined: not there yet, or there is no picture to lay it on. */
  readonly map: PatchMap | undefined;
  /** The picture's width by its height. */
  readonly aspect: number;
  readonly label: number;
  readonly truth: number;
}

/** Screen pixels per pixel of heat along a side: finer than the patch grid, coarse enough to draw a row within a frame. */
const COARSE = 2;

/** Rows are drawn one after another. */
const surface = new Surface();

const sameMarks = (a: CellMarks, b: CellMarks) =>
  a.map === b.map && a.aspect === b.aspect && a.label === b.label && a.truth === b.truth;

/**
 * What lies over the pictures of one row: heat, labels, ground truth, the threshold's ticks. It is one element per row because
 * the browser gives a canvas, and whatever is painted above it, layers of their own: with four per picture it drew 200 a frame
 * and missed every tenth; with three per row it doesn't.
 */
@customElement('musc-row-marks')
export class MuscRowMarks extends LitElement {
  @property({
    attribute: false,
    hasChanged: (now: CellMarks[], before: CellMarks[] | undefined) => differ(now, before),
  })
  cells: readonly CellMarks[] = [];
  @property({ attribute: false }) heat: HeatLook | null = null;
  /** A cell's width in CSS pixels. */
  @property({ attribute: false }) cell = 0;

  /**
   * Where the threshold lies in the run's score range, 0..1. Set outside of Lit's cycle: while it is dragged it changes at
   * every frame, and nothing else does.
   */
  set tick(part: number) {
    if (part === this.tickPart) return;
    this.tickPart = part;
    this.placeTicks();
  }

  private tickPart = 0;
  /** The row's heat. */
  private heats: ImageData | null = null;
  /** What it was drawn from, per cell. */
  private drawn: { marks: CellMarks; heat: HeatLook | null; hot: boolean }[] = [];
  @query('canvas', true) private canvas!: HTMLCanvasElement;
  @query('.ticks', true) private ticks!: HTMLElement;

  static override styles = [tokens, rowMarksStyle];

  private get stride(): number {
    return this.cell + GAP;
  }

  /** From the first picture's left to the last one's right. */
  private get width(): number {
    return Math.max(0, this.cells.length * this.stride - GAP - 2 * CELL_INSET);
  }

  override render() {
    const { cells, cell, stride } = this;
    return html`
      <canvas
        hidden
        ${cssProperties({ opacity: this.heat?.opacity ?? 0, width: `${this.width}px`, height: `${pictureSide(cell)}px` })}
      ></canvas>
      ${cells.map((marks, column) => this.marks(marks, column))}
      <div class="ticks" ${cssProperties({ top: `${pictureSide(cell) + 2}px` })}>
        ${cells.map((_, column) => html`<div class="tick" ${cssProperties({ left: `${column * stride}px` })}></div>`)}
      </div>
    `;
  }

  private marks({ label, truth }: CellMarks, column: number) {
    if (label === NONE && truth !== DEFECT) return nothing;
    const box = { left: `${column * this.stride}px`, width: `${pictureSide(this.cell)}px` };
    return html`<div class="marks" ${cssProperties(box)}>
      ${label === NONE ? nothing : html`<span class="badge l${label}">${labelMark(label)}</span>`}
      ${truth === DEFECT ? html`<span class="truth"></span>` : nothing}
    </div>`;
  }

  protected override updated(): void {
    this.drawHeat();
    this.placeTicks();
  }

  /** In whole pixels of the screen: a line between two of them is blurred. */
  private placeTicks(): void {
    if (!this.hasUpdated) return;
    const side = pictureSide(this.cell);
    const at = Math.min(Math.max(this.tickPart, 0) * side, side - 1);
    const x = Math.round(at * devicePixelRatio) / devicePixelRatio;
    this.ticks.style.setProperty('transform', `translateX(${x}px)`);
  }

  /** Thumbnails, maps and images come one after another: drawn again only where the heat itself is another. */
  private drawHeat(): void {
    const { canvas, cells, heat } = this;
    const side = pictureSide(this.cell) / COARSE;
    const stride = this.stride / COARSE;
    const width = this.width / COARSE;
    if (width !== this.heats?.width || side !== this.heats.height) {
      this.heats = width > 0 && side > 0 ? new ImageData(width, side) : null;
      this.drawn = [];
    }
    const { heats } = this;
    let stale = false;
    this.drawn = cells.map((marks, column) => {
      const before = this.drawn.at(column);
      if (before?.heat === heat && before.marks.map === marks.map && before.marks.aspect === marks.aspect)
        return before;
      const hot = marks.map !== undefined && heat !== null && isHot(marks.map, heat.scale);
      stale ||= hot || before?.hot === true;
      if (heats && before?.hot) clear(heats, column * stride, side);
      if (heats && hot) drawCell(heats, marks.map, marks.aspect, heat, column * stride, side);
      return { marks, heat, hot };
    });
    // Most rows are not hot, and a canvas in sight costs the browser a layer at every frame.
    canvas.hidden = !this.drawn.some(({ hot }) => hot);
    if (!stale || !heats || canvas.hidden) return;
    surface.begin(width, side)?.putImageData(heats, 0, 0);
    surface.show(canvas);
  }
}

/** Empties a square of pixels. */
function clear({ data, width }: ImageData, left: number, side: number): void {
  for (let y = 0; y < side; y++) data.fill(0, 4 * (y * width + left), 4 * (y * width + left + side));
}

const differ = (now: readonly CellMarks[], before: readonly CellMarks[] | undefined): boolean =>
  now.length !== before?.length || now.some((marks, i) => !sameMarks(marks, before[i]));

/** One picture's heat, on the place where the picture is fitted into a square. */
function drawCell(
  heats: ImageData,
  map: PatchMap,
  aspect: number,
  { scale, colours }: HeatLook,
  left: number,
  side: number,
): void {
  const width = Math.max(1, Math.round(side * Math.min(1, aspect)));
  const height = Math.max(1, Math.round(side / Math.max(1, aspect)));
  const pixels = heatPixels(map, width, height, scale, colours);
  const [x, y] = [left + Math.round((side - width) / 2), Math.round((side - height) / 2)];
  for (let row = 0; row < height; row++)
    heats.data.set(pixels.subarray(4 * row * width, 4 * (row + 1) * width), 4 * ((y + row) * heats.width + x));
}
