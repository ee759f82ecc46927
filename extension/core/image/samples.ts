import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { decodeBmp } from './bmp';
import { pipeline, unreadable, type PictureSource } from './source';

/** Pixels as the file has them, before any conversion the protocols differ in. Interleaved, row-major. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly space: 'grey' | 'rgb' | 'cmyk';
  /** The last band is alpha. */
  readonly alpha: boolean;
  /** Values per pixel, alpha included. */
  readonly bands: number;
  readonly data: Uint8Array | Uint16Array;
}

/** Whether the EXIF orientation is applied, and whether CMYK is converted with its profile or left as it is. */
export interface SampleOptions {
  readonly orient: boolean;
  readonly cmyk: 'keep' | 'rgb';
}

function fromBmp({ bytes, file }: PictureSource): Samples {
  const { width, height, mode, data, palette } = decodeBmp(bytes, file);
  switch (mode) {
    case '1':
    case 'L':
      return { width, height, space: 'grey', alpha: false, bands: 1, data };
    case 'RGB':
    case 'RGBA':
      return { width, height, space: 'rgb', alpha: mode === 'RGBA', bands: mode.length, data };
    case 'P': {
      const rgb = new Uint8Array(data.length * 3);
      for (let i = 0, o = 0; i < data.length; i++) for (let c = 0; c < 3; c++) rgb[o++] = palette[data[i] * 3 + c];
      return { width, height, space: 'rgb', alpha: false, bands: 3, data: rgb };
    }
  }
}

/** The raw bytes as 16-bit values; libvips writes them in the machine's order. */
const words = (bytes: Buffer) =>
  new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

/** Decodes a picture whole. Throws PICTURE_UNREADABLE where the data are broken, PICTURE_UNSUPPORTED for floating point. */
export async function decodeSamples(source: PictureSource, { orient, cmyk }: SampleOptions): Promise<Samples> {
  const { metadata, file } = source;
  if (metadata === null) return fromBmp(source);
  const depth = metadata.depth;
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new MuscError('PICTURE_UNSUPPORTED', l10n.t('pixels of type {0} are not supported', depth), {
      where: file,
      hint: l10n.t('convert it to 8 or 16 bits'),
    });
  const alpha = metadata.hasAlpha ?? false;
  const keepInk = metadata.space === 'cmyk' && cmyk === 'keep';
  const space = keepInk ? 'cmyk' : metadata.channels - (alpha ? 1 : 0) < 3 ? 'grey' : 'rgb';
  const wide = depth === 'ushort' && metadata.space !== 'cmyk';
  try {
    let image = pipeline(source, { ignoreIcc: metadata.space !== 'cmyk' || keepInk });
    if (orient) image = image.autoOrient();
    switch (space) {
      case 'cmyk':
        image = image.pipelineColourspace('cmyk').toColourspace('cmyk');
        break;
      case 'grey':
        image = wide ? image.pipelineColourspace('grey16').toColourspace('grey16') : image.toColourspace('b-w');
        break;
      case 'rgb':
        image = wide ? image.pipelineColourspace('rgb16').toColourspace('rgb16') : image.toColourspace('srgb');
        break;
    }
    const { data, info } = await image.raw({ depth: wide ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    const { width, height, channels: bands } = info;
    const colours = { grey: 1, rgb: 3, cmyk: 4 }[space];
    if (bands < colours) throw new Error(l10n.t('{0} channels where {1} belong', bands, colours));
    return { width, height, space, alpha: bands > colours, bands, data: wide ? words(data) : data };
  } catch (error) {
    throw unreadable(error, file);
  }
}
