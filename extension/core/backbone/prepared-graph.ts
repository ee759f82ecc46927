import type { Grid } from '../array/grid';
import type { BackboneInfo } from './backbone';

/** One tap of a prepared graph. */
export interface PreparedTap {
  /** As the user knows it: a block index ("5") or a tensor name. */
  readonly name: string;
  /** Graph output that carries it: tokens [B, prefix + P, C] or planes [B, C, h, w], float32. */
  readonly output: string;
  /** Leading class and register tokens to drop; null: found from the sequence's length. */
  readonly prefix: number | null;
}

/** A graph that a session can be made from: taps and image feature are its outputs, and it accepts the wanted input size. */
export interface PreparedGraph {
  /** Bytes of the ONNX model, or its path. */
  readonly model: Uint8Array | string;
  /** Folder of the weights that `model`'s bytes refer to (external data); null: none, or beside `model`'s path. */
  readonly weightsFolder: string | null;
  /** Input tensor: [B, 3, H, W] float32. */
  readonly input: string;
  readonly taps: readonly PreparedTap[];
  /** Output with the image feature: [B, D], [B, T, D] whose class token is meant, or [B, D, h, w]; null: none. */
  readonly embedding: string | null;
  /** Model input in pixels. */
  readonly size: Grid;
  /** What tells the graph from others of the same weights: the image feature of an ONNX file, the whole of what was built of a checkpoint. */
  readonly form: string;
  /** Number of pictures that the graph insists on; null: any. */
  readonly fixedBatch: number | null;
  readonly info: BackboneInfo;
}
