import { contourLines } from '../model/contour';
import { clamp, type Fractions, type Size, type View } from '../model/geometry';
import type { HeatScale } from '../../extension/protocol/heat-scale';
import { heatPixels } from '../model/heat';
import { outlineLines, type Mask } from '../model/mask-outline';
import { paintLines, paintPicture, type Clip, type LineColours, type Lines, type Picture } from '../model/paint';
import { patchAt, resized, type PatchMap } from '../model/sample';
import { memo } from '../state/store';
import type { Arrangement } from '../state/view';

/** Heat laid over the picture: a map and how it is coloured. */
export interface Heat {
  readonly map: PatchMap;
  readonly scale: HeatScale;
  readonly colours: Uint8Array;
  readonly opacity: number;
  /** On the scale of the map; null: no contour. */
  readonly contour: number | null;
}

/** A patch of the map's grid. */
export interface PatchPlace {
  readonly row: number;
  readonly column: number;
}

/** Everything that decides what a stage looks like. */
export interface Scene {
  readonly picture: CanvasImageSource | null;
  readonly pictureSize: Size;
  readonly heat: Heat | null;
  /** The other pane's heat; null: it shows the bare picture. */
  readonly leftHeat: Heat | null;
  readonly mask: Mask | null;
  readonly outline: boolean;
  readonly fill: boolean;
  readonly arrangement: Arrangement;
  readonly patch: PatchPlace | null;
  /** What is under the cursor, in fractions of the picture: its patch is boxed on each pane, whose grids may differ. */
  readonly hovered: Fractions | null;
  readonly view: View;
  readonly size: Size;
  readonly paneWidth: number;
  /** Swipe: where the two halves meet, 0..1. */
  readonly divider: number;
  readonly blinkOn: boolean;
}

/** Space between two panes, px. */
export const GUTTER = 6;
/** Longest side of the drawn heat, px: between patches there is nothing finer to show. */
const HEAT_SIDE = 288;
/** Steps from one patch to the next along a contour. */
const FINER = 4;

/** Draws scenes: pictures and heat on one canvas, lines on another, each only when something on it has changed. */
export class StagePainter {
  private readonly heats = [memo(drawHeat), memo(drawHeat)];
  private readonly contours = [memo(contourLines), memo(contourLines)];
  private readonly fines = [memo(finer), memo(finer)];
  private readonly outlines = memo(outlineLines);
  private readonly fills = memo(drawMask);
  private drawn: { below: readonly unknown[]; above: readonly unknown[] } = { below: [], above: [] };

  /** Draws what is out of date. Canvases are as large as the scene, in device pixels. */
  draw(scene: Scene, below: HTMLCanvasElement, above: HTMLCanvasElement, colours: LineColours): void {
    const density = devicePixelRatio;
    const { view, size, arrangement, divider, blinkOn } = scene;
    const common = [view, size.width, size.height, density, arrangement, divider, blinkOn, scene.pictureSize.width];
    const [hot, bare] = [this.pictureOf(scene, scene.heat, 0), this.pictureOf(scene, scene.leftHeat, 1)];
    const belowNow = [...common, ...Object.values(hot), ...Object.values(bare)];
    if (changed(this.drawn.below, belowNow))
      this.each(scene, fresh(below, size, density), (context, left, shifted, clip) =>
        paintPicture(context, left ? bare : hot, shifted, clip, size),
      );
    const [lines, leftLines] = [this.linesOf(scene, scene.heat, 0), this.linesOf(scene, scene.leftHeat, 1)];
    const aboveNow = [
      ...common,
      colours.contour,
      ...placeOf(scene.patch),
      ...(lines.hovered ?? []),
      ...(leftLines.hovered ?? []),
      lines.contour,
      lines.outline,
      leftLines.contour,
      leftLines.outline,
    ];
    if (changed(this.drawn.above, aboveNow))
      this.each(scene, fresh(above, size, density), (context, left, shifted, clip) =>
        paintLines(context, left ? leftLines : lines, shifted, clip, size, colours),
      );
    this.drawn = { below: belowNow, above: aboveNow };
  }

