import { describe, expect, it } from 'vitest';
import {
  classesThere,
  crossed,
  flagsAt,
  labelFigures,
  paired,
  sharedScores,
  settingDifferences,
  thresholdThere,
  thresholdWords,
} from '../../../webview/model/compare';
import { rankedCounts } from '../../../webview/model/curve';
import { sortedScores } from '../../../extension/protocol/map-threshold';
import { DEFECT, GOOD, NONE, type Against, type Table } from '../../../webview/model/table';
import { thresholdFor, type ThresholdRule } from '../../../webview/model/threshold';
import { typeRows } from '../../../webview/model/per-type';
import * as format from '../../../webview/model/format';
import type { RunFile } from '../../../extension/protocol/run-file';
import { DEFAULT_SCENARIO, runOf } from '../../integration/webview/harness/scenario';
import { tableFrom } from './facts';

describe('comparing runs', () => {
  const here = tableFrom([
    { score: 0.9, path: 'a' },
    { score: 0.5, path: 'b' },
    { score: 0.1, path: 'c' },
    { score: 0.2, path: 'only here' },
  ]);
  const there = tableFrom([
    { score: 3, path: 'c' },
    { score: 2, path: 'b' },
    { score: 1, path: 'a' },
  ]);

  it('pairs pictures by path, those that moved most first', () => {
    const { pairs, of, onlyHere, onlyThere, correlation } = paired(here, there);
    expect([onlyHere, onlyThere]).toEqual([1, 0]);
    expect(correlation).toBeCloseTo(-1, 12);
    expect(pairs.map(({ image, other, moved }) => [image, other, moved])).toEqual([
      [0, 2, 2],
      [2, 0, -2],
      [1, 1, 0],
    ]);
    expect(of.map((pair) => pair?.other)).toEqual([2, 1, 0, undefined]);
    expect(of[0]).toMatchObject({ rank: 0, otherRank: 2 });
  });

  it('pictures in one run alone move none of the others', () => {
    const shared = Array.from({ length: 20 }, (_, i) => ({ score: i, path: `shared ${i}` }));
    const added = Array.from({ length: 500 }, (_, i) => ({ score: 100 + i, path: `added ${i}` }));
    const [few, many] = [tableFrom(shared), tableFrom([...shared, ...added])];
    for (const { pairs, correlation } of [paired(few, many), paired(many, few)]) {
      expect(new Set(pairs.map(({ moved }) => moved))).toEqual(new Set([0]));
      expect(correlation).toBe(1);
    }
    expect(paired(few, many).of[19]).toMatchObject({ rank: 0, otherRank: 500 });
  });

  it('finds what crossed the threshold', () => {
    const flags = flagsAt(here, 0.6, there, 2.5);
    expect(crossed(paired(here, there), flags).map((pair) => [pair.image, flags(pair)])).toEqual([
      [0, { here: true, there: false }],
      [2, { here: false, there: true }],
    ]);
  });

  it('a run agrees with itself', () => {
    const pairing = paired(here, here);
    expect(pairing.correlation).toBe(1);
    expect(crossed(pairing, flagsAt(here, 0.6, here, 0.6))).toEqual([]);
  });
});

