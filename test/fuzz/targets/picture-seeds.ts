import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A BMP of 40-byte header: pixels as they lie in the file. */
function bmp(
  width: number,
  height: number,
  bits: number,
  compression: number,
  extra: number[],
  pixels: number[],
): Uint8Array {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + extra.length + pixels.length, 2);
  header.writeUInt32LE(54 + extra.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  return new Uint8Array(Buffer.concat([header, Buffer.from(extra), Buffer.from(pixels)]));
}

const palette = (colours: number): number[] => Array.from({ length: colours }, (_, i) => [i, i, 255 - i, 0]).flat();
const filled = (bytes: number): number[] => Array.from({ length: bytes }, (_, i) => (i * 37) & 255);

/** Every kind of BMP that we read. */
export const bmpSeeds = (): Uint8Array[] => [
  bmp(5, 3, 1, 0, palette(2), filled(12)),
  bmp(5, 3, 4, 0, palette(16), filled(12)),
  bmp(5, -3, 8, 0, palette(256), filled(24)),
  bmp(3, 2, 16, 0, [], filled(16)),
  bmp(3, 2, 24, 0, [], filled(24)),
  bmp(3, 2, 32, 0, [], filled(24)),
  bmp(3, 2, 32, 3, [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0], filled(24)),
  bmp(4, 2, 8, 1, palette(256), [4, 7, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1]),
  bmp(4, 2, 4, 2, palette(16), [4, 0x12, 0, 2, 1, 1, 0, 4, 0x12, 0x34, 0, 1]),
  Uint8Array.from([
    0x42,
    0x4d,
    38,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    26,
    0,
    0,
    0,
    12,
    0,
    0,
    0,
    2,
    0,
    1,
    0,
    1,
    0,
    24,
    0,
    ...filled(12),
  ]),
];

function pngChunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

function png(bits: number, colourType: number, extra: Buffer[] = []): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(4, 0);
  header.writeUInt32BE(2, 4);
  header[8] = bits;
  header[9] = colourType;
  const rows = Buffer.alloc(2 * (1 + 4 * 8), 1);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const end = pngChunk('IEND', Buffer.alloc(0));
  const data = pngChunk('IDAT', deflateSync(rows));
  return new Uint8Array(Buffer.concat([signature, pngChunk('IHDR', header), ...extra, data, end]));
}

/** Grey, colour, palette and animated PNG. */
export const pngSeeds = (): Uint8Array[] => [
  png(8, 0),
  png(8, 2),
  png(16, 6),
  png(4, 3, [pngChunk('PLTE', Buffer.alloc(48, 9)), pngChunk('tRNS', Buffer.alloc(4))]),
  png(8, 2, [pngChunk('acTL', Buffer.alloc(8)), pngChunk('tEXt', Buffer.from('Comment\0<script>'))]),
];

const tiny = sharp({ create: { width: 9, height: 7, channels: 3, background: { r: 200, g: 90, b: 30 } } });
const [jpeg, webp, tiff] = await Promise.all([
  tiny.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
  tiny.clone().webp().toBuffer(),
  tiny.clone().tiff({ compression: 'lzw' }).toBuffer(),
]);
export const jpegSeed = (): Uint8Array => new Uint8Array(jpeg);
export const webpSeed = (): Uint8Array => new Uint8Array(webp);
export const tiffSeed = (): Uint8Array => new Uint8Array(tiff);

/** Beginnings of what we refuse. */
export const strangerSeeds = (): Uint8Array[] =>
  [
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>',
    'GIF89a\x09\0\x07\0\x80\0\0',
    '\0\0\0\x1cftypavif\0\0\0\0',
    '%PDF-1.7',
    'PK\x03\x04',
    '<!DOCTYPE html><html>',
  ].map((text) => new Uint8Array(Buffer.from(text, 'latin1')));
