import type { Grid } from '../array/grid';

/** Longest side over shortest that is kept: beyond it a strip of patches has no neighbourhood left. */
const MAX_RATIO = 8;

/**
 * Model input for pictures of `width` x `height` that keeps their shape (`--fit keep`): the area of an `imageSize` square,
 * both sides multiples of `patch` and at least one patch. Ratios beyond 8:1 are squashed to that.
 */
export function fitInput(
  width: number,
  height: number,
  { imageSize, patch }: { imageSize: number; patch: number },
): Grid {
  const ratio = Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, width / height));
  const side = (length: number): number => Math.max(1, Math.round(length / patch)) * patch;
  return { height: side(imageSize / Math.sqrt(ratio)), width: side(imageSize * Math.sqrt(ratio)) };
}
