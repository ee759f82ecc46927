/** The best cosine to a zero vector that has the distance 1 any unit vector has to it: 2 - 2 * 0.5 = 1. */
const COSINE_OF_ZERO = 0.5;

/**
 * Distances of unit vectors from their cosines: ||a - b||² = 2 - 2 a.b, clamped at 0 (SPEC 4), as float32. Vectors of length zero (blank
 * pictures) are points like any other: 0 from each other, 1 from every unit vector.
 * `cosines` are those of each patch's most similar patch; `own` and `other` the inverse lengths of both sides, 0 for a zero vector,
 * degrees x P each; `out` receives degrees x P.
 */
export function cosinesToDistances(
  cosines: Float32Array,
  own: Float32Array,
  other: Float32Array,
  degrees: number,
  out: Float32Array,
): void {
  const patches = cosines.length / degrees;
  for (let d = 0; d < degrees; d++) {
    const start = d * patches;
    const end = start + patches;
    let otherHasZero = false;
    for (let q = start; q < end; q++) otherHasZero ||= other[q] === 0;
    for (let p = start; p < end; p++) {
      if (own[p] === 0) out[p] = otherHasZero ? 0 : 1;
      else {
        const cosine = otherHasZero && cosines[p] < COSINE_OF_ZERO ? COSINE_OF_ZERO : cosines[p];
        out[p] = cosine < 1 ? Math.sqrt(2 - 2 * cosine) : 0;
      }
    }
  }
}
