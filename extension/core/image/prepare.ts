import type { Grid } from '../array/grid';
import type { Preprocess } from '../backbone/backbone';
import type { Protocol } from '../settings';
import { decodePicture, type DecodeOptions } from './decode';
import { normalise } from './normalise';
import { resizePillow } from './resize';

/** A picture as model input, and its native size as decoded (after EXIF orientation in `exact`), pixels. */
export interface PreparedPicture extends Grid {
  /** 3 x input.height x input.width float32, normalised. */
  readonly pixels: Float32Array;
}

/** Decode, squash to `input`, normalise (SPEC 1). Throws as `decodePicture` does. Calls may overlap. */
export async function prepare(
  file: string,
  input: Grid,
  preprocess: Preprocess,
  protocol: Protocol,
  options: DecodeOptions = {},
): Promise<PreparedPicture> {
  const raster = await decodePicture(file, protocol, options);
  const resized = resizePillow(raster, input.width, input.height, preprocess.resize);
  return { width: raster.width, height: raster.height, pixels: normalise(resized, preprocess) };
}
