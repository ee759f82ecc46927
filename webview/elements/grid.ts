import { html, nothing, type PropertyValues } from 'lit';
import { customElement, query, queryAll } from 'lit/decorators.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import { VirtualRows } from '../controllers/virtual-rows';
import { GAP, gridHeight, gridLayout, type GridLayout, PADDING, scrollTo, thumbnailSize } from '../model/grid-layout';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { cssProperties } from './css-properties';
import { gridStyle } from './grid-style';
import './row';
import type { MuscRow } from './row';
import type { HeatLook } from './row-marks';
import { controls, tokens } from './style';

/** The ranked pictures: a virtual grid of recycled cards. One tab stop; the active cell follows the arrow keys. */
@customElement('musc-grid')
export class MuscGrid extends PanelElement {
  @query('.scroll') private scroller!: HTMLElement;
  @queryAll('musc-row') private rowElements!: NodeListOf<MuscRow>;

  private readonly rows = new VirtualRows(this, () => this.scroller);
  private readonly lookMemo = memo((scale: HeatLook['scale'], colormap: Colormap, opacity: number): HeatLook => ({
    scale,
    colours: colormapTable(colormap),
    opacity,
  }));
  private readonly layoutMemo = memo(gridLayout);
  private readonly arrived = new Set<number>();
  private unlisten: (() => void)[] = [];
  private frame: number | undefined;
  private shownCurrent: number | null = null;
  private restored = false;

  static override styles = [tokens, controls, gridStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    // What arrives between two frames is shown by one rendering.
    const arrived = (images: readonly number[]) => {
      for (const image of images) this.arrived.add(image);
      this.frame ??= requestAnimationFrame(() => this.showArrivals());
    };
    this.unlisten = [this.panel.maps.subscribe(arrived)];
    for (const size of [128, 256, 512] as const) this.unlisten.push(this.panel.thumbnails(size).subscribe(arrived));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.unlisten) stop();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  private showArrivals(): void {
    this.frame = undefined;
    for (const row of this.rowElements) if (row.images.some((i) => this.arrived.has(i))) row.requestUpdate();
    this.arrived.clear();
  }

  private get layout(): GridLayout {
    return this.layoutMemo(this.panel.state.view.size, this.rows.width);
  }

  override render() {
    const { visible } = this.panel.derived;
    const { columns, stride } = this.layout;
    const { look } = this;
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
            height: `${gridHeight(this.layout, rowCount)}px`,
          })}
        >
          ${slots.map((row) => this.row(row, look))}
        </div>
      </div>
      ${visible.length === 0 ? this.empty() : nothing}
    `;
  }

  private row(row: number, look: HeatLook | null) {
    const { columns, stride } = this.layout;
    return html`
      <musc-row
        class="row"
        role="row"
        aria-rowindex=${row + 1}
        .panel=${this.panel}
        .images=${this.panel.derived.visible.subarray(row * columns, (row + 1) * columns)}
        .layout=${this.layout}
        .look=${look}
        ${cssProperties({ transform: `translate(${PADDING}px, ${PADDING + row * stride}px)`, gap: `${GAP}px` })}
      ></musc-row>
    `;
  }

  private get look(): HeatLook | null {
    const { scale, snapshot } = this.panel.derived;
    const { heat } = this.panel.state.view;
    return heat.on ? this.lookMemo(scale, heat.colormap ?? snapshot.settings.colormap, heat.opacity) : null;
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
    this.panel.thumbnails(thumbnailSize(this.layout, devicePixelRatio)).want([...seen, ...near]);
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
    const top = scrollTo(this.layout, at, this.scroller.scrollTop, this.scroller.clientHeight);
    if (top !== null) this.scroller.scrollTop = top;
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
