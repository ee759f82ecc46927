import * as l10n from '@vscode/l10n';
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, query, queryAll, state } from 'lit/decorators.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import { VirtualRows } from '../controllers/virtual-rows';
import * as format from '../model/format';
import { clamp } from '../model/geometry';
import {
  firstPlace,
  GAP,
  gridHeight,
  gridLayout,
  type GridLayout,
  PADDING,
  placesInSight,
  scrollTo,
  thumbnailSize,
  topOfPlace,
} from '../model/grid-layout';
import { shareOf } from '../model/histogram';
import { keyName } from '../model/key-name';
import type { Sight } from '../state/panel';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { button } from './button';
import { cssProperties } from './css-properties';
import { gridStyle } from './grid-style';
import './row';
import type { MuscRow } from './row';
import type { HeatLook } from './row-marks';
import { controls, tokens } from './style';

/**
 * The ranked pictures: a virtual grid of recycled cards. One tab stop; the active cell follows the arrow keys and is the current
 * image, or with Ctrl a cell that Space takes into the selection and out of it.
 */
@customElement('musc-grid')
export class MuscGrid extends PanelElement implements Sight {
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
  /** What the rows were last laid out by, and the place to keep in sight in other columns. */
  private laid: GridLayout | null = null;
  private kept: number | null = null;
  /** Whether the grid is on the page and was scrolled to where it was left. */
  private placed = false;
  /** The image that Ctrl and the arrow keys have gone to from the current one; another current image ends it. */
  @state() private cursor: { readonly image: number; readonly from: number | null } | null = null;
  /** Active image, filter, order and size that the scroll position was last made for; null: none yet. */
  private followed: readonly unknown[] | null = null;

