import type { Grid } from '../array/grid';
import type { Family, Preprocess } from './backbone';

/** One tap of a prepared graph. */
export interface PreparedTap {
  /** As the user knows it: a block index ("5") or a tensor name. */
  readonly name: string;
  /** Graph output that carries it: `tokens` is [B, prefix + P, C], `grid` is [B, C, h, w]. */
  readonly output: string;
  /** Leading class and register tokens to drop from `tokens`. */
  readonly prefix: number;
}

/** A graph that a session can be made from: taps and image feature are its outputs, and it accepts the wanted input size. */
export interface PreparedGraph {
  /** Bytes of the ONNX model, or its path where the weights lie beside it (external data). */
  readonly model: Uint8Array | string;
  readonly input: string;
  readonly taps: readonly PreparedTap[];
  /** Output with the image feature: [B, D], or [B, 1 + P, D] whose first row is meant; null: none. */
  readonly embedding: string | null;
  /** Model input in pixels. */
  readonly size: Grid;
  readonly family: Family;
  readonly preprocess: Preprocess;
  /** Multiple of the batch that the graph insists on; null: any number of pictures. */
  readonly fixedBatch: number | null;
}
