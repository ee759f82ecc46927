import sharp from 'sharp';
import type { Protocol } from '../settings';
import { decodeSource } from './decode';
import type { PictureLimits } from './limits';
import { pipeline, readPicture, unreadable } from './source';

/** WebP quality of thumbnails, 0..100: defects of a few pixels stay visible. */
const QUALITY = 82;

/**
 * A small WebP of a picture as the protocol sees it (heat lies on that), at most `size` pixels on its longer side, never
 * enlarged. Throws as `readPicture` and `decodePicture` do.
 */
export async function makeThumbnail(
  file: string,
  size: number,
  protocol: Protocol,
  limits: PictureLimits = {},
): Promise<Buffer> {
  const source = await readPicture(file, limits);
  try {
    // A JPEG shrinks while it is decoded, several times faster; what needs our own conversion is decoded whole.
    const direct = source.format === 'jpeg' && source.metadata?.space !== 'cmyk';
    const { width, height, channels, data } = direct
      ? ({ ...source, channels: 3, data: null } as const)
      : await decodeSource(source, protocol);
    const image = data === null ? pipeline(source) : sharp(data, { raw: { width, height, channels } });
    const turned = data === null && protocol === 'exact' ? image.autoOrient() : image; // the reference ignores the orientation
    return await turned
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, effort: 2 })
      .toBuffer();
  } catch (error) {
    throw unreadable(error, file);
  }
}
