import type { Grid } from '../array/grid';
import type { Device } from '../backbone/device/provider';
import type { SharedFeatures } from './feature-store';
import type { KeptRanks } from './kept-ranks';
import type { TableLayout, TablePlace } from './distance-table';

/** What is computed for a run, the same for all taps. Plain data, posted to workers once. */
export interface ScoringPlan {
  readonly grid: Grid;
  readonly degrees: readonly number[];
  readonly ranks: KeptRanks;
  /** Images whose Gram matrices come from one product. */
  readonly batch: number;
  readonly device: Device;
  readonly layout: TableLayout;
  /** Distances kept per patch for growing the run later; 0: none. */
  readonly keptForLater: number;
  /** [0] is set to 1 when everybody shall stop, [1] counts finished pairs, [2] those of them that an interrupted run had finished. */
  readonly control: SharedArrayBuffer;
}

/** A plan's `control`, before anything is done. */
export const newControl = (): SharedArrayBuffer => new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);

/** One tap's inputs and outputs, in memory shared by all workers. */
export interface TapJob {
  readonly features: SharedFeatures;
  readonly table: TablePlace;
  /** N x degrees x P float32: inverse lengths of the sums over the windows. */
  readonly inverseLengths: SharedArrayBuffer;
  /** N x degrees x P float64: mean of the kept ranks. */
  readonly means: SharedArrayBuffer;
  /** Distances known from an earlier run, old images x known x degrees x P float32, and those kept for a later one; or null. */
  readonly known: { readonly buffer: SharedArrayBuffer; readonly count: number } | null;
  readonly kept: SharedArrayBuffer | null;
  /** N x P x length: image indices (uint32) and their lower bounds (float32), summed over the taps so far. */
  readonly shortlist: {
    readonly length: number;
    readonly images: SharedArrayBuffer;
    readonly bounds: SharedArrayBuffer;
  };
  /** How many taps the shortlist has seen. */
  readonly tapsBefore: number;
}

/** A range of images, `end` excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One unit of a worker's work. */
export type Task =
  | { readonly kind: 'lengths'; readonly image: number }
  | { readonly kind: 'tile'; readonly rows: Range; readonly columns: Range }
  | { readonly kind: 'rank'; readonly image: number };

export type ToWorker = { readonly plan: ScoringPlan } | { readonly job: TapJob } | { readonly task: Task };

/** A worker answers once to everything it is told. */
export type FromWorker =
  | { readonly done: true }
  | {
      readonly failed: {
        readonly code: string;
        readonly message: string;
        readonly where?: string;
        readonly hint?: string;
      };
    };
