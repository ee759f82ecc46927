/**
 * Re-scoring with constrained image-level neighbourhood (paper 3.3, SPEC 6). `scores`: N image scores; `features`: N x D image
 * features, unit length or raw as the backbone defines, or null; `neighbourhoods`: the K list, or 'off'.
 * Returns N new scores: min-max to 0..1, smoothed over each K's nearest images (the image itself competes like any other), averaged
 * over the list. Returned as they are: all scores equal, no features, 'off', an empty list or one that holds 0. K > N counts as N.
 * Ties among similarities go to the lower index.
 */
export function rescore(
  scores: ArrayLike<number>,
  features: Float32Array | null,
  neighbourhoods: readonly number[] | 'off',
): Float64Array {
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
  return raw.map((_, i) => {
    const similarities = similaritiesTo(i, features, n);
    const nearest = Array.from(similarities.keys())
      .sort((a, b) => similarities[b] - similarities[a] || a - b)
      .slice(0, widest);
    let mean = 0;
    for (const k of counts) mean += weightedMean(nearest.slice(0, k), similarities, scaled) / counts.length;
    return mean;
  });
}

/** Dot products of image i's feature with everybody's. */
function similaritiesTo(i: number, features: Float32Array, n: number): Float64Array {
  const depth = features.length / n;
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++)
    for (let d = 0; d < depth; d++) out[j] += features[i * depth + d] * features[j * depth + d];
  return out;
}

function weightedMean(indices: readonly number[], weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const j of indices) {
    sum += weights[j] * values[j];
    total += weights[j];
  }
  return sum / total;
}
