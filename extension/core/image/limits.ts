import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';

/** What may be decoded. Checked against the header, before any pixel is. */
export interface PictureLimits {
  /** Most pixels (width x height); default 200 million: 600 MB as RGB. */
  readonly maxPixels?: number;
}

/** Pixels. */
export const DEFAULT_MAX_PIXELS = 200_000_000;
/** Pixels of one side: the most a JPEG can have; wider files are accidents or attacks. */
export const MAX_SIDE = 65_535;
/** Bytes of a file: a raw 16-bit RGBA picture of the largest size. */
export const MAX_FILE_BYTES = 1_600_000_000;

/** Throws PICTURE_TOO_LARGE where a header promises more than the limits allow, PICTURE_UNREADABLE for no size at all. */
export function checkSize(width: number, height: number, limits: PictureLimits, where?: string): void {
  const maxPixels = limits.maxPixels ?? DEFAULT_MAX_PIXELS;
  if (!(width > 0 && height > 0))
    throw new MuscError('PICTURE_UNREADABLE', l10n.t('its header gives no size'), { where });
  if (width * height > maxPixels)
    throw new MuscError(
      'PICTURE_TOO_LARGE',
      l10n.t(
        '{0} x {1} pixels are {2} megapixels, the limit is {3}',
        width,
        height,
        Math.round((width * height) / 1e6),
        Math.round(maxPixels / 1e6),
      ),
      { where, hint: l10n.t('scale it down or cut it into tiles') },
    );
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new MuscError(
      'PICTURE_TOO_LARGE',
      l10n.t('{0} x {1} pixels: no side may be over {2}', width, height, MAX_SIDE),
      {
        where,
        hint: l10n.t('scale it down or cut it into tiles'),
      },
    );
}
