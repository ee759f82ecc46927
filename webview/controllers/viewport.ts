import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  centred,
  fitted,
  kept,
  panned,
  toPicture,
  zoomedAt,
  type Fractions,
  type Point,
  type Size,
  type View,
} from '../model/geometry';
import { keyName } from '../model/key-name';

/** One notch of the wheel, and one press of a zoom key. */
const WHEEL_RATE = 0.0015;
const KEY_FACTOR = 1.25;
/** A press of a pan key, px. */
const KEY_PAN = 60;
/** A pointer that moved less is a click, px. */
const CLICK_SLOP = 4;

/** Zoom and pan of a picture in an element: wheel, drag, pinch by trackpad and keys. */
export class Viewport implements ReactiveController {
  view: View = { scale: 1, x: 0, y: 0 };
  size: Size = { width: 0, height: 0 };
  private picture: Size = { width: 1, height: 1 };
  /** While fitted, the picture stays so when the element or the picture changes its size. */
  private isFitted = true;
  private drag: { at: Point; moved: number } | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly onClick: (at: Point) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {}

  /** Sizes of the element's pane and of the picture. */
  resize(size: Size, picture: Size): void {
    const other = picture.width !== this.picture.width || picture.height !== this.picture.height;
    if (!other && size.width === this.size.width && size.height === this.size.height) return;
    [this.size, this.picture] = [size, picture];
    if (this.isFitted || other) this.fit();
    else this.set(this.view);
  }

  fit(): void {
    this.view = fitted(this.picture, this.size);
    this.isFitted = true;
    this.host.requestUpdate();
  }

  /** One picture pixel per CSS pixel. */
  actualSize(): void {
    this.set(centred(this.picture, this.size, 1));
  }

  zoom(factor: number, at: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.set(zoomedAt(this.view, at, factor, fitted(this.picture, this.size).scale));
  }

  pan(dx: number, dy: number): void {
    this.set(panned(this.view, dx, dy));
  }

  /** Viewport point -> fractions of the picture, or null outside it. */
  fractions(at: Point): Fractions | null {
    const { x, y } = toPicture(this.view, at);
    const [u, v] = [x / this.picture.width, y / this.picture.height];
    return u < 0 || v < 0 || u > 1 || v > 1 ? null : { u, v };
  }

  readonly wheel = (event: WheelEvent, at: Point) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoom(Math.exp(-event.deltaY * lines * WHEEL_RATE), at);
  };

  pointerDown(event: PointerEvent): void {
    if (event.button > 1) return;
    this.drag = { at: { x: event.clientX, y: event.clientY }, moved: 0 };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  pointerMove(event: PointerEvent): void {
    if (!this.drag) return;
    const [dx, dy] = [event.clientX - this.drag.at.x, event.clientY - this.drag.at.y];
    this.drag = { at: { x: event.clientX, y: event.clientY }, moved: this.drag.moved + Math.hypot(dx, dy) };
    if (this.drag.moved >= CLICK_SLOP) this.pan(dx, dy);
  }

  pointerUp(at: Point): void {
    if (this.drag && this.drag.moved < CLICK_SLOP) this.onClick(at);
    this.drag = null;
  }

  pointerCancel(): void {
    this.drag = null;
  }

  /** Handles a zoom or pan key; false when it is none. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const pans: Record<string, Point> = {
      ArrowLeft: { x: KEY_PAN, y: 0 },
      ArrowRight: { x: -KEY_PAN, y: 0 },
      ArrowUp: { x: 0, y: KEY_PAN },
      ArrowDown: { x: 0, y: -KEY_PAN },
    };
    const key = keyName(event);
    if (key === '+' || key === '=') this.zoom(KEY_FACTOR);
    else if (key === '-') this.zoom(1 / KEY_FACTOR);
    else if (key === 'f') this.fit();
    else if (key === 'z') this.actualSize();
    else if (event.shiftKey && key in pans) this.pan(pans[key].x, pans[key].y);
    else return false;
    return true;
  }

  private set(view: View): void {
    this.isFitted = false;
    this.view = kept(view, this.picture, this.size);
    this.host.requestUpdate();
  }
}
