import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { readRegularFile } from '../regular-file';
import { writeAtomic } from '../run/atomic-write';

/** Arrays a sealed file may hold. */
const TYPES = { f4: Float32Array, f8: Float64Array, u4: Uint32Array, u1: Uint8Array } as const;
type TypeName = keyof typeof TYPES;
export type SealedArray = Float32Array | Float64Array | Uint32Array | Uint8Array;

const MAGIC = 'MUSC sealed arrays 1\n';
const ALIGN = 8; // bytes
/** Node reads no more at once, bytes. */
const LARGEST = 2 ** 31 - 1;

interface Header {
  readonly meta: unknown;
  readonly arrays: readonly { name: string; type: TypeName; length: number }[];
  readonly sha256: string;
}

export interface Sealed {
  /** Whatever JSON was sealed: to be validated by the reader. */
  readonly meta: unknown;
  readonly arrays: ReadonlyMap<string, SealedArray>;
}

/**
 * Writes arrays under one checksum, atomically. Throws DISK_FULL, FOLDER_READ_ONLY, FILE_IO.
 */
export async function writeSealed(
  file: string,
  meta: unknown,
  arrays: Readonly<Record<string, SealedArray>>,
): Promise<void> {
  const parts = Object.values(arrays).map(asBytes);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const header: Header = {
    meta,
    arrays: Object.entries(arrays).map(([name, a]) => ({ name, type: typeOf(a), length: a.length })),
    sha256: hash.digest('hex'),
  };
  const text = Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);
  const padded = [text, ...parts].flatMap((part) => [part, Buffer.alloc(padding(part.length))]);
  await writeAtomic(file, padded);
}

/** Reads a sealed file. Throws FILE_INVALID where it is damaged, the file system's error where it is not there. */
export async function readSealed(file: string): Promise<Sealed> {
  const bytes = await readRegularFile(file, LARGEST);
  const end = bytes.indexOf(0x0a, MAGIC.length);
  if (bytes.subarray(0, MAGIC.length).toString() !== MAGIC || end < 0) throw damaged(file);
  const header = parseHeader(bytes.subarray(MAGIC.length, end).toString(), file);
  const hash = createHash('sha256');
  const arrays = new Map<string, SealedArray>();
  let at = end + 1 + padding(end + 1);
  for (const { name, type, length } of header.arrays) {
    const size = length * TYPES[type].BYTES_PER_ELEMENT;
    if (at + size > bytes.length) throw damaged(file);
    const part = bytes.subarray(at, at + size);
    hash.update(part);
    const copy = new ArrayBuffer(size);
    new Uint8Array(copy).set(part);
    arrays.set(name, new TYPES[type](copy));
    at += size + padding(size);
  }
  if (hash.digest('hex') !== header.sha256) throw damaged(file);
  return { meta: header.meta, arrays };
}

function parseHeader(text: string, file: string): Header {
  try {
    const header = JSON.parse(text) as Header;
    const fine = (a: Header['arrays'][number]): boolean =>
      typeof a.name === 'string' && Object.hasOwn(TYPES, a.type) && Number.isSafeInteger(a.length) && a.length >= 0;
    if (Array.isArray(header.arrays) && header.arrays.every(fine)) return header;
  } catch {
    // as below
  }
  throw damaged(file);
}

const damaged = (file: string): MuscError =>
  new MuscError('FILE_INVALID', l10n.t('the file is damaged or of another version'), {
    where: file,
    hint: l10n.t('delete it'),
  });

const padding = (length: number): number => (ALIGN - (length % ALIGN)) % ALIGN;

const asBytes = (a: SealedArray): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);

function typeOf(array: SealedArray): TypeName {
  if (array instanceof Float32Array) return 'f4';
  if (array instanceof Float64Array) return 'f8';
  return array instanceof Uint32Array ? 'u4' : 'u1';
}