describe('thresholds of two runs', () => {
  const paths = ['a', 'b', 'c', 'd'];
  const truths = ['good', 'good', 'defect', 'defect'] as const;
  /** Ranked a, b, c, d here; the other way about, ten times as high, and one more there. */
  const rows = (truth: boolean) => paths.map((path, i) => ({ path, score: 4 - i, truth: truth ? truths[i] : null }));
  const otherRows = (truth: boolean) => [
    ...paths.map((path, i) => ({ path, score: 10 * (i + 1), truth: truth ? truths[i] : null })),
    { path: 'e', score: 5, truth: truth ? ('good' as const) : null },
  ];
  const both = (rule: ThresholdRule, here: Table, classes: Int8Array, against: Against, there: Table) => {
    const own = thresholdFor(rule, rankedCounts(here.score, here.ranking, classes), here.score.slice().sort());
    const shared = sharedScores(paired(here, there), here, there);
    const ranked = rankedCounts(there.score, there.ranking, classesThere(here, classes, against, there));
    const other = thresholdThere(rule, own, shared, ranked, sortedScores(there));
    return { own, other, words: thresholdWords(own, other, against) };
  };
  const labels = Int8Array.of(DEFECT, GOOD, GOOD, GOOD);

  it('follow labels in both where there is no truth', () => {
    const { own, other, words } = both(
      { kind: 'zeroMissed' },
      tableFrom(rows(false)),
      labels,
      'labels',
      tableFrom(otherRows(false)),
    );
    expect([own.value, own.rule, other.value, other.rule]).toEqual([3.5, 'zeroMissed', 10, 'zeroMissed']);
    expect(words).toMatch(/same rule, by reviewers’ labels: the highest that misses no known defect/);
  });

  it('follow labels in both where the panel measures against labels though truth is known', () => {
    const [here, there] = [tableFrom(rows(true)), tableFrom(otherRows(true))];
    expect(both({ kind: 'zeroMissed' }, here, labels, 'labels', there).other.value).toBe(10);
    expect(both({ kind: 'zeroMissed' }, here, here.truth, 'truth', there).other.value).toBe(25);
    expect([...classesThere(here, labels, 'labels', there)]).toEqual([...labels, NONE]);
    expect([...classesThere(here, here.truth, 'truth', there)]).toEqual([GOOD, GOOD, DEFECT, DEFECT, GOOD]);
  });

  it('carry a value set by hand over as the same number of flagged images', () => {
    const [here, there] = [tableFrom(rows(false)), tableFrom(otherRows(false))];
    const none = new Int8Array(4).fill(NONE);
    const at = (value: number) => both({ kind: 'manual', value }, here, none, 'labels', there);
    expect([at(2.5), at(9), at(0)].map(({ other }) => [other.value, other.flagged])).toEqual([
      [25, { here: 2, there: 2 }],
      [Infinity, { here: 0, there: 0 }],
      [10, { here: 4, there: 4 }],
    ]);
    expect(at(2.5).words).toMatch(/carried over as the same number of flagged images, of those in both runs: 2\.$/);
    const tied = tableFrom(paths.map((path) => ({ path, score: 7 })));
    expect(both({ kind: 'manual', value: 2.5 }, here, none, 'labels', tied).words).toContain('possible there (4)');
  });

  it('carry it over by the images in both runs, however many more one of them has', () => {
    const here = tableFrom(rows(false));
    const added = Array.from({ length: 500 }, (_, i) => ({ path: `added ${i}`, score: 100 + i }));
    const there = tableFrom([...otherRows(false), ...added]);
    const none = new Int8Array(4).fill(NONE);
    expect(both({ kind: 'manual', value: 2.5 }, here, none, 'labels', there).other.value).toBe(25);
    const back = both({ kind: 'manual', value: 25 }, there, new Int8Array(505).fill(NONE), 'labels', here);
    expect([back.other.value, back.other.flagged]).toEqual([2.5, { here: 2, there: 2 }]);
  });

  it('say where the other run cannot follow', () => {
    const there = tableFrom([
      { path: 'b', score: 1 },
      { path: 'x', score: 2 },
    ]);
    const { other, words } = both({ kind: 'f1max' }, tableFrom(rows(false)), labels, 'labels', there);
    expect(other.rule).toBe('suggested');
    expect(words).toMatch(/labels here: where F1 is largest\. The other run has too few known images .*Otsu/);
  });

  it('without any class are suggested in both', () => {
    const none = new Int8Array(4).fill(NONE);
    const [here, there] = [tableFrom(rows(false)), tableFrom(otherRows(true))];
    const { own, other } = both({ kind: 'f1max' }, here, none, 'labels', there);
    expect([own.rule, other.rule]).toEqual(['suggested', 'suggested']);
  });

  it('have figures against the labels of the images in both', () => {
    const [here, there] = [tableFrom(rows(false)), tableFrom(otherRows(false).slice(1))];
    expect(labelFigures(here, labels, there)).toBeNull();
    const found = labelFigures(here, Int8Array.of(GOOD, DEFECT, GOOD, NONE), there);
    expect([found?.images, found?.here.auroc, found?.there.auroc]).toEqual([2, { value: 1 }, { value: 0 }]);
  });
});

