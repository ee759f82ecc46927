import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Rows drawn beyond each edge, so that a turn of the wheel shows pictures that are there already. */
const MARGIN = 1;
/** The scroll position counts as final after this long, ms. */
const STILL_AFTER = 200;

/** Which rows of equal height are to be drawn in a scrolling element; asks its host to render only when that changes. */
export class VirtualRows implements ReactiveController {
  width = 0;
  height = 0;
  /** Rows in sight: first up to but not including last. */
  first = 0;
  last = 0;
  /** Rows drawn. */
  from = 0;
  to = 0;
  private rowCount = 0;
  private stride = 1;
  private padding = 0;
  /** As of the last scroll event: asking the element would make the browser lay out in the middle of rendering. */
  private scrollTop = 0;
  private observer: ResizeObserver | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly scroller: () => HTMLElement | null,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    const scroller = this.scroller();
    if (this.observer || !scroller) return;
    this.observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = scroller;
      if (clientWidth === this.width && clientHeight === this.height) return;
      [this.width, this.height] = [clientWidth, clientHeight];
      this.host.requestUpdate();
    });
    this.observer.observe(scroller);
  }

  hostDisconnected(): void {
    this.observer?.disconnect();
    this.observer = undefined;
    clearTimeout(this.timer);
  }

  /** The rows to draw now. */
  range(rowCount: number, stride: number, padding: number): { from: number; to: number } {
    [this.rowCount, this.stride, this.padding] = [rowCount, stride, padding];
    this.measure();
    return { from: this.from, to: this.to };
  }

  /** After scrolling. */
  moved(): void {
    const { from, to } = this;
    this.scrollTop = this.scroller()?.scrollTop ?? 0;
    this.measure();
    if (from !== this.from || to !== this.to) this.host.requestUpdate();
  }

  /** Whether a row is in sight, be it in part. */
  shows(row: number): boolean {
    const top = this.padding + row * this.stride - this.scrollTop;
    return top < this.height && top + this.stride > 0;
  }

  /** Calls back once scrolling has come to rest. */
  whenStill(callback: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(callback, STILL_AFTER);
  }

  private measure(): void {
    const top = Math.max(0, this.scrollTop - this.padding);
    const inSight = Math.ceil(this.height / this.stride) + 1;
    // The number of drawn rows stays the same everywhere, so that slots are only ever moved.
    const pool = Math.min(this.rowCount, inSight + 2 * MARGIN);
    this.first = Math.min(Math.floor(top / this.stride), Math.max(0, this.rowCount - 1));
    this.last = Math.min(this.rowCount, this.first + inSight);
    this.from = Math.max(0, Math.min(this.first - MARGIN, this.rowCount - pool));
    this.to = this.from + pool;
  }
}
