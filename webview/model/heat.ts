import { fade, type HeatScale } from '../../extension/protocol/heat-scale';
import type { PatchMap } from './sample';
import { resized } from './sample';

/** Whether anything of a map shows on a scale. */
export const isHot = ({ data }: PatchMap, { clear }: HeatScale): boolean => data.some((value) => value > clear);

/**
 * RGBA pixels of a map, width x height: values are interpolated first (bilinear, align_corners), then coloured, so that
 * colours between patches are true. `colours`: 256 x RGB.
 */
export function heatPixels(
  map: PatchMap,
  width: number,
  height: number,
  scale: HeatScale,
  colours: Uint8ClampedArray | Uint8Array,
): Uint8ClampedArray<ArrayBuffer> {
  const { data } = resized(map, width, height);
  const pixels = new Uint8ClampedArray(width * height * 4);
  const table = alphaTable(colours, scale);
  const perStep = 255 / (scale.high - scale.low);
  const out = new Uint32Array(pixels.buffer);
  for (let i = 0; i < data.length; i++) {
    const step = (data[i] - scale.low) * perStep;
    out[i] = table[step <= 0 ? 0 : step >= 255 ? 255 : step | 0];
  }
  return pixels;
}

/** The 256 colours with the opacity of their value, as little-endian RGBA words. */
function alphaTable(colours: Uint8ClampedArray | Uint8Array, scale: HeatScale): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const value = scale.low + ((scale.high - scale.low) * i) / 255;
    const alpha = Math.round(255 * fade(value, scale));
    table[i] = (colours[i * 3] | (colours[i * 3 + 1] << 8) | (colours[i * 3 + 2] << 16) | (alpha << 24)) >>> 0;
  }
  return table;
}