describe('per type', () => {
  it("measures each type's defects against all good images", () => {
    const table = tableFrom([
      { score: 0.9, truth: 'defect', type: 'crack' },
      { score: 0.3, truth: 'defect', type: 'hole' },
      { score: 0.5, truth: 'good', type: 'good' },
      { score: 0.1, truth: 'good', type: 'good' },
    ]);
    const rows = typeRows(table, table.truth, 'truth');
    expect(rows.map((r) => [r.type, [...r.scores], r.meanScore])).toEqual([
      ['crack', [0.9], 0.9],
      ['good', [0.1, 0.5], 0.3],
      ['hole', [0.3], 0.3],
    ]);
    expect(rows[0].auroc).toEqual({ value: 1 });
    expect(rows[1].auroc).toEqual({ absent: 'no defect of this type' });
    expect(rows[2].auroc).toEqual({ value: 0.5 });
    const [crack] = typeRows(table, Int8Array.of(NONE, DEFECT, GOOD, GOOD), 'labels');
    expect(crack.ap).toEqual({ absent: 'no image of this type is labelled defect' });
  });
});

describe('settings of two runs', () => {
  const run = runOf(DEFAULT_SCENARIO);
  const names = (other: RunFile) => settingDifferences(run, other).map(({ name }) => name);

  it('differ in nothing where a run was made again', () => {
    expect(names({ ...run, id: 'again', createdAt: '2026-01-01T00:00:00Z' })).toEqual([]);
  });

  it('tell whatever changes scores or metrics', () => {
    const { settings, backbone, dataset } = run;
    expect(names({ ...run, backbone: { ...backbone, sha256: 'f'.repeat(64) } })).toEqual(['Weights (SHA-256)']);
    expect(names({ ...run, dataset: { ...dataset, layout: 'btad' } })).toEqual(['Data set']);
    expect(names({ ...run, settings: { ...settings, masks: 'masks' } })).toEqual(['Masks']);
    expect(names({ ...run, settings: { ...settings, preprocess: 'clip' } })).toEqual(['Preprocessing']);
    expect(names({ ...run, settings: { ...settings, embedding: 'cls' } })).toEqual(['Embedding']);
    expect(names({ ...run, settings: { ...settings, fit: settings.fit === 'keep' ? 'squash' : 'keep' } })).toEqual([
      'Fit',
    ]);
    expect(names({ ...run, settings: { ...settings, seed: settings.seed + 1 } })).toEqual([]); // of one subset nothing is drawn
    expect(
      settingDifferences(
        { ...run, settings: { ...settings, subsets: 2 } },
        { ...run, settings: { ...settings, subsets: 2, seed: 9 } },
      ),
    ).toEqual([{ name: 'Seed', here: String(settings.seed), there: '9' }]);
  });
});

describe('words', () => {
  it('numbers and times as people write them', () => {
    expect([format.count(12345), format.percent(0.98765), format.score(NaN)]).toEqual(['12,345', '98.8', '–']);
    expect([0.2, 4.2, 72.4, 3700].map(format.seconds)).toEqual(['< 1 s', '4.2 s', '1 min 12 s', '1 h 1 min']);
    expect(format.shortPath('test/colour/006.jpg')).toBe('colour/006.jpg');
  });
});
