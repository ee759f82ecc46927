import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import type { Thumbnail } from '../../extension/protocol/panel';
import { VirtualRows } from '../controllers/virtual-rows';
import { doubtOf } from '../model/doubt';
import * as format from '../model/format';
import { DEFECT, GOOD, NONE } from '../model/table';
import type { BatchCache } from '../state/batch-cache';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { LABELS, type HeatLook } from './card';
import { cssProperties } from './css-properties';
import { controls, tokens } from './style';

/** Narrowest cell per size, px. */
const CELL: Readonly<Record<'S' | 'M' | 'L', number>> = { S: 84, M: 112, L: 204 };
const GAP = 8;
const PADDING = 8;
/** Below the picture: score bar and text. */
const CAPTION = 29;

/** The ranked pictures: a virtual grid of recycled cards. One tab stop; the active cell follows the arrow keys. */
@customElement('musc-grid')
export class MuscGrid extends PanelElement {
  @query('.scroll') private scroller!: HTMLElement;
  @state() private arrivals = 0;

  private readonly rows = new VirtualRows(this, () => this.scroller);
  private readonly lookMemo = memo((scale: HeatLook['scale'], colormap: Colormap, opacity: number): HeatLook => ({
    scale,
    colours: colormapTable(colormap),
    opacity,
  }));
  private unlisten: (() => void)[] = [];
  private shownCurrent: number | null = null;
  private restored = false;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
        min-height: 0;
      }
      .scroll {
        height: 100%;
        overflow: hidden auto;
        outline: none;
        overflow-anchor: none;
        scrollbar-gutter: stable;
      }
      .space {
        position: relative;
        width: 1px;
      }
      .row {
        position: absolute;
        left: 0;
        top: 0;
        display: flex;
        will-change: transform;
      }
      .cell {
        padding: 5px;
        border: 1px solid transparent;
        border-radius: 6px;
        cursor: pointer;
      }
      .cell:hover {
        background: var(--hover);
      }
      .cell.selected {
        background: var(--vscode-list-inactiveSelectionBackground, var(--hover));
        border-color: color-mix(in srgb, var(--focus) 55%, transparent);
      }
      .cell.current {
        border-color: var(--vscode-contrastActiveBorder, var(--focus));
        background: color-mix(in srgb, var(--focus) 16%, transparent);
      }
      .scroll:focus-visible .cell.current {
        outline: 2px solid var(--focus);
        outline-offset: -1px;
      }
      @media (forced-colors: active) {
        .cell {
          border-color: Canvas;
        }
        .cell.selected {
          border: 2px dashed Highlight;
          padding: 4px;
        }
        .cell.current {
          border-style: solid;
          outline: 1px solid Highlight;
        }
      }
      musc-card {
        width: 100%;
        height: 100%;
      }
      .empty {
        position: absolute;
        inset: 0;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 10px;
        padding: 20px;
        color: var(--muted);
        text-align: center;
        pointer-events: none;
      }
      .empty button {
        pointer-events: auto;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const arrived = () => this.arrivals++;
    this.unlisten = [this.panel.maps.subscribe(arrived)];
    for (const size of [128, 256, 512] as const) this.unlisten.push(this.panel.thumbnails(size).subscribe(arrived));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.unlisten) stop();
  }

  private get layout() {
    const minimum = CELL[this.panel.state.view.size] + 12;
    const width = Math.max(minimum, this.rows.width - 2 * PADDING);
    const columns = Math.max(1, Math.floor((width + GAP) / (minimum + GAP)));
    const cell = Math.floor((width - (columns - 1) * GAP) / columns);
    return { columns, cell, height: cell + CAPTION, stride: cell + CAPTION + GAP };
  }

  private get thumbnailSize(): 128 | 256 | 512 {
    const pixels = this.layout.cell * Math.min(devicePixelRatio, 2);
    return pixels <= 140 ? 128 : pixels <= 300 ? 256 : 512;
  }

  override render() {
    const { visible } = this.panel.derived;
    const { columns, cell, height, stride } = this.layout;
    const rowCount = Math.ceil(visible.length / columns);
    const { from, to } = this.rows.range(rowCount, stride, PADDING);
    const pool = to - from;
    // Row r always lives in slot r mod pool: while scrolling, rows in view keep their elements and nothing is created.
    const slots = Array.from({ length: pool }, (_, slot) => from + ((slot - (from % pool) + pool) % pool));
    const current = this.panel.state.current;
    const at = current === null ? -1 : visible.indexOf(current);
    const inView = at >= 0 && Math.floor(at / columns) >= from && Math.floor(at / columns) < to;
    return html`
      <div
        class="scroll"
        role="grid"
        tabindex="0"
        aria-label="Images, ${visible.length} of ${this.panel.derived.table.size}"
        aria-rowcount=${rowCount}
        aria-colcount=${columns}
        aria-multiselectable="true"
        aria-activedescendant=${inView ? `cell-${current}` : nothing}
        @keydown=${this.onKey}
        @click=${this.onClick}
        @dblclick=${this.onOpen}
        @scroll=${this.onScroll}
      >
        <div
          class="space"
          role="presentation"
          ${cssProperties({
            height: `${Math.max(0, rowCount * stride - GAP) + 2 * PADDING}px`,
          })}
        >
          ${slots.map((row) => this.row(row, columns, cell, height, stride))}
        </div>
      </div>
      ${visible.length === 0 ? this.empty() : nothing}
    `;
  }

  private row(row: number, columns: number, cell: number, height: number, stride: number) {
    const images = this.panel.derived.visible.subarray(row * columns, (row + 1) * columns);
    const thumbnails = this.panel.thumbnails(this.thumbnailSize);
    return html`
      <div
        class="row"
        role="row"
        aria-rowindex=${row + 1}
        ${cssProperties({ transform: `translate(${PADDING}px, ${PADDING + row * stride}px)`, gap: `${GAP}px` })}
      >
        ${Array.from(images, (image, column) => this.cell(image, column, cell, height, thumbnails))}
      </div>
    `;
  }

  private cell(image: number, column: number, width: number, height: number, thumbnails: BatchCache<Thumbnail>) {
    const { state, derived } = this.panel;
    const { table, facts, snapshot, threshold } = derived;
    const { min, max } = derived.histogram;
    const span = max - min;
    const thumbnail = thumbnails.peek(image);
    const problem =
      thumbnail?.reason ??
      thumbnails.errorOf(image) ??
      (state.missing.has(image) ? this.panel.missingReason(image) : undefined);
    const { width: w, height: h } = snapshot.run.images[image];
    const { heat } = state.view;
    const look = heat.on
      ? this.lookMemo(derived.scale, heat.colormap ?? snapshot.settings.colormap, heat.opacity)
      : null;
    const selected = state.selection.has(image);
    const score = table.score[image];
    return html`
      <div
        class="cell ${selected ? 'selected' : ''} ${image === state.current ? 'current' : ''}"
        role="gridcell"
        id="cell-${image}"
        data-image=${image}
        aria-colindex=${column + 1}
        aria-selected=${selected}
        aria-label=${this.nameOf(image, problem)}
        data-rank=${this.panel.derived.table.rank[image] + 1}
        ${cssProperties({ width: `${width}px`, height: `${height}px` })}
      >
        <musc-card
          aria-hidden="true"
          .image=${image}
          .path=${table.path[image]}
          .rank=${table.rank[image]}
          .score=${score}
          .share=${Math.max(0.01, (score - min) / span)}
          .tick=${(threshold.value - min) / span}
          .flagged=${score >= threshold.value}
          .label=${state.labels[image]}
          .truth=${table.truth[image]}
          .doubt=${doubtOf(image, facts)}
          .uri=${thumbnail?.uri}
          .problem=${problem}
          .aspect=${w / h}
          .map=${this.panel.maps.peek(image)}
          .heat=${look}
        ></musc-card>
      </div>
    `;
  }

  /** What a screen reader says of an image: first what is to be seen, as WCAG 2.5.3 asks, then what colours and marks say. */
  private nameOf(image: number, problem: string | undefined): string {
    const { table, facts } = this.panel.derived;
    const label = this.panel.state.labels[image];
    const seen = [
      problem,
      LABELS[label],
      String(table.rank[image] + 1),
      format.shortPath(table.path[image]),
      format.score(table.score[image]),
    ];
    const marks = [table.score[image] >= facts.threshold ? 'above threshold' : 'below threshold'];
    if (label !== NONE) marks.push(`labelled ${LABELS[label].toLowerCase()}`);
    if (table.truth[image] === DEFECT) marks.push('ground truth defect');
    if (table.truth[image] === GOOD) marks.push('ground truth good');
    if (doubtOf(image, facts)) marks.push('to check');
    return `${seen.filter(Boolean).join(' ')}, ${marks.join(', ')}`;
  }

  private empty() {
    if (this.panel.derived.table.size === 0)
      return html`<div class="empty">
        <span>No picture in this run could be read.</span>
      </div>`;
    return html`<div class="empty">
      <span>No image passes the filter.</span>
      <button @click=${() => this.panel.clearFilter()}>Show all images</button>
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    this.loadVisible();
    this.follow();
  }

  private loadVisible(): void {
    const { visible } = this.panel.derived;
    const { columns } = this.layout;
    const { first, last, from, to } = this.rows;
    const seen = [...visible.subarray(first * columns, last * columns)];
    const near = [...visible.subarray(from * columns, to * columns)].filter((i) => !seen.includes(i));
    this.panel.thumbnails(this.thumbnailSize).want([...seen, ...near]);
    this.panel.maps.want([...seen, ...near]);
  }

  /** Scrolls to the current image when it has changed, and once to where the grid was left. */
  private follow(): void {
    const { current, view } = this.panel.state;
    if (!this.restored && this.rows.height > 0) {
      this.restored = true;
      this.shownCurrent = current;
      this.scroller.scrollTop = view.scrollTop;
      return;
    }
    if (current === this.shownCurrent) return;
    this.shownCurrent = current;
    const at = current === null ? -1 : this.panel.derived.visible.indexOf(current);
    if (at < 0) return;
    const { columns, stride } = this.layout;
    const top = PADDING + Math.floor(at / columns) * stride;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top - PADDING;
    else if (top + stride > scrollTop + clientHeight) this.scroller.scrollTop = top + stride - clientHeight;
  }

  private readonly onScroll = () => {
    this.rows.moved();
    this.rows.whenStill(() => this.panel.setView({ scrollTop: this.scroller.scrollTop }));
  };

  private imageOf(event: Event): number | null {
    const cell = event
      .composedPath()
      .find((t): t is HTMLElement => t instanceof HTMLElement && t.dataset.image !== undefined);
    return cell ? Number(cell.dataset.image) : null;
  }

  private readonly onClick = (event: MouseEvent) => {
    const image = this.imageOf(event);
    if (image === null) return;
    this.panel.select(image, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
  };

  private readonly onOpen = () => this.panel.setView({ pane: 'image', front: 'pane' });

  private readonly onKey = (event: KeyboardEvent) => {
    const { columns, stride } = this.layout;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / stride)) * columns;
    const { visible } = this.panel.derived;
    const moves: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      PageDown: page,
      PageUp: -page,
      Home: -visible.length,
      End: visible.length,
    };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') this.panel.selectAll();
    else if (event.key === 'Enter') this.onOpen();
    else if (event.key in moves && !event.altKey) this.move(moves[event.key], event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private move(offset: number, extend: boolean): void {
    const { visible } = this.panel.derived;
    const { current } = this.panel.state;
    const at = current === null ? -1 : visible.indexOf(current);
    if (visible.length === 0) return;
    const to = at < 0 ? 0 : at + offset;
    // A step down from the last full row goes to the last image, not nowhere.
    const image = visible[Math.min(Math.max(to, 0), visible.length - 1)];
    this.panel.select(image, extend ? 'extend' : 'only');
  }
}
