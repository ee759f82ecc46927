import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';

/** A decoded BMP. `mode` is Pillow's: '1' and 'L' for palettes that are plain grey ramps, 'P' for others. */
export interface Bmp {
  readonly width: number;
  readonly height: number;
  readonly mode: '1' | 'L' | 'P' | 'RGB' | 'RGBA';
  /** Interleaved, top row first: 1 value per pixel (0/255 for '1', grey for 'L', index for 'P'), 3 or 4. */
  readonly data: Uint8Array;
  /** RGB triples of 'P', else empty. */
  readonly palette: Uint8Array;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly colours: number;
  readonly paletteAt: number;
  readonly paletteStep: 3 | 4;
  readonly pixelsAt: number;
  /** Bit masks of red, green, blue, alpha. */
  readonly masks: readonly [number, number, number, number];
}

const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** Size and layout from the first 138 bytes. Throws PICTURE_UNREADABLE, PICTURE_UNSUPPORTED. */
export function bmpHeader(bytes: Buffer, where?: string): Header {
  const broken = (what: string) => new MuscError('PICTURE_UNREADABLE', l10n.t('broken BMP: {0}', what), { where });
  if (bytes.length < 26) throw broken(l10n.t('truncated header'));
  const size = bytes.readUInt32LE(14);
  const old = size === 12;
  if (!old && (size < 16 || bytes.length < Math.max(54, 14 + size))) throw broken(l10n.t('truncated header'));
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signed = old ? bytes.readInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old || size < 20 ? 0 : bytes.readUInt32LE(30);
  const declared = old || size < 36 ? 0 : bytes.readUInt32LE(46);
  if (width <= 0 || signed === 0) throw broken(l10n.t('no size'));
  const fields = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  const known =
    (compression === 0 && [1, 4, 8, 16, 24, 32].includes(bits)) ||
    (compression === RLE8 && bits === 8) ||
    (compression === RLE4 && bits === 4) ||
    (fields && (bits === 16 || bits === 32));
  if (!known)
    throw new MuscError(
      'PICTURE_UNSUPPORTED',
      l10n.t('BMP of {0} bits with compression {1} is not supported', bits, compression),
      {
        where,
        hint: l10n.t('convert it to PNG'),
      },
    );
  const after = 14 + size;
  const extra = fields && size === 40 ? (compression === ALPHA_BITFIELDS ? 16 : 12) : 0;
  if (fields && bytes.length < 54 + (size === 40 ? extra : 12)) throw broken(l10n.t('truncated header'));
  const alpha = fields && (size >= 56 || compression === ALPHA_BITFIELDS) ? bytes.readUInt32LE(66) : 0;
  return {
    width,
    height: Math.abs(signed),
    topDown: signed < 0,
    bits,
    compression,
    colours: bits > 8 ? 0 : Math.min(declared || 1 << bits, 1 << bits),
    paletteAt: after + extra,
    paletteStep: old ? 3 : 4,
    pixelsAt: bytes.readUInt32LE(10),
    masks: fields
      ? [bytes.readUInt32LE(54), bytes.readUInt32LE(58), bytes.readUInt32LE(62), alpha]
      : bits === 16
        ? [0x7c00, 0x3e0, 0x1f, 0]
        : [0xff0000, 0xff00, 0xff, 0],
  };
}

/** Expands run lengths to one index per pixel, bottom row first; what the runs skip stays 0. */
function expandRuns(bytes: Buffer, header: Header): Uint8Array {
  const { width, height, bits } = header;
  const out = new Uint8Array(width * height);
  let [at, x, y] = [header.pixelsAt, 0, 0];
  const put = (value: number) => {
    if (x < width && y < height) out[y * width + x] = value;
    x++;
  };
  const nibble = (value: number, i: number) => (bits === 8 ? value : i % 2 ? value & 15 : value >> 4);
  while (at + 1 < bytes.length && y < height) {
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(nibble(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i++) put(nibble(bytes[at + (bits === 8 ? i : i >> 1)] ?? 0, i));
      const used = bits === 8 ? value : (value + 1) >> 1;
      at += used + (used & 1);
    }
  }
  return out;
}

/** Indices of 1, 4 or 8 bits, top row first. */
function indices(bytes: Buffer, header: Header): Uint8Array {
  const { width, height, bits, topDown, compression, pixelsAt } = header;
  const runs = compression === 0 ? null : expandRuns(bytes, header);
  const stride = Math.ceil((width * bits) / 32) * 4;
  const out = new Uint8Array(width * height);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < height; y++) {
    const source = topDown ? y : height - 1 - y;
    if (runs) out.set(runs.subarray(source * width, (source + 1) * width), y * width);
    else
      for (let x = 0; x < width; x++) {
        const bit = x * bits;
        out[y * width + x] = (bytes[pixelsAt + source * stride + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
      }
  }
  return out;
}

/** A channel of a packed pixel, scaled to 0..255 as Pillow does (truncating). */
function channel(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const max = mask >>> shift;
  return (pixel) => Math.trunc((((pixel & mask) >>> shift) * 255) / max);
}

function colours(bytes: Buffer, header: Header): Bmp {
  const { width, height, bits, topDown, pixelsAt, masks } = header;
  const step = bits / 8;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const bands = masks[3] ? 4 : 3;
  const read = masks.slice(0, bands).map(channel);
  const out = new Uint8Array(width * height * bands);
  for (let y = 0, o = 0; y < height; y++) {
    let at = pixelsAt + (topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++, at += step) {
      const pixel =
        bits === 16 ? bytes.readUInt16LE(at) : bits === 24 ? bytes.readUIntLE(at, 3) : bytes.readUInt32LE(at);
      for (let c = 0; c < bands; c++) out[o++] = read[c](pixel);
    }
  }
  return { width, height, mode: bands === 4 ? 'RGBA' : 'RGB', data: out, palette: new Uint8Array(0) };
}

/** Decodes a whole BMP: 1, 4, 8 bits with palette (plain or run-length), 16, 24, 32 bits. Check its size first. */
export function decodeBmp(bytes: Buffer, where?: string): Bmp {
  const header = bmpHeader(bytes, where);
  const { width, height, bits, compression, colours: count, paletteAt, paletteStep, pixelsAt } = header;
  const needed = Math.ceil((width * bits) / 32) * 4 * height;
  const packed = compression === RLE8 || compression === RLE4;
  if (pixelsAt < 26 || (packed ? pixelsAt >= bytes.length : pixelsAt + needed > bytes.length))
    throw new MuscError('PICTURE_UNREADABLE', l10n.t('truncated BMP: pixels are missing'), { where });
  if (bits > 8) return colours(bytes, header);
  const data = indices(bytes, header);
  const palette = new Uint8Array(256 * 3);
  let ramp = true;
  for (let i = 0; i < count; i++) {
    const at = paletteAt + i * paletteStep;
    for (let c = 0; c < 3; c++) {
      palette[i * 3 + c] = bytes[at + 2 - c] ?? 0;
      if (palette[i * 3 + c] !== (count === 2 ? i * 255 : i)) ramp = false;
    }
  }
  if (!ramp) return { width, height, mode: 'P', data, palette };
  if (count === 2) for (let i = 0; i < data.length; i++) data[i] = data[i] ? 255 : 0;
  return { width, height, mode: count === 2 ? '1' : 'L', data, palette: new Uint8Array(0) };
}
