import * as z from 'zod';
import type { Stage } from './stage';

/**
 * Messages between a client (editor host, command line, tests) and the engine process, over node's IPC with
 * `serialization: 'advanced'`. A call gets any number of `progress` and exactly one `ok: true | false` reply with its id.
 * `cancel` of an id makes that call end with CANCELLED within a second. The engine validates every call.
 */

const file = z.string().min(1).max(4096);
const index = z.number().int().nonnegative();
const protocol = z.enum(['exact', 'reference']);
const layout = z.enum(['auto', 'folder', 'mvtec', 'btad', 'visa']);

/** What to score and how; fields left out take the defaults of `core/settings`, where ranges are checked too. */
export const scoreRequest = z.object({
  folder: file,
  /** Where the run goes; default FOLDER/.musc/runs. */
  out: file.optional(),
  name: z.string().max(255).optional(),
  backbone: file.optional(),
  /** SHA-256 that the file of a backbone must have, where it is named by its path: as the user agreed to it. */
  backboneSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  taps: z.union([z.literal('auto'), z.array(z.string())]).optional(),
  embedding: z.string().max(500).optional(),
  preprocess: z.enum(['clip', 'imagenet']).optional(),
  imageSize: z.number().nullable().optional(),
  fit: z.enum(['squash', 'keep', 'auto']).optional(),
  degrees: z.union([z.array(z.number()), z.literal('auto')]).optional(),
  keep: z.tuple([z.number(), z.number()]).optional(),
  rscin: z.union([z.array(z.number()), z.literal('off'), z.literal('auto')]).optional(),
  subsets: z.union([z.number(), z.literal('auto')]).optional(),
  seed: z.number().optional(),
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml']).optional(),
  protocol: protocol.optional(),
  layout: layout.optional(),
  category: z.string().max(255).optional(),
  /** Folder of same-named masks, for a plain folder. */
  masks: file.optional(),
  resume: z.boolean().optional(),
  threads: z.number().optional(),
  memoryBytes: z.number().optional(),
  /** Folder of installed backbones. */
  models: file.optional(),
});
export type ScoreRequest = z.infer<typeof scoreRequest>;

/** A data set (`folder` is its root), and how to score each of its categories. */
export const benchRequest = scoreRequest.extend({
  /** As the command line names categories: "all", or names with commas. */
  category: z.string().optional(),
  /** Names of categories, in the place of `category`: they may hold commas. */
  categories: z.array(z.string().min(1).max(255)).min(1).max(10_000).optional(),
});
export type BenchRequest = z.infer<typeof benchRequest>;

/** The outcome of a run: also what `musc score --json` prints. Fractions; an undefined metric is null and listed under `absent`. */
export interface ScoreSummary {
  /** Absolute path of run.musc.json. */
  readonly run: string;
  readonly images: number;
  readonly skipped: readonly { path: string; reason: string }[];
  readonly device: { name: string; label: string; requested: string; fallback: string | null };
  readonly backbone: { id: string; sha256: string };
  readonly metrics: {
    image: { auroc: number | null; f1max: number | null; ap: number | null };
    pixel: { auroc: number | null; f1max: number | null; ap: number | null; aupro: number | null };
  } | null;
  /** By dotted name ("pixel.aupro"): why it is undefined. */
  readonly absent: Readonly<Record<string, string>>;
  readonly seconds: { features: number; scoring: number; metrics: number; total: number };
  readonly ranking: readonly { path: string; score: number; rawScore: number; label: 'good' | 'defect' | null }[];
  readonly notes: readonly string[];
}

export interface ProgressMessage {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  readonly item?: string;
  /** Absolute path of that picture, once it was read or skipped. */
  readonly file?: string;
  /** Of a benchmark: which of its categories this is about, counted from 0. */
  readonly part?: { readonly name: string; readonly index: number; readonly count: number };
  /** Absolute path of that category's run, once it is written. */
  readonly run?: string;
}

