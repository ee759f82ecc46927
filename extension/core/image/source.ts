import { open, readFile, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import type { Grid } from '../array/grid';
import { MuscError } from '../errors';
import { bmpHeader } from './bmp';
import { SNIFF_BYTES, sniffFormat, type PictureFormat } from './format';
import { checkSize, MAX_FILE_BYTES, type PictureLimits } from './limits';
import { pngHeader, type PngHeader } from './png-header';

// libvips would keep what it decoded for the next call: for us that is memory spent twice.
sharp.cache(false);

/** A picture file read whole, its header checked against the limits, no pixel decoded yet. */
export interface PictureSource extends Grid {
  readonly file: string;
  readonly bytes: Buffer;
  readonly format: PictureFormat;
  /** EXIF orientation, 1 to 8; width and height are those before it is applied. */
  readonly orientation: number;
  /** libvips' view of the header; null for BMP, which we decode ourselves. */
  readonly metadata: Metadata | null;
  readonly png: PngHeader | null;
}

/** ICC profiles are never applied to RGB (SPEC 1); broken files are errors, not half pictures. */
const options = (limits: PictureLimits): SharpOptions => ({
  failOn: 'error',
  ignoreIcc: true,
  limitInputPixels: limits.maxPixels ?? true,
  sequentialRead: true,
});

/** libvips' pipeline over a checked picture. */
export const pipeline = (source: PictureSource, extra: SharpOptions = {}): Sharp =>
  sharp(source.bytes, { ...options({ maxPixels: source.width * source.height }), ...extra });

/** A decoder's complaint as one short reason. */
export function unreadable(error: unknown, where: string): MuscError {
  if (error instanceof MuscError) return error;
  const errno = (error as NodeJS.ErrnoException | undefined)?.code;
  const message = error instanceof Error ? error.message : String(error);
  const reason =
    errno === 'ENOENT'
      ? l10n.t('the file is gone')
      : errno === 'EACCES' || errno === 'EPERM'
        ? l10n.t('no permission to read the file')
        : /premature|truncated|read error|end of (file|stream)/i.test(message)
          ? l10n.t('the picture is cut short or damaged')
          : l10n.t(
              'the picture is damaged ({0})',
              message.split('\n')[0].replace(/^Input (buffer|file) (has|contains) /, ''),
            );
  return new MuscError('PICTURE_UNREADABLE', reason, { where, cause: error });
}

/** Throws unless it is a regular file of bearable size: a pipe would block, a device never end. */
async function checkFile(file: string): Promise<void> {
  const { size, ...info } = await stat(file).then((s) => ({ size: s.size, regular: s.isFile() }));
  if (!info.regular) throw new MuscError('PICTURE_UNREADABLE', l10n.t('not a regular file'), { where: file });
  if (size > MAX_FILE_BYTES)
    throw new MuscError('PICTURE_TOO_LARGE', l10n.t('{0} GB in one file', (size / 1e9).toFixed(1)), {
      where: file,
      hint: l10n.t('scale it down or cut it into tiles'),
    });
}

function checkHeader(file: string, format: PictureFormat, metadata: Metadata, limits: PictureLimits): void {
  checkSize(metadata.width, metadata.height, limits, file);
  if ((metadata.pages ?? 1) > 1)
    throw new MuscError(
      'PICTURE_UNSUPPORTED',
      format === 'tiff'
        ? l10n.t('a TIFF of {0} pages is not supported', String(metadata.pages))
        : l10n.t('animations are not supported'),
      { where: file, hint: l10n.t('save each page or frame as a picture of its own') },
    );
}

/**
 * Reads a picture file and checks what its header promises. Throws PICTURE_UNREADABLE (missing, empty, no picture,
 * broken header), PICTURE_UNSUPPORTED (animated, several pages, another kind), PICTURE_TOO_LARGE.
 */
export async function readPicture(file: string, limits: PictureLimits = {}): Promise<PictureSource> {
  try {
    await checkFile(file);
    return await parsePicture(await readFile(file), file, limits);
  } catch (error) {
    throw unreadable(error, file);
  }
}

/** As `readPicture`, of bytes at hand; `file` names them in errors. */
export async function parsePicture(bytes: Buffer, file: string, limits: PictureLimits = {}): Promise<PictureSource> {
  try {
    const format = sniffFormat(bytes.subarray(0, SNIFF_BYTES), file);
    if (format === 'bmp') {
      const { width, height } = bmpHeader(bytes, file);
      checkSize(width, height, limits, file);
      return { file, bytes, format, width, height, orientation: 1, metadata: null, png: null };
    }
    const metadata = await sharp(bytes, { ...options(limits), limitInputPixels: false }).metadata();
    checkHeader(file, format, metadata, limits);
    const png = format === 'png' ? pngHeader(bytes) : null;
    if (png?.animated)
      throw new MuscError('PICTURE_UNSUPPORTED', l10n.t('animations are not supported'), {
        where: file,
        hint: l10n.t('save each frame as a picture of its own'),
      });
    const { width, height, orientation = 1 } = metadata;
    return { file, bytes, format, width, height, orientation, metadata, png };
  } catch (error) {
    throw unreadable(error, file);
  }
}

/** Bytes a pixel of what is made of the samples. */
const MADE = 6;

/** What a look at the header tells. */
export interface PictureSize extends Grid {
  readonly format: PictureFormat;
  /** About what it takes while it is made model input: its samples, those of 16 bits twice, and two pictures of 8-bit colours made of them. */
  readonly bytes: number;
}

/** Size after EXIF orientation, format and bytes of its pixels, from the header alone. Throws as `readPicture` does. */
export async function pictureSize(file: string, limits: PictureLimits = {}): Promise<PictureSize> {
  try {
    await checkFile(file);
    const handle = await open(file);
    const head = Buffer.alloc(SNIFF_BYTES);
    const { bytesRead } = await handle.read(head, 0, SNIFF_BYTES, 0).finally(() => handle.close());
    const seen = head.subarray(0, bytesRead);
    const format = sniffFormat(seen, file);
    if (format === 'bmp') {
      const { width, height } = bmpHeader(seen, file);
      checkSize(width, height, limits, file);
      return { width, height, format, bytes: (4 + MADE) * width * height }; // three colours, and alpha or the index
    }
    const metadata = await sharp(file, { ...options(limits), limitInputPixels: false }).metadata();
    checkHeader(file, format, metadata, limits);
    const { width, height } = metadata.autoOrient;
    const perPixel = metadata.channels * (metadata.depth === 'uchar' ? 1 : 4) + MADE;
    return { width, height, format, bytes: perPixel * width * height };
  } catch (error) {
    throw unreadable(error, file);
  }
}
