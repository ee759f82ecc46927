/**
 * The API of MuSc Inspector for other extensions. Copy this file, then:
 *
 *     const musc = await vscode.extensions.getExtension<MuscApi>('musc-inspector.musc-inspector')?.activate();
 *     const summary = await musc?.score(folder, { imageSize: 320 });
 *     const run = await musc?.readRun(vscode.Uri.file(summary.run));
 */
import type { CancellationToken, Uri } from 'vscode';

/** What may be decided against the user's settings; what is left out or undefined takes them. Relative paths start at the folder that is scored. */
export interface MuscScoreOptions {
  /** Id of a backbone, or path of an .onnx or .safetensors file (the user is asked before it is first loaded). */
  backbone?: string;
  /** Side of the square model input, pixels. Null: the backbone's recommended size. */
  imageSize?: number | null;
  device?: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'directml' | 'coreml';
  protocol?: 'exact' | 'reference';
  /** Odd window sizes of the neighbourhood aggregation, or the backbone's own. */
  degrees?: number[] | 'auto';
  /** Neighbourhood sizes of the image-level re-scoring. */
  rscin?: number[] | 'off' | 'auto';
  subsets?: number | 'auto';
  seed?: number;
  /** Folder of same-named masks, for a plain folder of pictures. */
  masks?: string;
  /** Folder for the run. Default: the setting `musc.runsLocation`; where that is empty, the folder's own `.musc/runs`. */
  out?: string;
  name?: string;
}

/** A metric as a fraction 0..1; null where it is undefined. */
export type MuscMetric = number | null;

/** The outcome of scoring a folder. */
export interface MuscSummary {
  /** Absolute path of the run file. */
  readonly run: string;
  readonly images: number;
  /** Pictures that were not scored; paths as in `ranking`. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly backbone: { readonly id: string; readonly sha256: string };
  /** Null without ground truth. */
  readonly metrics: {
    readonly image: { readonly auroc: MuscMetric; readonly f1max: MuscMetric; readonly ap: MuscMetric };
    readonly pixel: {
      readonly auroc: MuscMetric;
      readonly f1max: MuscMetric;
      readonly ap: MuscMetric;
      readonly aupro: MuscMetric;
    };
  } | null;
  /** Most anomalous first. Paths are relative to the data set's root, with forward slashes; `readRun` tells that root. */
  readonly ranking: readonly {
    readonly path: string;
    readonly score: number;
    /** Before RsCIN, the re-scoring by similar pictures. */
    readonly rawScore: number;
    /** The ground truth, not a reviewer's label; null where there is none. */
    readonly label: 'good' | 'defect' | null;
  }[];
}

/** One picture of a run. */
export interface MuscRunImage {
  /** Absolute path. */
  readonly file: string;
  /** Defect type, such as "good" or "crack"; in a plain folder the path of the subfolder, "" at its top (the last 255 characters). */
  readonly type: string;
  /** The ground truth; null where there is none. */
  readonly truth: 'good' | 'defect' | null;
  /** What a reviewer decided, if anybody did. */
  readonly label: 'good' | 'defect' | 'unsure' | null;
  readonly score: number;
  readonly rawScore: number;
}

/** A run read from disk. */
export interface MuscRun {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Absolute root of the data set: what paths of a summary are relative to. */
  readonly root: string;
  readonly backbone: string;
  /** In the method's order. */
  readonly images: readonly MuscRunImage[];
  /** Patch grid of the heatmaps. */
  readonly grid: { readonly height: number; readonly width: number };
  /** Reads the patch scores of one picture: height x width, row-major. */
  heatmap(image: number): Promise<Float32Array>;
}

export interface MuscApi {
  /** Raised when something here changes incompatibly. */
  readonly version: 1;
  /**
   * Scores a folder of pictures, as the command does: queued behind other runs, shown in the status bar. The run is listed, not opened.
   * Rejects with an Error whose `code` is stable, such as TOO_FEW_IMAGES or CANCELLED; DATASET_UNCLEAR for the root of a data set
   * with several categories, which are scored one by one; UNTRUSTED in a workspace that is not trusted.
   */
  score(folder: Uri, options?: MuscScoreOptions, token?: CancellationToken): Promise<MuscSummary>;
  /** Reads a run with the reviewers' labels. Rejects with FILE_INVALID or FILE_IO. */
  readRun(file: Uri): Promise<MuscRun>;
}
