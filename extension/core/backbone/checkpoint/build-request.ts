import type { Grid } from '../../array/grid';
import type { Protocol } from '../../settings';
import type { Preprocess } from '../backbone';

/** Kinds of ViT we can build, by how tokens are normalised and the position table is resized (SPEC 2). */
export type VitFamily = 'clip' | 'dino' | 'dinov2' | 'dinov3';
export type Activation = 'gelu' | 'quick_gelu';

/**
 * Which operators and precision a graph is made of: `cpu` float32 with ONNX Runtime's fused operators, `gpu16` the same in
 * float16 (float32 at the edges), `plain` float32 with nothing but standard ONNX operators.
 */
export type Flavour = 'cpu' | 'gpu16' | 'plain';

/** What a checkpoint's tensors do not tell. Left out: guessed from the naming scheme, with the real models' values. */
export interface VitHints {
  readonly family?: VitFamily;
  /** Attention heads; default width / 64. */
  readonly heads?: number;
  /** What the network was trained with; default quick_gelu for Hugging Face CLIP, gelu elsewhere. */
  readonly activation?: Activation;
  /** The authors' code runs these weights with exact GELU at a non-native size, under `reference` (SPEC 2). */
  readonly openaiClip?: boolean;
  /** What the authors' code runs these weights with at every size, under `reference`; default: what they were trained with. */
  readonly referenceActivation?: Activation;
  /** Epsilon of every LayerNorm; default 1e-5 for CLIP and DINOv3, 1e-6 for DINO and DINOv2. */
  readonly layerNormEpsilon?: number;
}

/** One graph to build: a checkpoint at one input size. */
export interface BuildRequest {
  /** Path of a .safetensors file. */
  readonly checkpoint: string;
  /** SHA-256 of the checkpoint where it is known already (an installed registry file); else it is computed. */
  readonly sha256?: string;
  readonly hints?: VitHints;
  /** Model input in pixels, sides multiples of the patch; null: the checkpoint's native square. */
  readonly input: Grid | null;
  /** Block indices, 0-based; 'auto': the last block of each quarter. */
  readonly taps: readonly number[] | 'auto';
  /** False: no image feature, so no block behind the last tap is needed. */
  readonly embedding: boolean;
  readonly protocol: Protocol;
  readonly flavour: Flavour;
  /** Folder of built graphs; each gets a sub-folder named by checkpoint and options, and is built once. */
  readonly outFolder: string;
  /** Other such folders, in order: looked through as well, and built in where those before can't be written. */
  readonly elsewhere?: readonly string[];
  readonly signal?: AbortSignal;
  /** Fraction of weights written, 0..1. */
  readonly progress?: (fraction: number) => void;
}

/** A graph on disk, ready for an inference session. */
export interface BuiltBackbone {
  /** Path of the .onnx file; its weights lie beside it as external data. */
  readonly file: string;
  /** SHA-256 of the checkpoint. */
  readonly sha256: string;
  readonly family: VitFamily;
  /** Input tensor: n x 3 x height x width float32, n free. */
  readonly inputName: string;
  readonly input: Grid;
  readonly patch: number;
  readonly grid: Grid;
  readonly depth: number;
  readonly width: number;
  /** Outputs in order of block: n x P x C float32, class and register tokens dropped, final-normed for all but CLIP. */
  readonly taps: readonly { readonly name: string; readonly block: number }[];
  /** Output n x D float32, not L2-normalised, or null. */
  readonly embedding: { readonly name: string; readonly size: number } | null;
  /** True: the image feature is L2-normalised before RsCIN (CLIP). */
  readonly normaliseEmbedding: boolean;
  readonly preprocess: Preprocess;
}
