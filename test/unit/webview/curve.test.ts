import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clippedAt, imageFigures, prPoints, rankedCounts, rocPoints, thinned } from '../../../webview/model/curve';
import { DEFECT, GOOD, rankingOf } from '../../../webview/model/table';

const cases = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 40 })
  .filter((rows) => rows.some(([, d]) => d) && rows.some(([, d]) => !d));

function ranked(rows: readonly (readonly [number, boolean])[]) {
  const score = Float64Array.from(rows, ([s]) => s / 20);
  const classes = Int8Array.from(rows, ([, d]) => (d ? DEFECT : GOOD));
  return { score, classes, ranked: rankedCounts(score, rankingOf(score), classes) };
}

const valueOf = (figure: { value: number } | { absent: string }) => ('value' in figure ? figure.value : NaN);

describe('image figures', () => {
  it('AUROC is the chance that a defect scores higher than a good image, ties counting half', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const { ranked: r } = ranked(rows);
        let wins = 0;
        let pairs = 0;
        for (const [a, isDefect] of rows)
          for (const [b, other] of rows)
            if (isDefect && !other) {
              pairs++;
              wins += a > b ? 1 : a === b ? 0.5 : 0;
            }
        expect(valueOf(imageFigures(r).auroc)).toBeCloseTo(wins / pairs, 12);
      }),
    );
  });

  it('F1-max is the best over every threshold', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const { ranked: r, score, classes } = ranked(rows);
        const best = Math.max(
          ...[...score].map((t) => {
            const flagged = [...score.keys()].filter((i) => score[i] >= t);
            const hits = flagged.filter((i) => classes[i] === DEFECT).length;
            return (2 * hits) / (flagged.length + r.defects);
          }),
        );
        expect(valueOf(imageFigures(r).f1max)).toBeCloseTo(best, 12);
      }),
    );
  });

  it('do not depend on the order of images', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        expect(imageFigures(ranked([...rows].reverse()).ranked)).toEqual(imageFigures(ranked(rows).ranked));
      }),
    );
  });

  it('say why they are undefined', () => {
    const score = Float64Array.of(1, 2);
    const none = rankedCounts(score, rankingOf(score), Int8Array.of(-1, -1));
    const good = rankedCounts(score, rankingOf(score), Int8Array.of(GOOD, GOOD));
    expect(imageFigures(none).auroc).toEqual({ absent: 'no image has a known class' });
    expect(imageFigures(good).ap).toEqual({ absent: 'no defect among the images with a known class' });
    expect(rocPoints(good)).toEqual([]);
  });
});

describe('curves', () => {
  it('ROC runs from (0, 0) to (1, 1) without going back; PR ends at full recall', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const roc = rocPoints(ranked(rows).ranked);
        expect(roc[0].slice(0, 2)).toEqual([0, 0]);
        expect(roc[roc.length - 1].slice(0, 2)).toEqual([1, 1]);
        for (let i = 1; i < roc.length; i++) {
          expect(roc[i][0]).toBeGreaterThanOrEqual(roc[i - 1][0]);
          expect(roc[i][1]).toBeGreaterThanOrEqual(roc[i - 1][1]);
        }
        const pr = prPoints(ranked(rows).ranked);
        expect(pr[pr.length - 1][0]).toBe(1);
      }),
    );
  });

  it('thinning keeps what is drawn: both ends, every visible step, the corner before a jump', () => {
    const fine = Array.from({ length: 1001 }, (_, i): [number, number] => [i / 1000, i / 1000]);
    const few = thinned(fine, 0.02);
    expect([few[0], few.at(-1)]).toEqual([fine[0], fine[1000]]);
    expect(few.length).toBeLessThan(210);
    const steps: [number, number][] = [
      [0, 0],
      [0.001, 0],
      [0.002, 0],
      [0.002, 0.5],
      [0.003, 0.5],
      [1, 0.5],
    ];
    expect(thinned(steps, 0.1)).toEqual([steps[0], steps[2], steps[3], steps[4], steps[5]]);
    // few defects among many: the curve's recall happens in its first places
    const rare = [
      ...Array.from({ length: 100 }, (_, i) => [(i + 1) / 100, 0.9]),
      ...Array.from({ length: 9900 }, (_, i) => [1, 0.9 - i / 12_000]),
    ];
    const recalls = new Set(thinned(rare as [number, number][], 1 / 400).map(([recall]) => recall));
    expect(recalls.size).toBe(100);
    expect(thinned([], 0.1)).toEqual([]);
  });
});

describe('a curve that is cut off', () => {
  const points = [
    [0, 0],
    [0, 0.4],
    [0.2, 0.8],
    [0.6, 1],
    [1, 1],
  ] as const;

  it('ends at the limit, on the line to its next point', () => {
    const cut = clippedAt(points, 0.3);
    expect(cut.slice(0, 3)).toEqual(points.slice(0, 3));
    expect(cut).toHaveLength(4);
    expect(cut[3][0]).toBe(0.3);
    expect(cut[3][1]).toBeCloseTo(0.85, 12);
  });

  it('has no point twice, and none that is not there', () => {
    expect(clippedAt(points, 0.2)).toEqual(points.slice(0, 3));
    expect(clippedAt(points, 1)).toEqual(points);
    expect(clippedAt(points.slice(0, 3), 0.3)).toEqual(points.slice(0, 3));
    expect(clippedAt([], 0.3)).toEqual([]);
  });
});
