const word = new Int32Array(1);
const float = new Float32Array(word.buffer);

/**
 * Keys of float32 bit patterns: 32 bits that, read as unsigned, are in the order of the values; -0 and +0 share one. NaN must not
 * come in. The result is a signed number (`>>> 0` makes it unsigned): so it stays a machine word in the loops over all pixels.
 */
export function orderKey(bits: number): number {
  if (bits >= 0) return bits ^ -0x80000000;
  return bits === -0x80000000 ? bits : ~bits; // -0 ties with +0
}

/** The bit pattern of a key, given signed or unsigned. */
export function keyBits(key: number): number {
  const signed = key | 0;
  return signed < 0 ? signed ^ -0x80000000 : ~signed;
}

/** The float32 value of a key. */
export function keyValue(key: number): number {
  word[0] = keyBits(key);
  return float[0];
}

/** Whether a bit pattern is an infinity or NaN. */
export const notFinite = (bits: number): boolean => (bits & 0x7f800000) === 0x7f800000;
