import * as l10n from '@vscode/l10n';
import { Budget, fields, malformed, varints } from './wire';
import { ElementType, type OnnxTensor } from './model';

/** Number of values of a tensor. */
export const elements = (tensor: OnnxTensor): number => tensor.dims.reduce((a, b) => a * b, 1);

/** A float32 initializer. `data.length` is the product of `dims`. */
export function floatTensor(name: string, dims: readonly number[], data: Float32Array): OnnxTensor {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...dims], dataType: ElementType.float, raw, external: null, rest: [] };
}

/** An int64 initializer. */
export function intTensor(name: string, dims: readonly number[], data: readonly number[]): OnnxTensor {
  const raw = new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
  return { name, dims: [...dims], dataType: ElementType.int64, raw, external: null, rest: [] };
}

/** Little-endian bytes of a tensor whose values are in the file, whichever field holds them; null: elsewhere or unknown type. */
function payload(tensor: OnnxTensor, width: number, typedField: number): DataView | null {
  if (tensor.external) return null;
  let bytes = tensor.raw;
  if (!bytes) {
    const chunks: Uint8Array[] = [];
    for (const raw of tensor.rest)
      for (const field of fields(raw, new Budget()))
        if (field.no === typedField) chunks.push(field.kind === 'bytes' ? field.value : field.raw.subarray(1));
    bytes = chunks.length === 1 ? chunks[0] : Uint8Array.from(chunks.flatMap((c) => [...c]));
  }
  if (bytes.length !== elements(tensor) * width)
    throw malformed(
      l10n.t('tensor {0} holds {1} bytes where {2} belong', tensor.name, bytes.length, elements(tensor) * width),
    );
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values of a float, double or float16 tensor; null: external, or of another type. Throws BACKBONE_INVALID. */
export function floatValues(tensor: OnnxTensor): Float32Array | null {
  const count = elements(tensor);
  switch (tensor.dataType) {
    case ElementType.float: {
      const view = payload(tensor, 4, 4);
      return view && Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
    }
    case ElementType.double: {
      const view = payload(tensor, 8, 10);
      return view && Float32Array.from({ length: count }, (_, i) => view.getFloat64(i * 8, true));
    }
    case ElementType.float16: {
      const view = tensor.raw ? payload(tensor, 2, 0) : null;
      return view && Float32Array.from({ length: count }, (_, i) => halfToFloat(view.getUint16(i * 2, true)));
    }
    default:
      return null;
  }
}

/** Values of an int64 or int32 tensor; null: external, or of another type. Throws BACKBONE_INVALID. */
export function intValues(tensor: OnnxTensor): number[] | null {
  if (tensor.dataType !== ElementType.int64 && tensor.dataType !== ElementType.int32) return null;
  if (tensor.external) return null;
  const count = elements(tensor);
  if (!tensor.raw) {
    const values: number[] = [];
    const wanted = tensor.dataType === ElementType.int64 ? 7 : 5;
    for (const raw of tensor.rest)
      for (const field of fields(raw, new Budget())) {
        if (field.no !== wanted) continue;
        if (field.kind === 'varint') values.push(Number(field.value));
        else if (field.kind === 'bytes') for (const v of varints(field.value, new Budget())) values.push(v);
      }
    if (values.length !== count)
      throw malformed(l10n.t('tensor {0} holds {1} values, not {2}', tensor.name, values.length, count));
    return values;
  }
  const wide = tensor.dataType === ElementType.int64;
  const view = payload(tensor, wide ? 8 : 4, 0);
  return (
    view &&
    Array.from({ length: count }, (_, i) => (wide ? Number(view.getBigInt64(i * 8, true)) : view.getInt32(i * 4, true)))
  );
}
