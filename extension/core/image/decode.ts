import { throwIfAborted } from '../errors';
import type { Protocol } from '../settings';
import type { PictureLimits } from './limits';
import type { Raster } from './raster';
import { decodeSamples, type Samples } from './samples';
import { readPicture, type PictureSource } from './source';

export interface DecodeOptions extends PictureLimits {
  readonly signal?: AbortSignal;
}

/** Naive CMYK as the reference has it: c' = (255 - k) - round((255 - k) c / 255). */
function inkToRgb({ width, height, bands, data }: Samples): Raster {
  const out = new Uint8Array(width * height * 3);
  for (let i = 0, o = 0; o < out.length; i += bands) {
    const light = 255 - data[i + 3];
    for (let c = 0; c < 3; c++) out[o++] = light - Math.round((light * data[i + c]) / 255);
  }
  return { width, height, channels: 3, data: out };
}

/** 16 bits to 8 by division, for `exact`: 65535 becomes 255. */
const scaled = (v: number) => Math.round(v / 257);
/** Pillow 9.4 opens 16-bit grey as 32-bit integers and clips them. */
const clipped = (v: number) => Math.min(255, v);
/** Of 16-bit colour Pillow keeps the high byte. */
const highByte = (v: number) => v >> 8;

/** The colour bands as 8 bits; a fourth (or second) band is dropped. */
function colours({ width, height, bands, space, data }: Samples, to8: (v: number) => number): Raster {
  const channels = space === 'grey' ? 1 : 3;
  if (bands === channels && data instanceof Uint8Array) return { width, height, channels, data };
  const out = new Uint8Array(width * height * channels);
  const wide = data instanceof Uint16Array;
  for (let i = 0, o = 0; o < out.length; i += bands)
    for (let c = 0; c < channels; c++) out[o++] = wide ? to8(data[i + c]) : data[i + c];
  return { width, height, channels, data: out };
}

/** Composites over the mean colour of the picture, weighted by alpha: nothing transparent then looks like an edge. */
function overMean(raster: Raster, { bands, data }: Samples): Raster {
  const { channels } = raster;
  const opaque = data instanceof Uint16Array ? 65535 : 255;
  const mean = new Float64Array(channels);
  let weight = 0;
  for (let i = bands - 1, o = 0; i < data.length; i += bands, o += channels) {
    weight += data[i];
    for (let c = 0; c < channels; c++) mean[c] += data[i] * raster.data[o + c];
  }
  for (let c = 0; c < channels; c++) mean[c] = weight ? mean[c] / weight : 127.5; // wholly transparent: mid grey
  const out = new Uint8Array(raster.data.length);
  for (let i = bands - 1, o = 0; i < data.length; i += bands) {
    const a = data[i] / opaque;
    for (let c = 0; c < channels; c++, o++) out[o] = Math.round(a * raster.data[o] + (1 - a) * mean[c]);
  }
  return { ...raster, data: out };
}

/** A checked picture's pixels; see `decodePicture`. */
export async function decodeSource(source: PictureSource, protocol: Protocol): Promise<Raster> {
  switch (protocol) {
    case 'reference': {
      const samples = await decodeSamples(source, { orient: false, cmyk: 'keep' });
      if (samples.space === 'cmyk') return inkToRgb(samples);
      return colours(samples, samples.space === 'grey' && !samples.alpha ? clipped : highByte);
    }
    case 'exact': {
      const samples = await decodeSamples(source, { orient: true, cmyk: 'rgb' });
      const raster = colours(samples, scaled);
      return samples.alpha ? overMean(raster, samples) : raster;
    }
  }
}

/**
 * A picture file as 8-bit RGB, or grey where the file is grey (SPEC 1).
 * `reference`: alpha dropped, 16-bit grey clipped at 255, palette and CMYK converted naively, EXIF orientation and ICC
 * profiles ignored, bit for bit as Pillow. `exact`: EXIF orientation applied, 16 bits scaled to 8, alpha composited over
 * the picture's mean colour, CMYK converted with its profile; ICC profiles of RGB are ignored here too.
 * Throws PICTURE_UNREADABLE, PICTURE_UNSUPPORTED, PICTURE_TOO_LARGE, CANCELLED. Calls may overlap.
 */
export async function decodePicture(file: string, protocol: Protocol, options: DecodeOptions = {}): Promise<Raster> {
  throwIfAborted(options.signal);
  const source = await readPicture(file, options);
  throwIfAborted(options.signal);
  const raster = await decodeSource(source, protocol);
  throwIfAborted(options.signal);
  return raster;
}
