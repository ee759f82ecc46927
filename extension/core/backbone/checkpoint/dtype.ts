/** Element types of the safetensors format, by name: bytes per element. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;
export type Dtype = keyof typeof DTYPE_BYTES;

/** Types a network's weights may have. */
export const isFloat = (dtype: Dtype): boolean => /^(F64|F32|F16|BF16)$/.test(dtype);

let halves: Float32Array | undefined;

/** Every half-precision value as float32, by its 16 bits. */
function halfTable(): Float32Array {
  if (halves) return halves;
  const table = new Float32Array(1 << 16);
  for (let bits = 0; bits < table.length; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction
            ? NaN
            : Infinity
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[bits] = bits & 0x8000 ? -size : size;
  }
  return (halves = table);
}

/**
 * Little-endian elements as float32, whatever their alignment; subnormals and the sign of zero are kept. F64 and integers are
 * rounded. Throws RangeError for the 8-bit floats, which no supported network uses.
 */
export function widen(dtype: Dtype, bytes: Uint8Array): Float32Array {
  const aligned = bytes.slice().buffer;
  switch (dtype) {
    case 'F32':
      return new Float32Array(aligned);
    case 'F16': {
      const table = halfTable();
      const source = new Uint16Array(aligned);
      const wide = new Float32Array(source.length);
      for (let i = 0; i < source.length; i++) wide[i] = table[source[i]];
      return wide;
    }
    case 'BF16': {
      const source = new Uint16Array(aligned);
      const wide = new Uint32Array(source.length);
      for (let i = 0; i < source.length; i++) wide[i] = source[i] << 16;
      return new Float32Array(wide.buffer);
    }
    case 'F64':
      return Float32Array.from(new Float64Array(aligned));
    case 'I64':
      return Float32Array.from(new BigInt64Array(aligned), Number);
    case 'U64':
      return Float32Array.from(new BigUint64Array(aligned), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(aligned));
    case 'U32':
      return Float32Array.from(new Uint32Array(aligned));
    case 'I16':
      return Float32Array.from(new Int16Array(aligned));
    case 'U16':
      return Float32Array.from(new Uint16Array(aligned));
    case 'I8':
      return Float32Array.from(new Int8Array(aligned));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes);
    case 'F8_E4M3':
    case 'F8_E5M2':
      throw new RangeError(`${dtype} has no use here`);
  }
}

/** float32 rounded to half precision, ties to even; beyond 65504 becomes infinite. Returns the 16-bit patterns. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const b = bits[i];
    const sign = (b >>> 16) & 0x8000;
    const size = b & 0x7fffffff;
    if (size > 0x7f800000) out[i] = sign | 0x7e00;
    else if (size >= 0x477ff000) out[i] = sign | 0x7c00;
    else if (size >= 0x38800000) out[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    else out[i] = sign | roundEven(Math.abs(values[i]) * 2 ** 24); // subnormal: a count of 2^-24
  }
  return out;
}

function roundEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
