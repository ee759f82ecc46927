import { readFile } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';

/** Element types we read and write, by their NumPy descriptor. */
const KINDS = {
  '<f4': { bytes: 4, view: (b: ArrayBuffer) => new Float32Array(b) },
  '<f8': { bytes: 8, view: (b: ArrayBuffer) => new Float64Array(b) },
  '<i4': { bytes: 4, view: (b: ArrayBuffer) => new Int32Array(b) },
  '|u1': { bytes: 1, view: (b: ArrayBuffer) => new Uint8Array(b) },
} as const;

export type NpyData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A dense array in C order. `data.length` is the product of `shape`. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const MAX_HEADER = 1 << 16; // bytes; ours are 118

const invalid = (what: string, where?: string) =>
  new MuscError('FILE_INVALID', l10n.t('not a readable .npy file: {0}', what), {
    where,
    hint: l10n.t('write it again or delete it'),
  });

/** Where the data of a .npy file begin, and what they are. */
export interface NpyLayout {
  readonly shape: readonly number[];
  readonly descr: keyof typeof KINDS;
  /** Bytes before the data, and of the data. */
  readonly start: number;
  readonly size: number;
}

/** Parses the header at the beginning of a .npy file's bytes, versions 1 to 3, little-endian f4, f8, i4 or u1, C order. Throws FILE_INVALID. */
export function parseNpyHeader(bytes: Uint8Array, where?: string): NpyLayout {
  if (bytes.length < 10 || MAGIC.some((m, i) => bytes[i] !== m)) throw invalid(l10n.t('wrong signature'), where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major < 1 || major > 3) throw invalid(l10n.t('version {0}', major), where);
  const wide = major > 1;
  if (wide && bytes.length < 12) throw invalid(l10n.t('truncated header'), where);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (length > MAX_HEADER || start > bytes.length) throw invalid(l10n.t('truncated header'), where);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start - length, start));
  const descr = /'descr'\s*:\s*'([^']{1,8})'/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (descr === undefined || fortran === undefined || dims === undefined)
    throw invalid(l10n.t('unreadable header'), where);
  if (fortran !== 'False') throw invalid(l10n.t('Fortran order'), where);
  if (!Object.hasOwn(KINDS, descr)) throw invalid(l10n.t('element type {0}', descr), where);
  const kind = descr as keyof typeof KINDS;
  const shape = dims
    .split(',')
    .map((d) => d.trim())
    .filter(Boolean)
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  if (!Number.isSafeInteger(count) || shape.some((d) => !Number.isSafeInteger(d)))
    throw invalid(l10n.t('absurd shape'), where);
  return { shape, descr: kind, start, size: count * KINDS[kind].bytes };
}

/** Parses the bytes of a .npy file, versions 1 to 3, little-endian f4, f8, i4 or u1, C order. Throws FILE_INVALID. */
export function parseNpy(bytes: Uint8Array, where?: string): NpyArray {
  const { shape, descr, start, size } = parseNpyHeader(bytes, where);
  if (bytes.length - start !== size)
    throw invalid(l10n.t('{0} bytes of data where {1} belong', bytes.length - start, size), where);
  const copy = new ArrayBuffer(size); // aligned, whatever the header's length
  new Uint8Array(copy).set(bytes.subarray(start));
  return { shape, data: KINDS[descr].view(copy) };
}

/** Reads a .npy file whole. Throws FILE_INVALID or the file system's error. */
export async function readNpy(path: string): Promise<NpyArray> {
  return parseNpy(await readFile(path), path);
}

/** The header of a version 1.0 .npy file, padded so that data begin at a multiple of 64 bytes. */
export function npyHeader(shape: readonly number[], data: NpyData): Uint8Array {
  const descr =
    data instanceof Float32Array
      ? '<f4'
      : data instanceof Float64Array
        ? '<f8'
        : data instanceof Int32Array
          ? '<i4'
          : '|u1';
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const padded = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + padded).fill(0x20);
  bytes.set(MAGIC);
  bytes.set([1, 0, padded & 255, padded >> 8], 6);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

/** A whole .npy file as bytes. `data.length` must be the product of `shape`. */
export function encodeNpy(shape: readonly number[], data: NpyData): Uint8Array {
  const header = npyHeader(shape, data);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}
