import sharp from 'sharp';
import type { Protocol } from '../settings';
import { decodeSource } from './decode';
import type { PictureLimits } from './limits';
import { readPicture, unreadable, type PictureSource } from './source';

/** What a browser can show of a picture: the file itself where `make` is null, else the copy that this makes. */
export interface DisplayCopy {
  readonly make: (() => Promise<Buffer>) | null;
  /** Of the copy, or of the file's true format, with its dot: ".png". */
  readonly extension: string;
  /** MIME type of the copy, or of the file. */
  readonly contentType: string;
  /** Pixels, as displayed. */
  readonly width: number;
  readonly height: number;
}

/** Pixels up to which a copy is lossless; beyond, PNG takes seconds. */
const LOSSLESS_PIXELS = 16_000_000;

/** Browsers apply the EXIF orientation, as `exact` does and `reference` does not. */
function showsAsScored({ format, metadata, orientation, png }: PictureSource, protocol: Protocol): boolean {
  if (format === 'tiff') return false;
  if (orientation > 1 && protocol === 'reference') return false;
  // Of the rest only 8-bit grey, RGB and palettes look in a browser as they do to the backbone.
  return (png?.bitDepth ?? 8) <= 8 && metadata?.space !== 'cmyk';
}

/**
 * A copy of a picture that any browser shows, with its pixels where the run's `protocol` has them: TIFF, 16 bits and CMYK
 * are converted, and orientation follows the protocol. Throws as `readPicture` and `decodePicture` do.
 */
export async function displayCopy(file: string, protocol: Protocol, limits: PictureLimits = {}): Promise<DisplayCopy> {
  const source = await readPicture(file, limits);
  if (showsAsScored(source, protocol)) {
    return {
      make: null,
      extension: source.format === 'jpeg' ? '.jpg' : `.${source.format}`,
      contentType: `image/${source.format}`,
      ...sizeOf(source, true),
    };
  }
  const { width, height } = sizeOf(source, protocol === 'exact');
  const lossless = width * height <= LOSSLESS_PIXELS;
  const type = lossless ? 'png' : 'jpeg';
  const make = () => convert(source, protocol, lossless);
  return { make, extension: lossless ? '.png' : '.jpg', contentType: `image/${type}`, width, height };
}

/** A picture's sides as it is shown: orientations 5 to 8 swap them. */
const sizeOf = ({ width, height, orientation }: PictureSource, oriented: boolean) =>
  oriented && orientation >= 5 ? { width: height, height: width } : { width, height };

async function convert(source: PictureSource, protocol: Protocol, lossless: boolean): Promise<Buffer> {
  const { width, height, channels, data } = await decodeSource(source, protocol);
  try {
    const image = sharp(data, { raw: { width, height, channels } });
    return await (lossless ? image.png({ compressionLevel: 4 }) : image.jpeg({ quality: 92 })).toBuffer();
  } catch (error) {
    throw unreadable(error, source.file);
  }
}
