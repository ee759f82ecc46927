import type { Grid } from '../array/grid';
import type { Layout } from '../dataset/dataset';
import { decodeBmp } from './bmp';
import { decodeSource } from './decode';
import type { PictureLimits } from './limits';
import { paletteAsGrey } from './png-header';
import type { Raster } from './raster';
import { pillowTaps, resizePillow } from './resize';
import { decodeSamples } from './samples';
import { parsePicture, readPicture, type PictureSource } from './source';

/** A mask as the authors' code has it after its cast to integers: planar, channels x height x width. */
export interface MaskTensor extends Grid {
  readonly channels: number;
  readonly data: Int32Array;
}

/** Pixels as Pillow opens them: its resize takes the nearest one in modes '1' and 'P', and is 32-bit in 'I'. */
interface Opened extends Grid {
  readonly mode: '1' | 'L' | 'P' | 'I' | 'RGB';
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

/** Palette indices of a PNG: libpng spreads 1, 2 and 4 bits over 0..255 when it takes them for grey. */
async function paletteIndices(source: PictureSource, bitDepth: number): Promise<Opened> {
  const grey = await parsePicture(paletteAsGrey(source.bytes), source.file, { maxPixels: Infinity });
  const { width, height, data } = await decodeSamples(grey, { orient: false, cmyk: 'keep' });
  const step = 255 / (2 ** bitDepth - 1);
  return { width, height, mode: 'P', channels: 1, data: data.map((v) => v / step) };
}

async function openAsPillow(source: PictureSource): Promise<Opened> {
  if (source.png?.colourType === 3) return paletteIndices(source, source.png.bitDepth);
  if (source.format === 'bmp') {
    const { width, height, mode, data } = decodeBmp(source.bytes, source.file);
    if (mode !== 'RGB' && mode !== 'RGBA') return { width, height, mode, channels: 1, data };
  }
  const samples = await decodeSamples(source, { orient: false, cmyk: 'keep' });
  const { width, height, data } = samples;
  if (samples.bands === 1 && data instanceof Uint16Array) return { width, height, mode: 'I', channels: 1, data };
  const raster = await decodeSource(source, 'reference');
  const bits = source.png?.bitDepth ?? source.metadata?.bitsPerSample;
  return { ...raster, mode: raster.channels === 3 ? 'RGB' : bits === 1 ? '1' : 'L' };
}

/** Pillow's nearest: positions are summed up step by step, as its affine transform does. */
function nearest({ width, height, data }: Opened, size: Grid): Int32Array {
  const positions = (from: number, to: number) => {
    const step = from / to;
    let at = step * 0.5;
    return Int32Array.from({ length: to }, () => {
      const position = Math.min(from - 1, Math.trunc(at));
      at += step;
      return position;
    });
  };
  const xs = positions(width, size.width);
  const out = new Int32Array(size.height * size.width);
  positions(height, size.height).forEach((y, row) =>
    xs.forEach((x, column) => (out[row * size.width + column] = data[y * width + x])),
  );
  return out;
}

/** Pillow's bilinear resize of 32-bit integers: weights stay doubles, both passes round halves up. */
function bilinear32({ width, height, data }: Opened, size: Grid): Int32Array {
  const pass = (source: ArrayLike<number>, rows: number, from: number, to: number) => {
    // (rows, from) -> (to, rows): transposed, so that the same pass does columns next.
    const out = new Int32Array(to * rows);
    const { first, count, stride, weights } = pillowTaps(from, to, 'bilinear');
    for (let x = 0; x < to; x++)
      for (let y = 0; y < rows; y++) {
        let sum = 0;
        for (let k = 0; k < count[x]; k++) sum += source[y * from + first[x] + k] * weights[x * stride + k];
        out[x * rows + y] = Math.floor(sum + 0.5);
      }
    return out;
  };
  return pass(pass(data, height, width, size.width), size.width, height, size.height);
}

/** Resize and ToTensor: bytes are divided by 255, 32-bit integers are not; then the cast truncates. */
function resizeOpened(opened: Opened, size: Grid): MaskTensor {
  const { mode, channels } = opened;
  const { height, width } = size;
  switch (mode) {
    case 'I':
      return { ...size, channels, data: bilinear32(opened, size) };
    case '1':
    case 'P':
      return { ...size, channels, data: nearest(opened, size).map((v) => Number(v === 255)) };
    case 'L':
    case 'RGB': {
      const { data } = resizePillow(asRaster(opened), width, height, 'bilinear');
      const planar = new Int32Array(data.length);
      const plane = width * height;
      for (let i = 0; i < data.length; i++)
        planar[(i % channels) * plane + Math.floor(i / channels)] = Number(data[i] === 255);
      return { height, width, channels, data: planar };
    }
  }
}

const asRaster = ({ width, height, channels, data }: Opened): Raster => ({
  width,
  height,
  channels,
  data: data instanceof Uint8Array ? data : Uint8Array.from(data),
});

/** Pillow's convert('L'): 16 fraction bits of 0.299 R + 0.587 G + 0.114 B. */
function toGrey(raster: Raster): Raster {
  const { channels, data } = raster;
  if (channels === 1) return raster;
  const grey = new Uint8Array(data.length / 3);
  for (let p = 0, i = 0; p < grey.length; p++, i += 3)
    grey[p] = (data[i] * 19595 + data[i + 1] * 38470 + data[i + 2] * 7471 + 0x8000) >> 16;
  return { ...raster, channels: 1, data: grey };
}

/** The mask's grey values after the resize, before anything is cut off: height x width, 0..255. */
export async function resizedMask(file: string, size: Grid, limits: PictureLimits = {}): Promise<Uint8Array> {
  const grey = toGrey(await decodeSource(await readPicture(file, limits), 'reference'));
  return resizePillow(grey, size.width, size.height, 'bilinear').data;
}

/**
 * The authors' way with masks (SPEC 9). VisA: grey, resized, above 0: masks grow. Others: resized in the file's own mode,
 * divided by 255 and truncated: masks shrink, and values below 255 vanish. Throws as `readPicture` does.
 */
export async function referenceMask(
  file: string,
  size: Grid,
  layout: Layout,
  limits: PictureLimits = {},
): Promise<MaskTensor> {
  if (layout === 'visa') {
    const data = Int32Array.from(await resizedMask(file, size, limits), (v) => Number(v > 0));
    return { ...size, channels: 1, data };
  }
  return resizeOpened(await openAsPillow(await readPicture(file, limits)), size);
}
