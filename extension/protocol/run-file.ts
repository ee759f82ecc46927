import * as z from 'zod';

/** Version of `run.musc.json` that this code writes. Readers refuse newer ones and upgrade older ones. */
export const RUN_VERSION = 1;

const fraction = z.number().min(0).max(1);
const metric = z.union([z.object({ value: fraction }), z.object({ absent: z.string() })]);

/** A path inside a run file: relative to the data set's root, forward slashes, no drive, no NUL. Whether it may climb is checked where it is resolved. */
export const relativePath = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (p) => !p.includes('\0') && !p.startsWith('/') && !p.includes('\\') && !/^[A-Za-z]:/.test(p),
    'must be a relative path with forward slashes',
  );

const checksum = z.number().int().min(0).max(0xffffffff);

export const runImage = z.object({
  path: relativePath,
  /** Defect type, "" in a flat folder. */
  type: z.string().max(255),
  truth: z.enum(['good', 'defect']).nullable(),
  mask: relativePath.nullable(),
  /** Size of the picture file in bytes and its modification time (ms since 1970, negative before), to notice a changed picture. */
  bytes: z.number().int().nonnegative(),
  modified: z.number(),
  /** Native size in pixels after EXIF orientation. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Final image score (after RsCIN where it is on) and the raw one (largest value of the map). */
  score: z.number(),
  rawScore: z.number(),
  /** CRC-32 of the picture's bytes in maps.npy and neighbours.npy, checked whenever they are read; absent in older runs. */
  mapCrc: checksum.optional(),
  neighboursCrc: checksum.optional(),
});

export const runFile = z.object({
  format: z.literal('musc-run'),
  version: z.literal(RUN_VERSION),
  /** Unique: also the cache-busting version in URIs. */
  id: z.string().min(1).max(100),
  name: z.string().max(255),
  /** ISO 8601, UTC. */
  createdAt: z.string().max(40),
  appVersion: z.string().max(40),
  /** From the run's folder to the data set's root, forward slashes: "../../.." in the usual place; absolute when the run lies elsewhere. */
  root: z.string().min(1).max(4096),
  dataset: z.object({
    layout: z.enum(['folder', 'mvtec', 'btad', 'visa']),
    category: z.string().max(255).nullable(),
    name: z.string().max(255),
    notes: z.array(z.string().max(2000)).max(100),
  }),
  settings: z.object({
    backbone: z.string().max(4096),
    taps: z.array(z.string().max(500)).min(1).max(64),
    degrees: z.array(z.number().int().positive()).min(1).max(16),
    keep: z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
    rscin: z.union([z.array(z.number().int().positive()).max(16), z.literal('off')]),
    subsets: z.number().int().positive(),
    seed: z.number().int().nonnegative(),
    protocol: z.enum(['exact', 'reference']),
    fit: z.enum(['squash', 'keep']),
    /** What was asked for an imported file whose form doesn't tell, and the folder of masks (from the data set's root, or absolute). */
    embedding: z.string().max(500).optional(),
    preprocess: z.enum(['clip', 'imagenet']).optional(),
    masks: z.string().min(1).max(4096).optional(),
  }),
  backbone: z.object({
    id: z.string().max(4096),
    name: z.string().max(255),
    sha256: z.string().max(64),
    licence: z.string().max(255),
    note: z.string().max(1000),
  }),
  device: z.object({
    name: z.string().max(40),
    label: z.string().max(200),
    requested: z.string().max(40),
    fallback: z.string().max(2000).nullable(),
  }),
  /** Where the folder's cache keeps the pictures' features, and channels of each tap; absent in older runs. */
  features: z
    .object({
      cache: z.string().regex(/^[0-9a-f]{24}$/),
      channels: z.array(z.number().int().positive().max(65536)).min(1).max(64),
    })
    .optional(),
  /** Model input, pixels: maps are the patch scores resized bilinearly (align_corners) to this. */
  input: z.object({ height: z.number().int().positive(), width: z.number().int().positive() }),
  /** Patch grid of maps.npy (N x height x width). */
  grid: z.object({ height: z.number().int().positive(), width: z.number().int().positive() }),
  images: z.array(runImage).max(1_000_000),
  skipped: z.array(z.object({ path: z.string().max(4096), reason: z.string().max(2000) })).max(1_000_000),
  /** Null where there is no ground truth at all. */
  metrics: z
    .object({
      image: z.object({ auroc: metric, f1max: metric, ap: metric }),
      pixel: z.object({ auroc: metric, f1max: metric, ap: metric, aupro: metric }),
    })
    .nullable(),
  seconds: z.object({ features: z.number(), scoring: z.number(), metrics: z.number(), total: z.number() }),
  /** For lists of runs, which read only the beginning of the file. Filled in on writing; anything else counts the images. */
  summary: z
    .object({
      images: z.number().int().nonnegative(),
      skipped: z.number().int().nonnegative(),
      /** The highest image score; null without images. */
      topScore: z.number().nullable(),
    })
    .optional(),
});

export type RunFile = z.infer<typeof runFile>;
export type RunImage = z.infer<typeof runImage>;

/** Reviewers' labels. A picture not named has no label. */
export const LABELS = ['good', 'defect', 'unsure'] as const;
export type Label = (typeof LABELS)[number];

export const labelsFile = z.object({
  format: z.literal('musc-labels'),
  version: z.literal(1),
  /** By picture path relative to the folder that holds `.musc`. `at`: ISO 8601 time of the decision, for merging. */
  labels: z.record(relativePath, z.object({ label: z.enum(LABELS).nullable(), at: z.string().max(40) })),
});
export type LabelsFile = z.infer<typeof labelsFile>;
