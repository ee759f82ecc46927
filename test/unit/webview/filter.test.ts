import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disagreement, doubtOf, labelsToCheck } from '../../../webview/model/doubt';
import {
  chipCounts,
  filtered,
  NO_FILTER,
  showFollowsThreshold,
  shows,
  typeCounts,
  type Show,
} from '../../../webview/model/filter';
import * as format from '../../../webview/model/format';
import { ordered, SORT_KEYS } from '../../../webview/model/order';
import { nextToReview, reviewOrder, reviewProgress } from '../../../webview/model/review';
import { factsFrom, tableFrom } from './facts';

const table = tableFrom([
  { score: 0.9, truth: 'defect', type: 'crack', path: 'crack/a10.png' },
  { score: 0.2, truth: 'good', type: 'good', path: 'good/a2.png' },
  { score: 0.8, truth: 'good', type: 'good', path: 'good/A1.png', raw: 1 },
  { score: 0.4, truth: 'defect', type: 'crack', path: 'crack/a2.png' },
  { score: 0.55, truth: 'good', type: 'good', path: 'good/b.png' },
]);
const facts = factsFrom(table, '.gd.u', 0.6);
const order = ordered({ key: 'score', reversed: false }, facts);

describe('filter', () => {
  it('chips know labels, truth, verdicts and doubts', () => {
    const members = (show: Show) => [0, 1, 2, 3, 4].filter((i) => shows(show, i, facts));
    expect(members('flagged')).toEqual([0, 2]);
    expect(members('clear')).toEqual([1, 3, 4]);
    expect(members('unlabelled')).toEqual([0, 3]);
    expect(members('hit')).toEqual([0]);
    expect(members('missed')).toEqual([3]);
    expect(members('falseAlarm')).toEqual([2]);
    expect(members('passed')).toEqual([1, 4]);
    expect(members('toCheck')).toEqual([2, 3]);
    expect(members('unsure')).toEqual([4]);
    expect(members('truthDefect')).toEqual([0, 3]);
  });

  it('combines words, types and range', () => {
    expect([...filtered(order, { ...NO_FILTER, text: 'A2 crack' }, facts)]).toEqual([3]);
    expect([...filtered(order, { ...NO_FILTER, types: ['good'] }, facts)]).toEqual([2, 4, 1]);
    expect([...filtered(order, { ...NO_FILTER, range: [0.4, 0.8] }, facts)]).toEqual([2, 4, 3]);
  });

  it('takes an image whose score displays as within the range', () => {
    const close = tableFrom([0.80049, 0.8, 0.79951, 0.79949, 0.7005, 0.70049, 0.69951].map((score) => ({ score })));
    const some = factsFrom(close, '.......', 0.5);
    const within = (low: number, high: number) => [
      ...filtered(close.ranking, { ...NO_FILTER, range: [low, high] }, some),
    ];
    expect(within(0.8, 1)).toEqual([0, 1, 2]);
    expect(within(0, 0.7)).toEqual([5, 6]);
    expect(within(0.7, 0.8)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(within(0.70049, 0.8)).toEqual([0, 1, 2, 3, 4, 5, 6]); // as the field shows it
  });

  it('takes exactly the images that display as within the range', () => {
    const shown = (value: number) => Number(format.score(value));
    const score = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 20 }), score, score, (scores, low, high) => {
        const some = factsFrom(tableFrom(scores.map((score) => ({ score }))), '', 0.5);
        const expected = [...some.table.ranking].filter(
          (image) => shown(scores[image]) >= shown(low) && shown(scores[image]) <= shown(high),
        );
        const filter = { ...NO_FILTER, range: [low, high] as const };
        expect([...filtered(some.table.ranking, filter, some)]).toEqual(expected);
      }),
    );
  });

  it('finds a name however its accents are composed', () => {
    const [one, two] = ['Prüfung'.normalize('NFC'), 'Prüfung'.normalize('NFD')];
    const names = tableFrom([one, two, 'Prufung'].map((name) => ({ score: 1, path: `${name}/a.png` })));
    const few = factsFrom(names, '...', 0.5);
    for (const text of [one.toUpperCase(), two])
      expect([...filtered(names.ranking, { ...NO_FILTER, text }, few)]).toEqual([0, 1]);
  });

  it('counts what each chip shows, for every chip and filter', () => {
    const some = { ...facts, missing: new Set([1, 3]), changed: new Set([2, 3]) };
    for (const filter of [NO_FILTER, { ...NO_FILTER, text: 'crack' }, { ...NO_FILTER, range: [0.3, 0.85] as const }])
      for (const [show, count] of Object.entries(chipCounts(filter, some)))
        expect([show, count]).toEqual([show, filtered(order, { ...filter, show: show as Show }, some).length]);
  });

  it('knows which chips follow the threshold', () => {
    const shown = (show: Show, threshold: number) =>
      [0, 1, 2, 3, 4].filter((i) => shows(show, i, { ...facts, threshold }));
    for (const show of Object.keys(chipCounts(NO_FILTER, facts)) as Show[]) {
      const moves = [0.3, 0.5, 0.85].some((value) => shown(show, value).join() !== shown(show, 0.6).join());
      if (moves) expect(showFollowsThreshold(show)).toBe(true);
      else if (show !== 'toCheck') expect([show, showFollowsThreshold(show)]).toEqual([show, false]);
    }
  });

  it('counts what each chip and type would show with the rest of the filter', () => {
    const filter = { ...NO_FILTER, types: ['crack'], show: 'flagged' as const };
    expect(chipCounts(filter, facts)).toMatchObject({ all: 2, flagged: 1 });
    expect(typeCounts(filter, facts)).toEqual(
      new Map([
        ['crack', 1],
        ['good', 1],
      ]),
    );
  });
});

