import type { Table } from './table';

/** A run's scores, ascending: counts at any threshold are binary searches in them. */
export interface SortedScores {
  readonly score: Float64Array;
  readonly raw: Float64Array;
  /** Whether both are the same numbers: RsCIN is off. */
  readonly same: boolean;
}

export const sortedScores = (table: Table): SortedScores => ({
  score: table.score.slice().sort(),
  raw: table.rawScore.slice().sort(),
  same: table.score.every((s, i) => Math.abs(s - table.rawScore[i]) <= 1e-6 * Math.max(1, Math.abs(s))),
});
