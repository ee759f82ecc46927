import { breathe } from '../breathe';

/**
 * Re-scoring with constrained image-level neighbourhood (paper 3.3, SPEC 6). `scores`: N image scores; `features`: N x D image
 * features, unit length or raw as the backbone defines, or null; `neighbourhoods`: the K list, or 'off'.
 * Returns N new scores: min-max to 0..1, smoothed over each K's nearest images (the image itself competes like any other), averaged
 * over the list. Returned as they are: all scores equal, no features, 'off', an empty list or one that holds 0. K > N counts as N.
 * Ties among similarities go to the lower index. An image that is like none, as its feature is zero, keeps its own score of 0..1.
 * The event loop has a turn after each image. Throws CANCELLED.
 */
export async function rescore(
  scores: ArrayLike<number>,
  features: Float32Array | null,
  neighbourhoods: readonly number[] | 'off',
  signal?: AbortSignal,
): Promise<Float64Array> {
  const raw = Float64Array.from(scores);
  const n = raw.length;
  if (features === null || neighbourhoods === 'off' || neighbourhoods.length === 0 || neighbourhoods.includes(0))
    return raw;
  const low = raw.reduce((a, b) => Math.min(a, b), Infinity);
  const high = raw.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(high > low)) return raw;
  const scaled = raw.map((s) => (s - low) / (high - low));
  const counts = neighbourhoods.map((k) => Math.min(k, n));
  const widest = Math.max(...counts);
  const rescored = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const similarities = similaritiesTo(i, features, n);
    const nearest = largest(similarities, widest);
    for (const k of counts)
      rescored[i] += (weightedMean(nearest.slice(0, k), similarities, scaled) ?? scaled[i]) / counts.length;
    await breathe(signal);
  }
  return rescored;
}

/** Dot products of image i's feature with everybody's. */
function similaritiesTo(i: number, features: Float32Array, n: number): Float64Array {
  const depth = features.length / n;
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++)
    for (let d = 0; d < depth; d++) out[j] += features[i * depth + d] * features[j * depth + d];
  return out;
}

/** Indices of the `count` largest values, the largest first, the lower index first among equal ones. */
function largest(values: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === count && values[i] <= values[best[count - 1]]) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]] < values[i]) at--;
    best.splice(at, 0, i);
    best.length = Math.min(best.length, count);
  }
  return best;
}

/** Null where the weights have no sum to divide by. */
function weightedMean(indices: readonly number[], weights: Float64Array, values: Float64Array): number | null {
  let sum = 0;
  let total = 0;
  for (const j of indices) {
    sum += weights[j] * values[j];
    total += weights[j];
  }
  return total === 0 ? null : sum / total;
}