  static override styles = [tokens, controls, gridStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    this.panel.grid = this;
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
    if (this.panel.grid === this) this.panel.grid = null;
    for (const stop of this.unlisten) stop();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  /** Gives the focus to the grid's one tab stop. */
  override focus(options?: FocusOptions): void {
    this.scroller.focus(options);
  }

  private showArrivals(): void {
    this.frame = undefined;
    for (const row of this.rowElements) if (row.images.some((i) => this.arrived.has(i))) row.requestUpdate();
    this.arrived.clear();
  }

  private get layout(): GridLayout {
    return this.layoutMemo(this.panel.state.view.size, this.rows.width);
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { layout, laid } = this;
    // Before the new rows are drawn, as the browser then keeps nothing but the pixels.
    if (
      this.placed &&
      this.rows.height > 0 &&
      laid &&
      (laid.columns !== layout.columns || laid.stride !== layout.stride)
    )
      this.kept = firstPlace(laid, this.scroller.scrollTop);
    this.laid = layout;
    if (this.cursor === null) return;
    const { from, image } = this.cursor;
    if (from !== this.panel.state.current || !this.panel.derived.visible.includes(image)) this.cursor = null;
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
    const { active } = this;
    const at = this.activePlace;
    const inView = at >= 0 && Math.floor(at / columns) >= from && Math.floor(at / columns) < to;
    return html`
      <div
        class="scroll"
        role="grid"
        tabindex="0"
        aria-label=${l10n.t('Images, {0} of {1}', format.count(visible.length), format.count(this.panel.derived.table.size))}
        aria-rowcount=${rowCount}
        aria-colcount=${columns}
        aria-multiselectable="true"
        aria-activedescendant=${inView ? `cell-${active}` : nothing}
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
        .active=${this.active}
        .tick=${shareOf(this.panel.derived.histogram, this.panel.derived.threshold.value)}
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
        <span>${l10n.t('No picture in this run could be read.')}</span>
      </div>`;
    return html`<div class="empty">
      <span>${l10n.t('No image passes the filter.')}</span>
      ${button(l10n.t('Show all images'), () => this.showAll())}
    </div>`;
  }

  /** The button goes with the filter: the images have the focus. */
  private showAll(): void {
    this.panel.clearFilter();
    this.focus();
  }

  protected override updated(_changed: PropertyValues): void {
    this.loadVisible();
    this.follow();
    this.markFocus();
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

  /** The image that keys start from. */
  private get active(): number | null {
    return this.cursor?.image ?? this.panel.state.current;
  }

  private get activePlace(): number {
    const { active } = this;
    return active === null ? -1 : this.panel.derived.visible.indexOf(active);
  }

  /**
   * Keeps the active image in sight when another becomes it and when filter, order or size lay the grid out anew, which
   * otherwise starts at its top. At first, and whenever it is shown again, the grid is scrolled to where it was left.
   */
  private follow(): void {
    const { active } = this;
    const { view } = this.panel.state;
    const hidden = this.rows.height === 0;
    if (!hidden && !this.placed) this.scroller.scrollTop = topOfPlace(this.layout, view.place, view.scrollTop);
    this.placed = !hidden;
    if (hidden) return;
    if (this.kept !== null) this.keepPlace(this.kept);
    const before = this.followed ?? [active, view.filter, view.sort, view.size];
    this.followed = [active, view.filter, view.sort, view.size];
    const [sameImage, ...same] = this.followed.map((part, i) => part === before[i]);
    const other = same.includes(false);
    if (sameImage && !other) return;
    const at = this.activePlace;
    if (at >= 0) this.scrollToPlace(at);
    else if (other) this.scroller.scrollTop = 0;
  }

  private scrollToPlace(at: number): void {
    const { scrollTop, clientHeight } = this.scroller;
    const top = scrollTo(this.layout, at, scrollTop, clientHeight);
    if (top !== null) this.scroller.scrollTop = top;
  }

  /** Whether one of these images, or more, is in sight, at least half of it. */
  shows(images: ReadonlySet<number>): boolean {
    const { scrollTop, clientHeight } = this.scroller; // now: the last step's scrolling may not have been told of yet
    const [from, to] = placesInSight(this.layout, scrollTop, clientHeight);
    return this.panel.derived.visible.subarray(from, to).some((image) => images.has(image));
  }

  /** Scrolls to an image that passes the filter. */
  bring(image: number): void {
    this.cursor = null;
    this.scrollToPlace(this.panel.derived.visible.indexOf(image));
  }

  /** The images in sight stay there when there are more or fewer columns, the active one if it is among them. */
  private keepPlace(place: number): void {
    this.kept = null;
    const { clientHeight } = this.scroller;
    const top = topOfPlace(this.layout, place, this.scroller.scrollTop);
    const at = this.activePlace;
    const near = at >= place && at < place + this.layout.columns * Math.ceil(clientHeight / this.layout.stride);
    this.scroller.scrollTop = (near ? scrollTo(this.layout, at, top, clientHeight) : null) ?? top;
  }

  /** The ring of the active cell tells where the focus is; without it in sight the grid has a ring of its own. */
  private markFocus(): void {
    const at = this.activePlace;
    this.scroller.classList.toggle('alone', at < 0 || !this.rows.shows(Math.floor(at / this.layout.columns)));
  }

  private readonly onScroll = () => {
    this.rows.moved();
    this.markFocus();
    if (!this.placed) return;
    const { scrollTop } = this.scroller; // now: it is 0 where the grid is hidden meanwhile
    const place = firstPlace(this.layout, scrollTop);
    this.rows.whenStill(() => this.panel.setView({ scrollTop, place }));
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
    this.cursor = null;
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
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && keyName(event).toLowerCase() === 'a') this.panel.selectAll();
    else if (event.key === 'Enter') this.openActive();
    else if (event.key === ' ') this.toggle(event.repeat);
    else if (event.key in moves && !event.altKey && !(ctrl && isPage(event)))
      this.move(moves[event.key], ctrl, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private openActive(): void {
    if (this.cursor) this.panel.select(this.cursor.image);
    this.onOpen();
  }

  private move(offset: number, ctrl: boolean, shift: boolean): void {
    const { active } = this;
    const to = shift ? this.beside(offset) : active === null ? undefined : this.panel.further(active, offset);
    if (to === undefined) return this.panel.step(offset);
    if (ctrl && !shift) this.cursor = { image: to, from: this.panel.state.current };
    else this.panel.select(to, shift ? 'extend' : 'only');
  }

  /** The image `offset` places from the active one: what lies between them is selected. */
  private beside(offset: number): number | undefined {
    const { visible } = this.panel.derived;
    const at = this.activePlace;
    return at < 0 ? undefined : visible[clamp(at + offset, 0, visible.length - 1)];
  }

  /** Takes the active image into the selection, or out of it, once for one press; it stays the active one. */
  private toggle(held: boolean): void {
    const { active } = this;
    if (held || active === null || this.activePlace < 0) return;
    this.panel.select(active, 'toggle');
    this.cursor = { image: active, from: this.panel.state.current };
  }
}

/** Whether a key turns pages: with Ctrl, those of the editor's tabs. */
const isPage = ({ key }: KeyboardEvent): boolean => key === 'PageUp' || key === 'PageDown';
