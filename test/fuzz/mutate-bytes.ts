import type { Random } from './random';

/** Numbers at which readers of lengths, counts and sizes go wrong. */
const EDGES = [
  0,
  1,
  2,
  7,
  16,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
/** Bytes an input may grow to. */
const LONGEST = 1 << 16;

const joined = (...parts: Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((a, p) => a + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
};

function writeEdge(input: Uint8Array, random: Random): Uint8Array {
  const width = random.pick([1, 2, 4, 8]);
  if (input.length < width) return input;
  const out = input.slice();
  const view = new DataView(out.buffer);
  const at = random.below(out.length - width + 1);
  const value = random.pick(EDGES);
  const little = random.chance(0.5);
  if (width === 1) view.setUint8(at, value & 255);
  else if (width === 2) view.setUint16(at, value & 65535, little);
  else if (width === 4) view.setUint32(at, value >>> 0, little);
  else view.setBigUint64(at, random.chance(0.2) ? 2n ** 64n - 1n : BigInt(value), little);
  return out;
}

/** One change of one kind. `tokens`: words of the format, worth putting anywhere. */
function mutateOnce(input: Uint8Array, random: Random, others: readonly Uint8Array[], tokens: readonly string[]) {
  const at = random.below(input.length + 1);
  const length = 1 + random.below(Math.min(64, Math.max(1, input.length - at)));
  switch (random.below(10)) {
    case 0:
    case 1: {
      const out = input.slice();
      if (at < out.length) out[at] ^= 1 << random.below(8);
      return out;
    }
    case 2: {
      const out = input.slice();
      if (at < out.length) out[at] = random.bits() & 255;
      return out;
    }
    case 3:
    case 4:
      return writeEdge(input, random);
    case 5:
      return joined(input.subarray(0, at), input.subarray(at + length)); // left out
    case 6:
      return joined(input.subarray(0, at), random.bytes(length), input.subarray(at)); // put in
    case 7:
      return joined(input.subarray(0, at + length), input.subarray(at)); // twice
    case 8: {
      const word = tokens.length > 0 ? new TextEncoder().encode(random.pick(tokens)) : random.bytes(length);
      return joined(input.subarray(0, at), word, input.subarray(at + (random.chance(0.5) ? word.length : 0)));
    }
    default: {
      if (random.chance(0.5)) return input.slice(0, at); // cut short
      const other = random.pick(others);
      return joined(input.subarray(0, at), other.subarray(random.below(other.length + 1)));
    }
  }
}

/** A valid input with some changes; now and then bytes that never were valid. */
export function mutateBytes(seeds: readonly Uint8Array[], random: Random, tokens: readonly string[] = []): Uint8Array {
  if (random.chance(0.01)) return random.bytes(random.below(256));
  let input = random.pick(seeds);
  do input = mutateOnce(input, random, seeds, tokens);
  while (random.chance(0.6));
  return input.length > LONGEST ? input.slice(0, LONGEST) : input;
}
