import type { Grid } from '../array/grid';
import type { DeviceChoice, Protocol } from '../settings';

/** How pixels become model input: squash-resize with a filter, x/255, (x - mean)/std, NCHW float32 (SPEC 1). */
export interface Preprocess {
  readonly resize: 'bicubic' | 'bilinear';
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

export type Family = 'clip' | 'dino' | 'dinov2' | 'dinov3' | 'conv' | 'other';

/** Sizes of the pictures that a backbone takes. */
export interface RecommendedInput {
  /** Recommended side of the square input, pixels. */
  readonly imageSize: number;
  /** Input sides must be multiples of this. */
  readonly multiple: number;
}

/** What a run needs to know about an opened backbone before the first picture. */
export interface BackboneInfo extends RecommendedInput {
  readonly id: string;
  readonly name: string;
  readonly family: Family;
  readonly licence: string;
  /** Shown wherever the backbone is named ("for a first look: a pretrained backbone is far better"), or "". */
  readonly note: string;
  /** Of the ONNX file or checkpoint that was opened; where an ONNX file's weights lie beside it, of the checksums of all of them. */
  readonly sha256: string;
  readonly preprocess: Preprocess;
  /** Default window sizes of LNAMD. */
  readonly degrees: readonly number[];
  /** Default K list of RsCIN, or off (no image feature, or it does not help). */
  readonly rscin: readonly number[] | 'off';
  /** True: image features are L2-normalised before RsCIN (CLIP); false: used as they are (DINO, SPEC 2). */
  readonly normaliseEmbedding: boolean;
  /** 'standardise': channels are standardised over the folder before LNAMD. */
  readonly folderStatistics: 'none' | 'standardise';
}

/** Where the network runs, and why there if it was not the first choice. */
export interface DeviceReport {
  readonly name: Exclude<DeviceChoice, 'auto'>;
  /** For people: "CPU, 2 threads", "WebGPU". */
  readonly label: string;
  readonly requested: DeviceChoice;
  /** Why a better or requested device is not used, in one sentence; null if it is. */
  readonly fallback: string | null;
}

/** Features of a batch of n pictures. */
export interface BatchFeatures {
  /** One per tap: n x P x C float32, patches row-major on `grid`, class and register tokens dropped, not yet layer-normed. */
  readonly taps: readonly Float32Array[];
  /** n x D image features (SPEC 2), or null when the network has none. */
  readonly embedding: Float32Array | null;
}

/** A network ready to run at one input size. Not safe for concurrent `run` calls. */
export interface Backbone {
  readonly info: BackboneInfo;
  readonly device: DeviceReport;
  /** Model input in pixels. */
  readonly input: Grid;
  /** Common patch grid of all taps (other grids are resized bilinearly, align_corners = false, to the first tap's). */
  readonly grid: Grid;
  /** Names of the taps, in order. */
  readonly taps: readonly string[];
  /** Channels of each tap. */
  readonly channels: readonly number[];
  /** What tells the network from others of the same weights, input, taps and device: what is remembered of one is not of the other. */
  readonly form: string;
  /** Pictures per call that suit this device. */
  readonly batch: number;
  /** `pixels`: n x 3 x H x W float32, normalised. Throws DEVICE_FAILED, CANCELLED. */
  run(pixels: Float32Array, n: number, signal?: AbortSignal): Promise<BatchFeatures>;
  close(): Promise<void>;
}

/** What a caller asks for. */
export interface BackboneRequest {
  /** Registry id, or path of an .onnx or .safetensors file. */
  readonly backbone: string;
  /** What a network file must be, where the user agreed to it as it was: its SHA-256 as lower-case hex. */
  readonly sha256?: string;
  readonly taps: readonly string[] | 'auto';
  /** Tensor name of the image feature, where the form does not tell. */
  readonly embedding?: string;
  readonly preprocess?: 'clip' | 'imagenet';
  /** Model input; null: the backbone's recommended square. */
  readonly input: Grid | null;
  readonly device: DeviceChoice;
  readonly protocol: Protocol;
  readonly threads: number;
}
