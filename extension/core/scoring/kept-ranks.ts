/** Ranks [first, end) of the sorted distances to the other images whose mean is a patch's score. */
export interface KeptRanks {
  readonly first: number;
  readonly end: number;
}

/**
 * Resolves an interval (paper 3.2, SPEC 4) for `others` = N - 1 other images. A bound below 1 is a fraction of `others`, from 1 on a
 * count; bounds are swapped when reversed and clamped so that at least one rank is kept (the reference gives NaN there).
 */
export function keptRanks(keep: readonly [number, number], others: number): KeptRanks {
  const [a, b] = keep.map((bound) => Math.trunc(bound < 1 ? others * bound : bound));
  const end = Math.min(Math.max(Math.max(a, b), 1), others);
  return { first: Math.min(Math.max(Math.min(a, b), 0), end - 1), end };
}
