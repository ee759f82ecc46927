import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeLabels, type LabelRecord } from '../../../extension/core/run/merge-labels';

const entry = fc.record({
  label: fc.constantFrom('good' as const, 'defect' as const, 'unsure' as const, null),
  at: fc.integer({ min: 0, max: 3 }).map((n) => `2026-01-0${n + 1}T00:00:00.000Z`),
});
const record: fc.Arbitrary<LabelRecord> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c/d', '__proto__', 'constructor'),
  entry,
);
/** Both sides grew from the base: some entries decided anew. */
const grown = fc.tuple(record, record, record).map(([base, mine, theirs]) => ({
  base,
  mine: { ...base, ...mine },
  theirs: { ...base, ...theirs },
}));

describe('mergeLabels', () => {
  it('keeps the same labels whoever merges, and agrees on the conflicts', () => {
    fc.assert(
      fc.property(grown, ({ base, mine, theirs }) => {
        const [a, b] = [mergeLabels(base, mine, theirs), mergeLabels(base, theirs, mine)];
        expect(b.labels).toEqual(a.labels);
        expect(b.conflicts.map((c) => [c.path, c.theirs, c.mine, c.kept])).toEqual(
          a.conflicts.map((c) => [c.path, c.mine, c.theirs, c.kept]),
        );
      }),
    );
  });

  it('loses no decision: every picture of either side is there, with the label of one of them', () => {
    fc.assert(
      fc.property(grown, ({ base, mine, theirs }) => {
        const { labels } = mergeLabels(base, mine, theirs);
        for (const path of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
          const of = (r: LabelRecord) => (Object.hasOwn(r, path) ? r[path] : undefined);
          expect(Object.hasOwn(labels, path)).toBe(true);
          expect([of(mine), of(theirs)]).toContainEqual(labels[path]);
        }
      }),
    );
  });

  it('merged with itself, or with nothing new, changes nothing', () => {
    fc.assert(
      fc.property(grown, ({ base, mine }) => {
        expect(mergeLabels(base, mine, base)).toEqual({ labels: mine, conflicts: [] });
        expect(mergeLabels(base, mine, mine)).toEqual({ labels: mine, conflicts: [] });
      }),
    );
  });

  it('takes the later decision and reports the difference', () => {
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
    const { labels, conflicts } = mergeLabels(
      { a: { label: 'good', at: at(1) } },
      { a: { label: 'defect', at: at(2) } },
      { a: { label: 'unsure', at: at(3) } },
    );
    expect(labels.a.label).toBe('unsure');
    expect(conflicts).toEqual([{ path: 'a', mine: 'defect', theirs: 'unsure', kept: 'unsure' }]);
  });
});
