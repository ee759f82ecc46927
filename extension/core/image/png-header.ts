import { crc32 } from 'node:zlib';

/** What a PNG's header says and what libvips does not tell. */
export interface PngHeader {
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA (PNG specification, 11.2.2). */
  readonly colourType: number;
  readonly animated: boolean;
}

const SIGNATURE = 8; // bytes
const IHDR_END = SIGNATURE + 25;

/** Chunks before the pixels, as [type, start, end]; stops quietly at anything malformed: the decoder reports that. */
function* chunks(bytes: Buffer): Generator<readonly [string, number, number]> {
  let at = SIGNATURE;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return;
    yield [bytes.toString('latin1', at + 4, at + 8), at, end];
    at = end;
  }
}

/** Reads bit depth and colour type, and looks for an animation before the first pixels. Null where there is no IHDR of 13 bytes. */
export function pngHeader(bytes: Buffer): PngHeader | null {
  if (bytes.length < IHDR_END || bytes.readUInt32BE(SIGNATURE) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR')
    return null;
  let animated = false;
  for (const [type] of chunks(bytes)) {
    if (type === 'acTL') animated = true;
    if (type === 'IDAT') break;
  }
  return { bitDepth: bytes[24], colourType: bytes[25], animated };
}

/**
 * The same pixels as a grey PNG whose values are the palette's indices, scaled by libpng to 0..255 when they have fewer
 * than 8 bits: decoders look palettes up, and the reference's masks need the indices.
 */
export function paletteAsGrey(bytes: Buffer): Buffer {
  const header = Buffer.from(bytes.subarray(0, IHDR_END));
  header[25] = 0;
  header.writeUInt32BE(crc32(header.subarray(12, IHDR_END - 4)), IHDR_END - 4);
  const parts: Buffer[] = [header];
  for (const [type, start, end] of chunks(bytes))
    if (type === 'IDAT' || type === 'IEND') parts.push(bytes.subarray(start, end));
  return Buffer.concat(parts);
}