/** An error as it crosses a process border; `MuscError` on both sides. */
export const wireError = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string().optional(),
  hint: z.string().optional(),
  options: z.string().optional(),
  stack: z.string().optional(),
});
export type WireError = z.infer<typeof wireError>;

/** Parameters of the engine's methods. */
export const engineRequests = {
  score: scoreRequest,
  bench: benchRequest,
  /** What `score` of the same request would take, from a short calibration. */
  estimate: scoreRequest,
  /** What categories a benchmark of this data set would have; reads lists and names, no pictures. */
  categories: z.object({ folder: file, layout: layout.optional() }),
  /** Small versions of pictures as the protocol sees them, made once and cached in `cache`; longest side at most `size` pixels. */
  thumbnails: z.object({
    files: z.array(file).max(1000),
    size: z.number().int().min(16).max(1024),
    cache: file,
    protocol,
  }),
  /** A file that a browser shows as the protocol sees the picture: the picture itself or a converted copy in `cache`. */
  displayCopy: z.object({ file, cache: file, protocol }),
  mask: z.object({ run: file, image: index, longest: z.number().int().min(16).max(4096) }),
  neighbours: z.object({
    run: file,
    image: index,
    row: index,
    column: index,
    k: z.number().int().min(1).max(20),
    models: file.optional(),
  }),
  pixelCurves: z.object({ run: file }),
  exportRun: z.object({
    run: file,
    format: z.string().max(40),
    out: file,
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  /** Benchmark documents (one per data set) into one file. */
  exportBench: z.object({ files: z.array(file).min(1).max(100), format: z.string().max(40), out: file }),
} as const;

export type EngineMethod = keyof typeof engineRequests;

/** The engine's methods: parameters and result. */
export interface EngineResults {
  score: ScoreSummary;
  /** `runs`: absolute paths of the run files, those of an earlier part that was gone on with too. */
  bench: { file: string; categories: number; failed: number; runs: readonly string[] };
  estimate: {
    images: number;
    /** That scoring would be divided into. */
    subsets: number;
    backbone: string;
    device: string;
    seconds: { load: number; features: number; scoring: number; metrics: number };
    memoryBytes: number;
    diskBytes: number;
  };
  categories: {
    layout: 'folder' | 'mvtec' | 'visa' | 'btad';
    /** `expected` is the number of pictures of the published data set, null where there is none of that name. */
    categories: readonly { name: string; images: number; expected: number | null }[];
    /** Published categories that are not there. */
    missing: readonly string[];
  };
  thumbnails: readonly ({ file: string } | { reason: string })[];
  displayCopy: { file: string; width: number; height: number };
  /** 0 or 1 per pixel, row-major; null: the picture has no mask. */
  mask: { width: number; height: number; data: Uint8Array } | null;
  neighbours: readonly { image: number; row: number; column: number; distance: number }[];
  pixelCurves: { roc: [number, number][]; pr: [number, number][]; pro: [number, number][] } | { absent: string };
  exportRun: { files: readonly string[] };
  exportBench: { files: readonly string[] };
}
export type EngineMethods = {
  [M in EngineMethod]: { params: z.infer<(typeof engineRequests)[M]>; result: EngineResults[M] };
};

/** Client -> engine. */
export type EngineCall =
  | { [M in EngineMethod]: { id: number; method: M; params: EngineMethods[M]['params'] } }[EngineMethod]
  | { cancel: number };

export const engineCall = z.union([
  z.object({
    id: index,
    method: z.enum(Object.keys(engineRequests) as [EngineMethod, ...EngineMethod[]]),
    params: z.unknown(),
  }),
  z.object({ cancel: index }),
]);

/** Engine -> client. */
export type EngineReply =
  | { ready: true; version: string }
  | { id: number; progress: ProgressMessage }
  | { log: { level: 'debug' | 'info' | 'warn' | 'error'; message: string } }
  | { id: number; ok: true; result: unknown }
  | { id: number; ok: false; error: WireError };
