import { decodeBmp } from '../../../extension/core/image/bmp';
import { sniffFormat } from '../../../extension/core/image/format';
import { paletteAsGrey, pngHeader } from '../../../extension/core/image/png-header';
import { parsePicture } from '../../../extension/core/image/source';
import { mutateBytes } from '../mutate-bytes';
import { mustHold, type FuzzTarget } from '../target';
import { bmpSeeds, jpegSeed, pngSeeds, strangerSeeds, tiffSeed, webpSeed } from './picture-seeds';

const LIMITS = { maxPixels: 1 << 20 };
const REFUSALS = ['PICTURE_UNREADABLE', 'PICTURE_UNSUPPORTED', 'PICTURE_TOO_LARGE'] as const;

const bmps = bmpSeeds();
const pngs = pngSeeds();
const all = [...bmps, ...pngs, jpegSeed(), webpSeed(), tiffSeed(), ...strangerSeeds()];
const words = [
  'acTL',
  'IHDR',
  'PLTE',
  'tRNS',
  'IDAT',
  'IEND',
  'eXIf',
  'iCCP',
  '<svg ',
  'GIF89a',
  'ftypavif',
  'II*\0',
  'MM\0*',
  'BM',
];

const bmp: FuzzTarget<Uint8Array> = {
  name: 'bmp',
  codes: REFUSALS,
  allowance: 16 << 20, // the limit of pixels, four bands, and the run lengths before they are turned over
  generate: (random) => mutateBytes(bmps, random),
  run: async (input) => {
    const bytes = Buffer.from(input);
    if (sniffFormat(bytes) !== 'bmp') return;
    const { width, height } = await parsePicture(bytes, 'x.bmp', LIMITS);
    const picture = decodeBmp(bytes);
    mustHold(picture.width === width && picture.height === height, 'the size of the header is the size of the picture');
    const bands = picture.mode.length === 1 ? 1 : picture.mode.length;
    mustHold(picture.data.length === width * height * bands, 'as many values as pixels');
  },
};

const png: FuzzTarget<Uint8Array> = {
  name: 'png-header',
  codes: REFUSALS,
  generate: (random) => mutateBytes(pngs, random, words),
  run: (input) => {
    const bytes = Buffer.from(input);
    if (pngHeader(bytes)) mustHold(paletteAsGrey(bytes).length <= bytes.length, 'nothing is added to a PNG');
  },
};

const sniff: FuzzTarget<Uint8Array> = {
  name: 'picture-format',
  codes: REFUSALS,
  generate: (random) => mutateBytes(all, random, words),
  run: (input) => sniffFormat(input),
};

/** Our limits around the native decoders' reading of headers. */
const limits: FuzzTarget<Uint8Array> = {
  name: 'picture-limits',
  codes: REFUSALS,
  slow: true,
  generate: (random) => mutateBytes(all, random, words),
  run: async (input) => {
    const { width, height, format, metadata } = await parsePicture(Buffer.from(input), 'x', LIMITS);
    mustHold(width > 0 && height > 0 && width * height <= LIMITS.maxPixels, 'no more pixels than allowed');
    mustHold(width <= 65535 && height <= 65535, 'no side longer than allowed');
    mustHold((metadata?.pages ?? 1) === 1, 'one page');
    mustHold(['jpeg', 'png', 'bmp', 'tiff', 'webp'].includes(format), 'a format we take');
  },
};

export const pictureTargets: readonly FuzzTarget[] = [bmp, png, sniff, limits] as readonly FuzzTarget[];
