import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestThreshold } from '../../../extension/core/metrics/threshold';
import { countFrom, mapThreshold } from '../../../extension/protocol/map-threshold';
import { suggestedThreshold } from '../../../extension/protocol/suggested-threshold';
import { rankedCounts } from '../../../webview/model/curve';
import { DEFECT, GOOD, rankingOf } from '../../../webview/model/table';
import { canFollow, thresholdFor, typedThreshold } from '../../../webview/model/threshold';
import { classScores, confusionAt, rates, verdictOf } from '../../../webview/model/verdict';

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()), { minLength: 2, maxLength: 40 });

function setup(cases: readonly (readonly [number, boolean])[]) {
  const score = Float64Array.from(cases, ([s]) => s / 30);
  const classes = Int8Array.from(cases, ([, d]) => (d ? DEFECT : GOOD));
  const ranked = rankedCounts(score, rankingOf(score), classes);
  return { score, classes, ranked, sorted: score.slice().sort() };
}

describe('rules', () => {
  it('zero missed misses no defect', () => {
    fc.assert(
      fc.property(rows, (cases) => {
        const { score, classes, ranked, sorted } = setup(cases);
        const { value } = thresholdFor({ kind: 'zeroMissed' }, ranked, sorted);
        if (ranked.defects > 0) expect(confusionAt(classScores(score, classes), value).missed).toBe(0);
      }),
    );
  });

  it('false alarms stay within the rate', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (cases, rate) => {
        const { score, classes, ranked, sorted } = setup(cases);
        if (ranked.good === 0) return;
        const { value } = thresholdFor({ kind: 'falseAlarms', rate }, ranked, sorted);
        // As near as the rate itself is to what was typed.
        const allowed = rate * ranked.good + 1e-9;
        expect(confusionAt(classScores(score, classes), value).falseAlarm).toBeLessThanOrEqual(allowed);
      }),
    );
  });

  it('false alarms use up the rate, however it is written in binary: 29 % of 100 are 29', () => {
    const { score, classes, ranked, sorted } = setup(Array.from({ length: 101 }, (_, i) => [i, i === 100]));
    for (let percent = 0; percent <= 100; percent++) {
      const { value } = thresholdFor({ kind: 'falseAlarms', rate: percent / 100 }, ranked, sorted);
      expect(confusionAt(classScores(score, classes), value).falseAlarm).toBe(percent);
    }
  });

  it.each([
    [0.0025, '0.25'],
    [0.003, '0.3'],
    [0.05, '5'],
    [0.29, '29'],
  ])('false alarms name a rate of %d as %s %', (rate, text) => {
    const { ranked, sorted } = setup([
      [1, false],
      [2, true],
    ]);
    expect(thresholdFor({ kind: 'falseAlarms', rate }, ranked, sorted).how).toContain(`at most ${text} %`);
  });

  it('F1-max lies between two scores, so that rounding flips nothing', () => {
    const { ranked, sorted } = setup([
      [30, true],
      [24, true],
      [12, false],
      [6, false],
    ]);
    expect(thresholdFor({ kind: 'f1max' }, ranked, sorted).value).toBeCloseTo(0.6, 12);
  });

  it('fall back to the suggestion where no class is known, and say so', () => {
    const sorted = Float64Array.of(0.1, 0.2, 0.9);
    const nothing = rankedCounts(sorted, rankingOf(sorted), Int8Array.of(-1, -1, -1));
    expect(thresholdFor({ kind: 'f1max' }, nothing, sorted).rule).toBe('suggested');
  });

  it('F1-max waits for one image of each class: the first label does not move the threshold to its own score', () => {
    const sorted = Float64Array.of(0.1, 0.2, 0.9);
    const suggested = suggestedThreshold(sorted).value;
    for (const first of [DEFECT, GOOD]) {
      const ranked = rankedCounts(sorted, rankingOf(sorted), Int8Array.of(first, -1, -1));
      expect(thresholdFor({ kind: 'f1max' }, ranked, sorted)).toMatchObject({ rule: 'suggested', value: suggested });
      expect(canFollow('f1max', ranked)).toBe(false);
      expect(canFollow('zeroMissed', ranked)).toBe(first === DEFECT);
      expect(canFollow('falseAlarms', ranked)).toBe(first === GOOD);
    }
    const both = rankedCounts(sorted, rankingOf(sorted), Int8Array.of(GOOD, DEFECT, -1));
    expect(thresholdFor({ kind: 'f1max' }, both, sorted).rule).toBe('f1max');
  });
});

