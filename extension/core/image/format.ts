import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';

/** Formats that can be scored. */
export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'tiff' | 'webp';

/** Bytes of a file's beginning that `sniffFormat` wants to see. */
export const SNIFF_BYTES = 512;

/** Extensions worth trying to read. Kinds we refuse are among them, so that they are listed with a reason instead of vanishing. */
const PICTURE_NAME = /\.(jpe?g|jpe|jfif|png|apng|bmp|dib|tiff?|webp|gif|svgz?|avif|hei[cf]|jp2|jxl)$/i;

/** Whether a file of this name is listed as a picture. Its content decides later what it really is. */
export const isPictureName = (name: string): boolean => PICTURE_NAME.test(name);

const ascii = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

/** What other kinds of file begin with, and a reason that people understand. */
const OTHERS: readonly (readonly [() => string, (bytes: Uint8Array) => boolean])[] = [
  [() => l10n.t('a GIF picture is not supported'), (b) => /^GIF8[79]a/.test(ascii(b, 0, 6))],
  [
    () => l10n.t('an AVIF or HEIF picture is not supported'),
    (b) => ascii(b, 4, 4) === 'ftyp' && /^(avi[fs]|hei[cxs]|mif1|msf1)/.test(ascii(b, 8, 4)),
  ],
  [
    () => l10n.t('a video is not supported'),
    (b) => ascii(b, 4, 4) === 'ftyp' || (ascii(b, 0, 4) === 'RIFF' && ascii(b, 8, 4) === 'AVI '),
  ],
  [
    () => l10n.t('a JPEG 2000 picture is not supported'),
    (b) => ascii(b, 4, 4) === 'jP  ' || (b[0] === 0xff && b[1] === 0x4f && b[2] === 0xff),
  ],
  [
    () => l10n.t('a JPEG XL picture is not supported'),
    (b) => (b[0] === 0xff && b[1] === 0x0a) || ascii(b, 4, 4) === 'JXL ',
  ],
  [() => l10n.t('a Photoshop file is not supported'), (b) => ascii(b, 0, 4) === '8BPS'],
  [() => l10n.t('a PDF document is not supported'), (b) => ascii(b, 0, 5) === '%PDF-'],
  [() => l10n.t('a ZIP archive is not supported'), (b) => ascii(b, 0, 4) === 'PK\x03\x04'],
  [() => l10n.t('a gzip archive is not supported'), (b) => b[0] === 0x1f && b[1] === 0x8b],
  [() => l10n.t('an SVG drawing is not supported'), (b) => /<svg[\s>]/i.test(ascii(b, 0, SNIFF_BYTES))],
  [() => l10n.t('an HTML page is not supported'), (b) => /^\s*<(!doctype html|html)/i.test(ascii(b, 0, SNIFF_BYTES))],
];

const isBmp = (b: Uint8Array) =>
  ascii(b, 0, 2) === 'BM' && b.length >= 26 && [12, 16, 40, 52, 56, 64, 108, 124].includes(b[14]) && b[15] === 0;

/**
 * The format by content, never by name: a JPEG called .png is a JPEG.
 * Throws PICTURE_UNREADABLE for an empty file or one that is no picture, PICTURE_UNSUPPORTED for a kind we refuse.
 */
export function sniffFormat(head: Uint8Array, where?: string): PictureFormat {
  if (head.length === 0) throw new MuscError('PICTURE_UNREADABLE', l10n.t('the file is empty'), { where });
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (head[0] === 0x89 && ascii(head, 1, 7) === 'PNG\r\n\x1a\n') return 'png';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(ascii(head, 0, 4))) return 'tiff';
  if (isBmp(head)) return 'bmp';
  const other = OTHERS.find(([, is]) => is(head.subarray(0, SNIFF_BYTES)))?.[0];
  if (other === undefined)
    throw new MuscError('PICTURE_UNREADABLE', l10n.t('not a picture: its content is of no known picture format'), {
      where,
    });
  throw new MuscError('PICTURE_UNSUPPORTED', other(), {
    where,
    hint: l10n.t('convert it to PNG or JPEG'),
  });
}
