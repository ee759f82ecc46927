import type { RunFile } from '../../extension/protocol/run-file';
import type { Table } from './table';

/** A picture that is in both runs. Indices are each run's own; ranks count from 0. */
export interface Pair {
  readonly image: number;
  readonly other: number;
  readonly rank: number;
  readonly otherRank: number;
  /** Places won (positive: nearer to the top here than in the other run). */
  readonly moved: number;
  /** Whether the threshold of each run flags it. */
  readonly flagged: boolean;
  readonly otherFlagged: boolean;
}

export interface Comparison {
  readonly pairs: readonly Pair[];
  /** Paths in one run only. */
  readonly onlyHere: number;
  readonly onlyThere: number;
  /** Pairs that one run flags and the other does not. */
  readonly crossed: number;
  /** Spearman's rank correlation over the pairs, null with fewer than two. */
  readonly correlation: number | null;
}

/** Two runs of one folder, picture by picture; thresholds are each run's own. */
export function compared(here: Table, threshold: number, there: Table, otherThreshold: number): Comparison {
  const byPath = new Map(there.path.map((path, i) => [path, i]));
  const pairs: Pair[] = [];
  for (const image of here.ranking) {
    const other = byPath.get(here.path[image]);
    if (other === undefined) continue;
    const [rank, otherRank] = [here.rank[image], there.rank[other]];
    pairs.push({
      image,
      other,
      rank,
      otherRank,
      moved: otherRank - rank,
      flagged: here.score[image] >= threshold,
      otherFlagged: there.score[other] >= otherThreshold,
    });
  }
  return {
    pairs,
    onlyHere: here.size - pairs.length,
    onlyThere: there.size - pairs.length,
    crossed: pairs.filter((p) => p.flagged !== p.otherFlagged).length,
    correlation: spearman(pairs),
  };
}

function spearman(pairs: readonly Pair[]): number | null {
  const n = pairs.length;
  if (n < 2) return null;
  // Ranks among the pairs only: pictures in one run alone must not count.
  const place = (of: (p: Pair) => number) => {
    const order = [...pairs.keys()].sort((a, b) => of(pairs[a]) - of(pairs[b]));
    const ranks = new Float64Array(n);
    order.forEach((pair, at) => (ranks[pair] = at));
    return ranks;
  };
  const [a, b] = [place((p) => p.rank), place((p) => p.otherRank)];
  const squares = a.reduce((sum, rank, i) => sum + (rank - b[i]) ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}

/** A setting that two runs do not share. */
export interface Difference {
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

/** What was done differently in two runs. */
export function settingDifferences(here: RunFile, there: RunFile): Difference[] {
  const describe = (run: RunFile): Record<string, string> => ({
    Backbone: run.backbone.name,
    Input: `${run.input.width} × ${run.input.height} px`,
    Taps: run.settings.taps.join(', '),
    Degrees: run.settings.degrees.join(', '),
    'Kept ranks': run.settings.keep.join(' – '),
    RsCIN: run.settings.rscin === 'off' ? 'off' : run.settings.rscin.join(', '),
    Subsets: String(run.settings.subsets),
    Protocol: run.settings.protocol,
    Device: run.device.label,
    Images: String(run.images.length),
  });
  const [a, b] = [describe(here), describe(there)];
  return Object.keys(a)
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ name, here: a[name], there: b[name] }));
}