describe('suggested threshold', () => {
  it('splits two clear groups', () => {
    const { value, how } = suggestedThreshold(Float64Array.of(0.1, 0.11, 0.12, 0.13, 0.8, 0.82));
    expect(value).toBeCloseTo(0.465, 6);
    expect(how).toContain('Otsu');
  });

  it('takes most images to be good in one spread-out group', () => {
    const sorted = Float64Array.from({ length: 101 }, (_, i) => 0.5 + 0.05 * Math.sinh((i - 50) / 25)).sort();
    const { value, how } = suggestedThreshold(sorted);
    expect(how).toContain('robust');
    expect(countFrom(sorted, value)).toBeLessThan(30);
  });

  it('flags none of equal scores, nor a single image, and is defined for none', () => {
    for (const equal of [[0.1], [0.1, 0.1, 0.1], [0, 0], [-3, -3]]) {
      const sorted = Float64Array.from(equal);
      const { value, how } = suggestedThreshold(sorted);
      expect(countFrom(sorted, value)).toBe(0);
      expect(value).toBeCloseTo(equal[0], 6);
      expect(how).toContain('equal');
    }
    expect(suggestedThreshold(new Float64Array(0)).value).toBe(0);
  });

  it('flags only what lies above where half of the scores are equal', () => {
    const sorted = Float64Array.of(0.4, 0.45, 0.48, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.52, 0.55);
    expect(countFrom(sorted, suggestedThreshold(sorted).value)).toBe(2);
  });

  it('is the same in the panel as in exports, and flags some but not all of scores that differ', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }), (scores) => {
        const sorted = Float64Array.from(scores).sort();
        const { value } = suggestedThreshold(sorted);
        expect(suggestThreshold(scores)).toBe(value);
        const flagged = countFrom(sorted, value);
        expect(flagged).toBeLessThan(scores.length);
        expect(flagged > 0).toBe(new Set(scores).size > 1);
      }),
    );
  });
});

describe('counting', () => {
  it('countFrom counts what is at or above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: -6, max: 6 }), (values, from) => {
        const sorted = Float64Array.from(values).sort();
        expect(countFrom(sorted, from)).toBe(values.filter((v) => v >= from).length);
      }),
    );
  });

  it('the confusion matrix agrees with the verdict on each image', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (cases, threshold) => {
        const { score, classes } = setup(cases);
        const verdicts = [...score.keys()].map((i) => verdictOf(score[i], classes[i], threshold));
        const counts = confusionAt(classScores(score, classes), threshold);
        for (const v of ['hit', 'missed', 'falseAlarm', 'passed'] as const)
          expect(counts[v]).toBe(verdicts.filter((x) => x === v).length);
      }),
    );
  });

  it('precision and F1 are none where one class alone is known, as the metrics are', () => {
    expect(rates({ hit: 3, missed: 1, falseAlarm: 0, passed: 0 })).toMatchObject({
      precision: null,
      recall: 0.75,
      f1: null,
    });
    expect(rates({ hit: 0, missed: 0, falseAlarm: 2, passed: 2 })).toMatchObject({ precision: null, f1: null });
    expect(rates({ hit: 3, missed: 1, falseAlarm: 1, passed: 2 })).toMatchObject({ precision: 0.75, f1: 0.75 });
  });

  it('a number that is typed means what displays as it: at or above it', () => {
    const sorted = Float64Array.of(0.6, 0.7994, 0.7996, 0.8003, 0.9);
    expect(typedThreshold(0.8, sorted)).toBe(0.7996);
    expect(typedThreshold(0.9, sorted)).toBe(0.9);
    expect(typedThreshold(0.85, sorted)).toBe(0.85);
    expect(typedThreshold(0.7998, sorted)).toBe(0.7998); // finer than what is displayed
    expect(typedThreshold(0.8, Float64Array.of(0.8003))).toBe(0.8);
    expect(typedThreshold(0.8, new Float64Array(0))).toBe(0.8);
  });

  it('rates are null, not NaN, without a denominator', () => {
    expect(rates({ hit: 0, missed: 0, falseAlarm: 0, passed: 3 })).toEqual({
      precision: null,
      recall: null,
      f1: null,
    });
  });
});

describe('threshold on maps', () => {
  it('flags as many images by raw score as by final score', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (raw, at) => {
          const rawSorted = Float64Array.from(raw).sort();
          const sorted = rawSorted.map((r) => Math.sqrt(r / 1000));
          const line = mapThreshold(at, sorted, rawSorted, false);
          expect(countFrom(rawSorted, line)).toBe(countFrom(sorted, at));
        },
      ),
    );
  });

  it('is the threshold itself when scales are the same', () => {
    expect(mapThreshold(0.7, Float64Array.of(1), Float64Array.of(1), true)).toBe(0.7);
  });
});
