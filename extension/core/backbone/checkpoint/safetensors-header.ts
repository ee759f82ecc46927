import * as l10n from '@vscode/l10n';
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
  new MuscError('BACKBONE_INVALID', l10n.t('not a usable safetensors file: {0}', what), {
    where,
    cause,
    hint: l10n.t('download it again, or save the model in safetensors form'),
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
      if (!checked.success) throw refuse(l10n.t('its __metadata__ is not a map of strings'), where);
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
    throw refuse(l10n.t('its header is not valid JSON'), where, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(l10n.t('its header is not a JSON object'), where);
  return value as Record<string, unknown>;
}

function checkEntry(name: string, value: unknown, dataBytes: number, where: string): TensorEntry {
  const checked = safeParse(entrySchema, value);
  if (!checked.success) throw refuse(l10n.t('the header entry of tensor {0} is malformed', name), where);
  const { dtype, shape } = checked.data;
  const [begin, end] = checked.data.data_offsets;
  if (!Object.hasOwn(DTYPE_BYTES, dtype))
    throw refuse(l10n.t('tensor {0} has unknown element type {1}', name, dtype), where);
  if (begin > end) throw refuse(l10n.t('tensor {0} ends at {1} before it begins at {2}', name, end, begin), where);
  const bytes = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype as Dtype]);
  if (bytes !== end - begin)
    throw refuse(
      l10n.t('tensor {0} of {1} {2} needs {3} bytes but spans {4}', name, dtype, dims(shape), bytes, end - begin),
      where,
    );
  if (end > dataBytes)
    throw refuse(
      l10n.t('tensor {0} ends at data byte {1}, the file has only {2} (cut short?)', name, end, dataBytes),
      where,
    );
  return { dtype: dtype as Dtype, shape, begin, end };
}

function checkLayout(tensors: ReadonlyMap<string, TensorEntry>, dataBytes: number, where: string): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin < filled)
      throw refuse(l10n.t('tensor {0} overlaps another (starts at {1}, {2} are taken)', name, begin, filled), where);
    if (begin > filled)
      throw refuse(l10n.t('bytes {0} to {1}, before tensor {2}, belong to no tensor', filled, begin, name), where);
    filled = end;
  }
  if (filled !== dataBytes) throw refuse(l10n.t('the last {0} bytes belong to no tensor', dataBytes - filled), where);
}

/** A shape for people: "8 x 32", or "scalar". */
export const dims = (shape: readonly number[]): string => (shape.length ? shape.join(' x ') : 'scalar');