describe('order', () => {
  it('is a permutation for every key, in both directions', () => {
    for (const key of SORT_KEYS)
      for (const reversed of [false, true])
        expect([...ordered({ key, reversed }, facts)].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('sorts as each key says', () => {
    const by = (key: (typeof SORT_KEYS)[number]) => [...ordered({ key, reversed: false }, facts)];
    expect(by('score')).toEqual([0, 2, 4, 3, 1]);
    expect(by('rawScore')[0]).toBe(2);
    expect(by('name')).toEqual([3, 0, 2, 1, 4]);
    expect(by('type')).toEqual([0, 3, 2, 4, 1]);
    expect(by('review')[0]).toBe(3);
    expect(by('disagreement')[0]).toBe(3);
  });

  it('has images of which nothing is known last by disagreement, in both directions', () => {
    const some = factsFrom(table, '.gd.u', 0.6);
    expect([...ordered({ key: 'disagreement', reversed: false }, some)]).toEqual([3, 2, 0, 1, 4]);
    expect([...ordered({ key: 'disagreement', reversed: true }, some)]).toEqual([1, 0, 2, 3, 4]);
    const two = factsFrom(table, 'u.u.u', 0.6);
    expect([...ordered({ key: 'disagreement', reversed: true }, two)].slice(0, 2)).toEqual([1, 3]);
  });
});

describe('what is merged instead of sorted while the threshold is dragged', () => {
  /** Runs with ties among scores and of distances from the threshold, in all mixtures of labels and truth. */
  const anyFacts = fc
    .array(
      fc.record({
        eighths: fc.integer({ min: 0, max: 16 }),
        truth: fc.constantFrom('good' as const, 'defect' as const, null),
        label: fc.constantFrom('g', 'd', 'u', '.'),
      }),
      { maxLength: 30 },
    )
    .chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ min: -1, max: 17 })))
    .map(([rows, eighths]) =>
      factsFrom(
        tableFrom(rows.map((row) => ({ score: row.eighths / 8, truth: row.truth }))),
        rows.map((row) => row.label).join(''),
        eighths / 8,
      ),
    );

  it('is in the order of disagreement, ties in the order of the run', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const value = (image: number) => disagreement(image, some);
        const sorted = [...some.table.ranking].sort((a, b) => (value(a) === value(b) ? 0 : value(b) - value(a)));
        expect([...ordered({ key: 'disagreement', reversed: false }, some)]).toEqual(sorted);
      }),
    );
  });

  it('lists labels to check by doubt, then by distance from the threshold, then by image', () => {
    const doubts = ['truth', 'label', 'score'] as const;
    fc.assert(
      fc.property(anyFacts, (some) => {
        const margin = (image: number) => Math.abs(some.table.score[image] - some.threshold);
        const all = [...some.table.path.keys()].sort((a, b) => margin(b) - margin(a) || a - b);
        const expected = doubts.flatMap((doubt) => all.filter((image) => doubtOf(image, some) === doubt));
        expect([...labelsToCheck(some)]).toEqual(expected);
      }),
    );
  });
});

describe('doubt', () => {
  it('tells likely label noise of the data set from slips', () => {
    expect(doubtOf(2, facts)).toBe('truth');
    expect(doubtOf(2, factsFrom(table, '..d..', 0.85))).toBe('label');
    expect(doubtOf(3, facts)).toBe('score');
    expect(doubtOf(4, facts)).toBeNull();
  });

  it('is none, nor any disagreement, where the reviewer is unsure', () => {
    const unsure = factsFrom(table, '...u.', 0.6);
    expect(doubtOf(3, unsure)).toBeNull();
    expect(disagreement(3, unsure)).toBe(-Infinity);
  });

  it('lists label noise first', () => {
    expect([...labelsToCheck(facts)]).toEqual([2, 3]);
  });
});

describe('review', () => {
  it('orders by what a decision tells: against the truth, near the threshold on both sides in turn, decided', () => {
    expect([...reviewOrder(facts)]).toEqual([3, 0, 2, 4, 1]);
    const unknown = tableFrom([0.9, 0.8, 0.7, 0.5, 0.4, 0.1].map((score) => ({ score })));
    expect([...reviewOrder(factsFrom(unknown, '......', 0.6))]).toEqual([2, 3, 1, 4, 0, 5]);
    expect([...reviewOrder(factsFrom(unknown, '..gd..', 0.6))]).toEqual([1, 4, 0, 5, 2, 3]);
    expect([...reviewOrder(factsFrom(unknown, '......', 0.05))]).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('puts the clearest contradiction of the truth first', () => {
    expect([...reviewOrder(factsFrom(table, '.....', 0.7))].slice(0, 2)).toEqual([3, 2]);
    expect([...reviewOrder(factsFrom(table, '.....', 0.5))].slice(0, 3)).toEqual([2, 3, 4]);
  });

  it('goes on from the current image, round and round, and skips what has a label or is missing', () => {
    expect(nextToReview(facts, null)).toBe(3);
    expect(nextToReview(facts, 3)).toBe(0);
    expect(nextToReview(facts, 0)).toBe(3);
    expect(nextToReview(facts, 1)).toBe(3);
    expect(nextToReview({ ...facts, missing: new Set([3]) }, null)).toBe(0);
    expect(nextToReview({ ...facts, missing: new Set([3]) }, 0)).toBeNull();
    expect(nextToReview(factsFrom(table, 'ggggg', 0.6), null)).toBeNull();
  });

  it('counts decisions and conflicts with the truth', () => {
    expect(reviewProgress(facts.labels, table.truth)).toEqual({
      reviewed: 3,
      good: 1,
      defect: 1,
      unsure: 1,
      total: 5,
      conflicts: 1,
    });
  });
});
