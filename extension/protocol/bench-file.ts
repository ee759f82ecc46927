import * as z from 'zod';
import { BENCH_METRICS } from './bench-metrics';
import { relativePath } from './run-file';

/** Version of `*.musc-bench.json` that this code writes. */
export const BENCH_VERSION = 1;

const fraction = z.number().min(0).max(1);
/** Pixels. */
const size = z.object({ height: z.number().int().positive(), width: z.number().int().positive() });

/** Fractions by metric, null where undefined. */
export const benchFigures = z.object({
  image_auroc: fraction.nullable(),
  image_f1max: fraction.nullable(),
  image_ap: fraction.nullable(),
  pixel_auroc: fraction.nullable(),
  pixel_f1max: fraction.nullable(),
  pixel_ap: fraction.nullable(),
  pixel_aupro: fraction.nullable(),
});
export type BenchFigures = z.infer<typeof benchFigures>;

export const benchCategory = z.object({
  name: z.string().min(1).max(255),
  /** The run's file relative to this document, forward slashes; null where there is none. */
  run: relativePath.nullable(),
  images: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** Null where the category failed or has no ground truth. */
  figures: benchFigures.nullable(),
  /** Why figures are missing, by metric. */
  absent: z.partialRecord(z.enum(BENCH_METRICS), z.string().max(2000)),
  seconds: z.number().nonnegative(),
  /** Model input of its run; absent where there is none, and in older documents. */
  input: size.optional(),
  /** Published figures of this category for the same backbone and size, or null. */
  published: benchFigures.nullable(),
  /** What went wrong or is odd ("150 of 160 pictures"), or "". */
  problem: z.string().max(2000),
});
export type BenchCategory = z.infer<typeof benchCategory>;

/** A benchmark's result: one data set, one row per category. */
export const benchFile = z.object({
  format: z.literal('musc-bench'),
  version: z.literal(BENCH_VERSION),
  id: z.string().min(1).max(100),
  name: z.string().max(255),
  /** ISO 8601, UTC. */
  createdAt: z.string().max(40),
  appVersion: z.string().max(40),
  dataset: z.object({
    layout: z.enum(['folder', 'mvtec', 'btad', 'visa']),
    name: z.string().max(255),
    /** Absolute folder, for a person to find it again; never opened by itself. */
    root: z.string().max(4096),
    notes: z.array(z.string().max(2000)).max(100),
  }),
  settings: z.object({
    protocol: z.enum(['exact', 'reference']),
    taps: z.array(z.string().max(500)).max(64),
    degrees: z.array(z.number().int().positive()).max(16),
    keep: z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
    rscin: z.union([z.array(z.number().int().positive()).max(16), z.literal('off')]),
    subsets: z.number().int().positive(),
    seed: z.number().int().nonnegative(),
    /** Model input of the first run; the others may have been made at another (`commonInput`). */
    input: size,
  }),
  backbone: z.object({ id: z.string().max(4096), name: z.string().max(255), sha256: z.string().max(64) }),
  device: z.string().max(200),
  categories: z.array(benchCategory).max(10_000),
  /** Published means of the same backbone and size, or null; `source` says whose figures they are. */
  published: z.object({ mean: benchFigures, source: z.string().max(500) }).nullable(),
});
export type BenchFile = z.infer<typeof benchFile>;
