import { scaleLinear } from 'd3-scale';
import { svg } from 'lit';
import type { Point } from '../model/geometry';
import { round } from './histogram';

/** A point in fractions of both axes, and the threshold it belongs to where there is one. */
export type CurveSample = readonly [x: number, y: number, threshold?: number];

/** Space around the plot for the labels of the axes, px. */
export const MARGIN = { left: 34, right: 12, top: 8, bottom: 30 } as const;

export interface CurveFrame {
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The scales of a curve in a box of width x height; x runs to `limit`. */
export function curveFrame(width: number, height: number, limit = 1): CurveFrame {
  return {
    width,
    height,
    x: scaleLinear([0, limit], [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear([0, 1], [height - MARGIN.bottom, MARGIN.top]),
  };
}

/** Path data of a polyline with rounded numbers. */
export function linePath(points: readonly CurveSample[], { x, y }: CurveFrame): string {
  return points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${round(x(px))} ${round(y(py))}`).join('');
}

/**
 * The sample drawn nearest to a place of the chart, px. Both axes count: where a curve is steep, many samples share one x. The
 * scales are straight lines, so a curve of 10,000 points is searched without calling them for every one.
 */
export function nearestSample(points: readonly CurveSample[], { x, y }: CurveFrame, at: Point): number {
  const [left, bottom] = [x(0) - at.x, y(0) - at.y];
  const [perX, perY] = [x(1) - x(0), y(1) - y(0)];
  let best = 0;
  let least = Infinity;
  for (const [i, [px, py]] of points.entries()) {
    const distance = (left + px * perX) ** 2 + (bottom + py * perY) ** 2;
    if (distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}

/** Axes, grid and names of a curve. */
export function axesMark(frame: CurveFrame, names: { x: string; y: string }, limit = 1) {
  const { x, y, width, height } = frame;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const text = (value: number) => String(Number((value * 100).toFixed(1)));
  return svg`
    ${ticks.map(
      (t) => svg`
        <line class="grid" x1=${round(x(0))} x2=${round(x(limit))} y1=${round(y(t)) + 0.5} y2=${round(y(t)) + 0.5}></line>
        <text class="tick" text-anchor="end" x=${MARGIN.left - 5} y=${round(y(t)) + 3.5}>${text(t)}</text>
        <text class="tick" text-anchor="middle" x=${round(x(t * limit))} y=${height - MARGIN.bottom + 13}>${text(t * limit)}</text>`,
    )}
    <text class="name" text-anchor="middle" x=${round((x(0) + x(limit)) / 2)} y=${height - 4}>${names.x}</text>
    <text class="name" text-anchor="middle" transform="translate(9 ${round((y(0) + y(1)) / 2)}) rotate(-90)">${names.y}</text>
    <rect class="frame" x=${MARGIN.left} y=${MARGIN.top} width=${width - MARGIN.left - MARGIN.right} height=${height - MARGIN.top - MARGIN.bottom}></rect>`;
}

/** The line of a curve. */
export function curveMark(points: readonly CurveSample[], frame: CurveFrame) {
  return svg`<path class="curve" d=${linePath(points, frame)}></path>`;
}
