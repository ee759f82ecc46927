import type { Preprocess } from '../backbone/backbone';
import type { Raster } from './raster';

/** x/255, then (x - mean)/std: 3 x height x width float32, planar RGB (SPEC 1). A grey picture fills all three planes. */
export function normalise(
  { width, height, channels, data }: Raster,
  { mean, std }: Pick<Preprocess, 'mean' | 'std'>,
): Float32Array {
  const plane = width * height;
  const out = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    // Only 256 values exist: look them up. Rounded to float32 after each step, as tensors are.
    const table = Float32Array.from({ length: 256 }, (_, v) =>
      Math.fround(Math.fround(Math.fround(v / 255) - Math.fround(mean[c])) / Math.fround(std[c])),
    );
    const start = channels === 3 ? c : 0;
    for (let p = 0, i = start, o = c * plane; p < plane; p++, i += channels) out[o++] = table[data[i]];
  }
  return out;
}
