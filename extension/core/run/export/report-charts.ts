import type { Truth } from '../../dataset/dataset';
import { html, type Markup } from './html';

const WIDTH = 345;
const HEIGHT = 200;
const PAD = { left: 34, right: 10, top: 10, bottom: 28 }; // pixels
const x = (t: number): number => PAD.left + t * (WIDTH - PAD.left - PAD.right);
const y = (t: number): number => HEIGHT - PAD.bottom - t * (HEIGHT - PAD.top - PAD.bottom);
const round = (v: number): string => v.toFixed(1);
const BINS = 40;

const frame = (title: string, low: string, high: string, label: string, inside: Markup): Markup =>
  html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">
    <line class="axis" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(0)}" />
    <line class="axis" x1="${x(0)}" y1="${y(0)}" x2="${x(0)}" y2="${y(1)}" />
    <text x="${x(0)}" y="${HEIGHT - 10}">${low}</text>
    <text x="${x(1)}" y="${HEIGHT - 10}" text-anchor="end">${high}</text>
    <text x="${x(0.5)}" y="${HEIGHT - 10}" text-anchor="middle">${label}</text>
    ${inside}
  </svg>`;

/** Scores by class, with the threshold. */
export function histogram(scores: readonly number[], truth: readonly Truth[], threshold: number | null): Markup {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const span = high > low ? high - low : 1;
  const groups = (['good', 'defect', null] as const).map((t) => {
    const counts = new Array<number>(BINS).fill(0);
    for (const [i, s] of scores.entries())
      if (truth[i] === t) counts[Math.min(BINS - 1, Math.floor(((s - low) / span) * BINS))]++;
    return { name: t ?? 'unknown', counts };
  });
  const most = Math.max(1, ...groups.flatMap((g) => g.counts));
  const bars = groups.flatMap(({ name, counts }) =>
    counts.flatMap((n, b) =>
      n === 0
        ? []
        : [
            html`<rect
              class="bar-${name}"
              x="${round(x(b / BINS))}"
              y="${round(y(n / most))}"
              width="${round((x(1) - x(0)) / BINS - 1)}"
              height="${round(y(0) - y(n / most))}"
            />`,
          ],
    ),
  );
  const at = threshold === null ? -1 : (threshold - low) / span;
  const rule =
    at >= 0 && at <= 1
      ? html`<line class="rule" x1="${round(x(at))}" x2="${round(x(at))}" y1="${y(0)}" y2="${y(1)}" />`
      : null;
  return frame('Scores by class', low.toPrecision(3), high.toPrecision(3), 'image score', html`${bars}${rule}`);
}

/** A curve in the unit square. */
export function curveChart(title: string, label: string, points: readonly (readonly [number, number])[]): Markup {
  const path = points.map(([a, b], i) => `${i ? 'L' : 'M'}${round(x(a))} ${round(y(b))}`).join('');
  return frame(title, '0', '1', label, html`<path class="curve" d="${path}" />`);
}