  /** Calls back for each pane that the arrangement shows. */
  private each(
    scene: Scene,
    context: CanvasRenderingContext2D | null,
    draw: (context: CanvasRenderingContext2D, left: boolean, view: View, clip: Clip) => void,
  ): void {
    if (!context) return;
    const { view, size, paneWidth } = scene;
    switch (scene.arrangement) {
      case 'overlay':
        return draw(context, false, view, { left: 0, right: size.width });
      case 'blink':
        return draw(context, !scene.blinkOn, view, { left: 0, right: size.width });
      case 'swipe': {
        const middle = size.width * scene.divider;
        draw(context, true, view, { left: 0, right: middle });
        return draw(context, false, view, { left: middle, right: size.width });
      }
      case 'side': {
        const from = paneWidth + GUTTER;
        draw(context, true, view, { left: 0, right: paneWidth });
        return draw(context, false, { ...view, x: view.x + from }, { left: from, right: size.width });
      }
    }
  }

  private pictureOf(scene: Scene, heat: Heat | null, slot: 0 | 1): Picture {
    const filled = scene.fill && scene.mask && (slot === 0 || heat);
    return {
      picture: scene.picture,
      size: scene.pictureSize,
      heat: heat ? this.heats[slot](heat.map, heat.scale, heat.colours, scene.pictureSize) : null,
      opacity: heat?.opacity ?? 0,
      fill: filled && scene.mask ? this.fills(scene.mask) : null,
    };
  }

  private linesOf(scene: Scene, heat: Heat | null, slot: 0 | 1): Lines {
    const outlined = scene.outline && (slot === 0 || heat !== null);
    return {
      size: scene.pictureSize,
      contour: heat && heat.contour !== null ? this.contours[slot](this.fines[slot](heat.map), heat.contour) : NO_LINES,
      outline: outlined && scene.mask ? this.outlines(scene.mask) : NO_LINES,
      patch: heat && scene.patch ? patchBox(heat.map, scene.patch) : null,
      hovered: heat && scene.hovered ? patchBox(heat.map, patchAt(heat.map, scene.hovered.u, scene.hovered.v)) : null,
    };
  }
}

const NO_LINES: readonly Float32Array[] = [];

const placeOf = (patch: PatchPlace | null) => (patch ? [patch.row, patch.column] : [-1, -1]);

const changed = (before: readonly unknown[], now: readonly unknown[]) =>
  before.length !== now.length || now.some((value, i) => !Object.is(value, before[i]));

/** A cleared context in CSS pixels; the canvas gets its size. */
function fresh(canvas: HTMLCanvasElement, size: Size, density: number): CanvasRenderingContext2D | null {
  const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context?.setTransform(density, 0, 0, density, 0, 0);
  context?.clearRect(0, 0, size.width, size.height);
  return context;
}

/** The area nearest to a patch, in fractions of the picture. */
function patchBox(map: PatchMap, { row, column }: PatchPlace): [number, number, number, number] {
  const [w, h] = [1 / Math.max(1, map.width - 1), 1 / Math.max(1, map.height - 1)];
  return [
    clamp((column - 0.5) * w, 0, 1),
    clamp((row - 0.5) * h, 0, 1),
    clamp((column + 0.5) * w, 0, 1),
    clamp((row + 0.5) * h, 0, 1),
  ];
}

/** The map between its patches: a contour on patches alone would be a polygon where the map bends. */
function finer(map: PatchMap): PatchMap {
  return resized(map, (map.width - 1) * FINER + 1, (map.height - 1) * FINER + 1);
}

function drawHeat(map: PatchMap, scale: HeatScale, colours: Uint8Array, size: Size): HTMLCanvasElement {
  const factor = HEAT_SIDE / Math.max(size.width, size.height);
  // A long strip still has two samples for each patch across it, so that none is passed by.
  const side = (length: number, patches: number) => Math.max(2, Math.round(length * factor), 2 * patches - 1);
  const [width, height] = [side(size.width, map.width), side(size.height, map.height)];
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
