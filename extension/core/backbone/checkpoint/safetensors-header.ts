import * as z from 'zod';
import { MuscError } from '../../errors';
import { safeParse } from '../../safe-parse';
import { DTYPE_BYTES, type Dtype } from './dtype';

/** Largest header the format's own library accepts, bytes. Real checkpoints need about 50 kB. */
export const HEADER_LIMIT = 100_000_000;

/** Where a tensor lies; `begin` and `end` count from the start of the data. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** Byte of the file at which data begin; any alignment. */
  readonly dataStart: number;
}

export const refuse = (what: string, where: string, cause?: unknown): MuscError =>
  new MuscError('BACKBONE_INVALID', `not a usable safetensors file: ${what}`, {
    where,
    cause,
    hint: 'download it again, or save the model in safetensors form',
  });

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(count).max(16),
  data_offsets: z.tuple([count, count]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Parses the JSON header (without its 8-byte length) of a file of `fileBytes` and checks that tensors fill the data exactly: none
 * outside, none overlapping, no gap, each as long as its shape and type say. Throws BACKBONE_INVALID naming the tensor.
 */
export function parseHeader(json: Uint8Array, fileBytes: number, where: string): SafetensorsHeader {
  const parsed = parseJson(json, where);
  const dataStart = 8 + json.length;
  const dataBytes = fileBytes - dataStart;
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> | null = null;
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') {
      const checked = metadataSchema.safeParse(value);
      if (!checked.success) throw refuse('its __metadata__ is not a map of strings', where);
      metadata = checked.data;
    } else tensors.set(name, checkEntry(name, value, dataBytes, where));
  }
  checkLayout(tensors, dataBytes, where);
  return { tensors, metadata, dataStart };
}

function parseJson(json: Uint8Array, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw refuse('its header is not valid JSON', where, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('its header is not a JSON object', where);
  return value as Record<string, unknown>;
}

function checkEntry(name: string, value: unknown, dataBytes: number, where: string): TensorEntry {
  const checked = safeParse(entrySchema, value);
  if (!checked.success) throw refuse(`the header entry of tensor ${name} is malformed`, where);
  const { dtype, shape } = checked.data;
  const [begin, end] = checked.data.data_offsets;
  if (!Object.hasOwn(DTYPE_BYTES, dtype)) throw refuse(`tensor ${name} has unknown element type ${dtype}`, where);
  if (begin > end) throw refuse(`tensor ${name} ends at ${end} before it begins at ${begin}`, where);
  const bytes = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype as Dtype]);
  if (bytes !== end - begin)
    throw refuse(`tensor ${name} of ${dtype} ${dims(shape)} needs ${bytes} bytes but spans ${end - begin}`, where);
  if (end > dataBytes)
    throw refuse(`tensor ${name} ends at data byte ${end}, the file has only ${dataBytes} (cut short?)`, where);
  return { dtype: dtype as Dtype, shape, begin, end };
}

function checkLayout(tensors: ReadonlyMap<string, TensorEntry>, dataBytes: number, where: string): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin < filled)
      throw refuse(`tensor ${name} overlaps another (starts at ${begin}, ${filled} are taken)`, where);
    if (begin > filled) throw refuse(`bytes ${filled} to ${begin}, before tensor ${name}, belong to no tensor`, where);
    filled = end;
  }
  if (filled !== dataBytes) throw refuse(`the last ${dataBytes - filled} bytes belong to no tensor`, where);
}

/** A shape for people: "8 x 32", or "scalar". */
export const dims = (shape: readonly number[]): string => (shape.length ? shape.join(' x ') : 'scalar');
