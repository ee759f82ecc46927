/** A picture inside a viewport: screen = picture * scale + offset, both in CSS pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A place in a picture, as fractions of its width and height. */
export interface Fractions {
  readonly u: number;
  readonly v: number;
}

/** 10 % to 2000 %. */
export const MIN_SCALE = 0.1;
export const MAX_SCALE = 20;
/** From here pictures are drawn with square pixels: smoothing would invent what is not there. */
export const PIXELATED_FROM = 3;

export const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** The whole picture, as large as it goes, centred; small pictures grow to at most 8x. */
export function fitted(picture: Size, viewport: Size): View {
  const scale = clamp(
    Math.min(viewport.width / picture.width, viewport.height / picture.height),
    Math.min(MIN_SCALE, viewport.width / picture.width, viewport.height / picture.height),
    8,
  );
  return centred(picture, viewport, scale);
}

/** The picture's centre in the viewport's centre at a given scale. */
export function centred(picture: Size, viewport: Size, scale: number): View {
  return {
    scale,
    x: (viewport.width - picture.width * scale) / 2,
    y: (viewport.height - picture.height * scale) / 2,
  };
}

/** Scaled by `factor` with the picture's point under `at` (viewport pixels) staying where it is; `fit`: the scale that shows all of it. */
export function zoomedAt(view: View, at: Point, factor: number, fit: number): View {
  const scale = clamp(view.scale * factor, Math.min(MIN_SCALE, fit, view.scale), MAX_SCALE);
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

export function panned(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** The view moved so that the picture can't leave the viewport: centred when smaller, edges outside when larger. */
export function kept(view: View, picture: Size, viewport: Size): View {
  const along = (offset: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : clamp(offset, room - length, 0);
  return {
    scale: view.scale,
    x: along(view.x, picture.width * view.scale, viewport.width),
    y: along(view.y, picture.height * view.scale, viewport.height),
  };
}

/** Viewport point -> picture point. */
export function toPicture(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}
