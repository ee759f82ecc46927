import { keptRanks } from './kept-ranks';

/**
 * Mutual scoring of unit-length features, written as the paper reads (3.2), in float64: the oracle the fast kernel is held against.
 * `images`: N arrays of P x C with unit (or zero) rows. Returns N arrays of P scores: the mean of the kept ranks of the distances to
 * the nearest patch of every other image.
 */
export function scoreMutuallyPlain(
  images: readonly (Float32Array | Float64Array)[],
  channels: number,
  keep: readonly [number, number],
): Float64Array[] {
  const { first, end } = keptRanks(keep, images.length - 1);
  return images.map((image, i) => {
    const scores = new Float64Array(image.length / channels);
    for (let p = 0; p < scores.length; p++) {
      const distances = images.filter((_, j) => j !== i).map((other) => nearest(image, p * channels, other, channels));
      distances.sort((a, b) => a - b);
      for (let k = first; k < end; k++) scores[p] += distances[k] / (end - first);
    }
    return scores;
  });
}

/** Distance of the vector at `start` to the nearest patch of `other`. */
function nearest(image: ArrayLike<number>, start: number, other: ArrayLike<number>, channels: number): number {
  let best = Infinity;
  for (let q = 0; q < other.length; q += channels) {
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += (image[start + c] - other[q + c]) ** 2;
    if (squares < best) best = squares;
  }
  return Math.sqrt(best);
}
