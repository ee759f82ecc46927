import type { Label, LabelsFile } from '../../protocol/run-file';

/** Decisions by picture path. A label of null was taken back, at that time. */
export type LabelRecord = LabelsFile['labels'];
export type LabelEntry = LabelRecord[string];

/** Two people decided differently about one picture. */
export interface LabelConflict {
  readonly path: string;
  readonly mine: Label | null;
  readonly theirs: Label | null;
  readonly kept: Label | null;
}

const entryOf = (record: LabelRecord, path: string): LabelEntry | undefined =>
  Object.hasOwn(record, path) ? record[path] : undefined;

const same = (a: LabelEntry | undefined, b: LabelEntry | undefined): boolean =>
  a?.label === b?.label && a?.at === b?.at;

/** The later decision; of two at one moment the one with the greater label name, so that both sides keep the same. */
function later(a: LabelEntry, b: LabelEntry): LabelEntry {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return String(a.label) >= String(b.label) ? a : b;
}

/**
 * Merges two sets of labels that both grew from `base`, picture by picture. What only one side changed is taken from it;
 * where both did, the later decision is kept, and reported as a conflict if the labels differ.
 * `mergeLabels(base, a, b)` and `(base, b, a)` keep the same labels. Pictures are in sorted order.
 */
export function mergeLabels(
  base: LabelRecord,
  mine: LabelRecord,
  theirs: LabelRecord,
): { labels: LabelRecord; conflicts: LabelConflict[] } {
  const conflicts: LabelConflict[] = [];
  const merged: [string, LabelEntry][] = [];
  const paths = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
  for (const path of [...paths].sort()) {
    const [b, m, t] = [entryOf(base, path), entryOf(mine, path), entryOf(theirs, path)];
    const kept = mergeOne(b, m, t);
    if (kept) merged.push([path, kept]);
    if (kept && m && t && !same(m, b) && !same(t, b) && m.label !== t.label)
      conflicts.push({ path, mine: m.label, theirs: t.label, kept: kept.label });
  }
  return { labels: Object.fromEntries(merged), conflicts };
}

function mergeOne(
  base: LabelEntry | undefined,
  mine: LabelEntry | undefined,
  theirs: LabelEntry | undefined,
): LabelEntry | undefined {
  if (same(mine, base)) return theirs;
  if (same(theirs, base)) return mine;
  // an entry that is gone was never decided anew: the decision stands
  if (!mine || !theirs) return mine ?? theirs;
  return later(mine, theirs);
}
