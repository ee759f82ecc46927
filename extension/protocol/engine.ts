/**
 * Messages between a client (editor host, command line, tests) and the engine process, over node's IPC with
 * `serialization: 'advanced'`. A call gets any number of `progress` and exactly one `ok: true | false` reply with its id.
 * `cancel` of an id makes that call end with CANCELLED within a second.
 */

/** What to score and how; fields left out take the defaults of `core/settings`. */
export interface ScoreRequest {
  readonly folder: string;
  /** Where the run goes; default FOLDER/.musc/runs. */
  readonly out?: string;
  readonly name?: string;
  readonly backbone?: string;
  readonly taps?: readonly string[] | 'auto';
  readonly embedding?: string;
  readonly preprocess?: 'clip' | 'imagenet';
  readonly imageSize?: number | null;
  readonly fit?: 'squash' | 'keep' | 'auto';
  readonly degrees?: readonly number[];
  readonly keep?: readonly [number, number];
  readonly rscin?: readonly number[] | 'off' | 'auto';
  readonly subsets?: number | 'auto';
  readonly seed?: number;
  readonly device?: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'directml' | 'coreml';
  readonly protocol?: 'exact' | 'reference';
  readonly layout?: 'auto' | 'folder' | 'mvtec' | 'btad' | 'visa';
  readonly category?: string;
  /** Folder of same-named masks, for a plain folder. */
  readonly masks?: string;
  readonly resume?: boolean;
  readonly threads?: number;
  readonly memoryBytes?: number;
  /** Folder of installed backbones. */
  readonly models?: string;
}

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
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  readonly item?: string;
}

/** An error as it crosses a process border; `MuscError` on both sides. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly hint?: string;
  readonly stack?: string;
}

/** The engine's methods: parameters and result. */
export interface EngineMethods {
  score: { params: ScoreRequest; result: ScoreSummary };
  /** Small versions of pictures, made once and cached in `cache`; longest side at most `size`. */
  thumbnails: {
    params: { files: readonly string[]; size: number; cache: string };
    result: readonly ({ file: string } | { reason: string })[];
  };
  /** A file a browser can show: the picture itself or a converted copy in `cache`. */
  displayCopy: { params: { file: string; cache: string }; result: { file: string; width: number; height: number } };
  mask: {
    params: { run: string; image: number; longest: number };
    result: { width: number; height: number; data: Uint8Array } | null;
  };
  neighbours: {
    params: { run: string; image: number; row: number; column: number; k: number; models?: string };
    result: readonly { image: number; row: number; column: number; distance: number }[];
  };
  pixelCurves: {
    params: { run: string };
    result: { roc: [number, number][]; pr: [number, number][]; pro: [number, number][] } | { absent: string };
  };
  exportRun: {
    params: { run: string; format: string; out: string; options?: Record<string, string | number> };
    result: { files: readonly string[] };
  };
}
export type EngineMethod = keyof EngineMethods;

/** Client -> engine. */
export type EngineCall =
  | { [M in EngineMethod]: { id: number; method: M; params: EngineMethods[M]['params'] } }[EngineMethod]
  | { cancel: number };

/** Engine -> client. */
export type EngineReply =
  | { ready: true; version: string }
  | { id: number; progress: ProgressMessage }
  | { log: { level: 'debug' | 'info' | 'warn' | 'error'; message: string } }
  | { id: number; ok: true; result: unknown }
  | { id: number; ok: false; error: WireError };
