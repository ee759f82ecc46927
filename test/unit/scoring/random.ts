/** Reproducible, roughly normal values with mean 0 and variance 1. */
export function randomFloats(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length }, () => (next() + next() + next() + next() - 2) * Math.sqrt(3));
}
