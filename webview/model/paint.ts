import type { Line } from './contour';
import { PIXELATED_FROM, type Size, type View } from './geometry';

/** Colours of the lines over a picture: above-threshold contour, ground truth, the chosen patch. */
export interface LineColours {
  readonly contour: string;
  readonly truth: string;
  readonly patch: string;
}

/** A picture with what lies flat on it. */
export interface Picture {
  readonly picture: CanvasImageSource | null;
  /** Native size of the picture. */
  readonly size: Size;
  /** Coloured heat with alpha, stretched over the picture; null: none. */
  readonly heat: CanvasImageSource | null;
  readonly opacity: number;
  readonly fill: CanvasImageSource | null;
}

/** Lines over a picture. */
export interface Lines {
  readonly size: Size;
  readonly contour: readonly Line[];
  /** The mask's outline. */
  readonly outline: readonly Line[];
  /** The chosen patch in fractions of the picture: left, top, right, bottom. */
  readonly patch: readonly [number, number, number, number] | null;
  /** The patch under the cursor, likewise. */
  readonly hovered: readonly [number, number, number, number] | null;
}

/** What of the viewport a pane covers, in CSS pixels. */
export interface Clip {
  readonly left: number;
  readonly right: number;
}

/** Draws a picture with its heat. The context is in CSS pixels. */
export function paintPicture(
  context: CanvasRenderingContext2D,
  { picture, size, heat, opacity, fill }: Picture,
  view: View,
  clip: Clip,
  viewport: Size,
): void {
  const [left, top, width, height] = [view.x, view.y, size.width * view.scale, size.height * view.scale];
  clipped(context, clip, viewport, () => {
    if (picture) {
      context.imageSmoothingQuality = view.scale < 0.5 ? 'high' : 'medium';
      context.imageSmoothingEnabled = view.scale < PIXELATED_FROM;
      context.drawImage(picture, left, top, width, height);
    }
    if (heat && opacity > 0) {
      context.imageSmoothingEnabled = true;
      context.globalAlpha = opacity;
      context.drawImage(heat, left, top, width, height);
      context.globalAlpha = 1;
    }
    if (fill) {
      context.imageSmoothingEnabled = false;
      context.drawImage(fill, left, top, width, height);
    }
  });
}

/** Draws the lines over a picture. The context is in CSS pixels. */
export function paintLines(
  context: CanvasRenderingContext2D,
  { size, contour, outline, patch, hovered }: Lines,
  view: View,
  clip: Clip,
  viewport: Size,
  colours: LineColours,
): void {
  const place: Place = (u, v) => [view.x + u * size.width * view.scale, view.y + v * size.height * view.scale];
  clipped(context, clip, viewport, () => {
    strokeLines(context, outline, place, colours.truth, [6, 4]);
    strokeLines(context, contour, place, colours.contour, []);
    if (hovered) strokePatch(context, hovered, place, colours.truth, 1);
    if (patch) strokePatch(context, patch, place, colours.patch, 2);
  });
}

function clipped(context: CanvasRenderingContext2D, clip: Clip, viewport: Size, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(clip.left, 0, clip.right - clip.left, viewport.height);
  context.clip();
  draw();
  context.restore();
}

type Place = (u: number, v: number) => [number, number];

/** Every line has a dark shadow: it must be seen on any picture. */
function stroke(context: CanvasRenderingContext2D, colour: string, width: number, dash: number[]): void {
  context.setLineDash([]);
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth = width + 1.5;
  context.stroke();
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
}

function strokeLines(
  context: CanvasRenderingContext2D,
  lines: readonly Line[],
  place: Place,
  colour: string,
  dash: number[],
): void {
  if (lines.length === 0) return;
  context.beginPath();
  for (const line of lines)
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = place(line[i], line[i + 1]);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  context.lineJoin = 'round';
  stroke(context, colour, 1.5, dash);
}

function strokePatch(
  context: CanvasRenderingContext2D,
  [u0, v0, u1, v1]: readonly [number, number, number, number],
  place: Place,
  colour: string,
  width: number,
): void {
  const [x0, y0] = place(u0, v0);
  const [x1, y1] = place(u1, v1);
  context.beginPath();
  context.rect(x0, y0, x1 - x0, y1 - y0);
  stroke(context, colour, width, []);
}
