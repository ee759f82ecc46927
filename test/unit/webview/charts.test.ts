import { describe, expect, it } from 'vitest';
import { curveFrame, linePath, nearestSample } from '../../../webview/charts/curve';
import { histogramBars, isSqueezed, kindsIn } from '../../../webview/charts/histogram';
import { histogramOf } from '../../../webview/model/histogram';
import { svgOf } from './svg';
import { axesMark, curveMark } from '../../../webview/charts/curve';
import { histogramMark } from '../../../webview/charts/histogram';

const score = Float64Array.of(0, 0.1, 0.12, 0.5, 0.9, 1);
const histogram = histogramOf(score, Int8Array.of(0, 0, 0, -1, 1, 1), 4);

describe('histogram', () => {
  it('puts every score into one bin', () => {
    const total = histogram.bins.reduce((sum, b) => sum + b.good + b.defect + b.unknown, 0);
    expect(total).toBe(score.length);
  });

  it('survives equal scores and none', () => {
    expect(histogramOf(Float64Array.of(2, 2), Int8Array.of(0, 0), 3)).toMatchObject({ min: 1.5, max: 2.5 });
    expect(histogramOf(new Float64Array(0), new Int8Array(0), 3).tallest).toBe(1);
  });

  it('lowers tall bars only when a class could not be seen beside them', () => {
    expect(isSqueezed(histogram)).toBe(false);
    const rare = { bins: [{ from: 0, to: 1, good: 1000, defect: 1, unknown: 0 }], tallest: 1001 };
    expect(isSqueezed(rare)).toBe(true);
    expect(histogramBars(rare, 100, 50).every((b) => b.height > 0)).toBe(true);
  });

  it('has the classes that have a bar', () => {
    expect(kindsIn(histogram)).toEqual(['good', 'defect', 'unknown']);
    expect(
      kindsIn(
        histogramOf(
          score,
          Int8Array.from(score, () => -1),
          4,
        ),
      ),
    ).toEqual(['unknown']);
    expect(kindsIn(histogramOf(new Float64Array(0), new Int8Array(0), 3))).toEqual([]);
  });

  it('is drawn as bars by class', () => {
    expect(svgOf(histogramMark(histogram, 80, 40))).toMatchSnapshot();
  });
});

describe('curve', () => {
  const points = [
    [0, 0],
    [0, 0.5, 0.8],
    [0.25, 1, 0.4],
    [1, 1, 0.1],
  ] as const;
  const frame = curveFrame(200, 150);

  it('is drawn with axes', () => {
    expect(svgOf([axesMark(frame, { x: 'false alarms', y: 'hits' }), curveMark(points, frame)])).toMatchSnapshot();
  });

  it('names the places of its ticks, where the axis ends early too', () => {
    const drawn = svgOf([axesMark(curveFrame(200, 150, 0.3), { x: 'false alarms', y: 'overlap' }, 0.3)]);
    const texts = [...drawn.matchAll(/text-anchor="middle"[^>]*>([\d.]+)</g)].map(([, text]) => text);
    expect(texts).toEqual(['0', '7.5', '15', '22.5', '30']);
  });

  it('reads what is drawn nearest, where a good ranking rises straight up too', () => {
    const at = (x: number, y: number) => nearestSample(points, frame, { x: frame.x(x), y: frame.y(y) });
    expect(at(0.3, 1)).toBe(2);
    expect([at(0, 0.1), at(0.02, 0.45), at(0, 0.8)]).toEqual([0, 1, 1]);
    expect(linePath(points, frame)).toBe('M34 120L34 64L72.5 8L188 8');
  });
});
