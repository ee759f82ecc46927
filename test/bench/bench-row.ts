/** One figure of `npm run bench`. */
export interface BenchRow {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The figure this one is held against in the same run, and value over that one's value. */
  readonly ratioTo?: string;
  readonly ratio?: number;
  /** What the figure alone does not tell: a graphics card's name, why nothing was run. */
  readonly note?: string;
}
