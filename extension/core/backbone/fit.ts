import type { Grid } from '../array/grid';

/** Image sizes that can be asked for, pixels. */
export const IMAGE_SIZES = { least: 32, most: 2048 } as const;
/** The option that an error about a wrong size names. */
export const IMAGE_SIZE_OPTION = '--image-size';

/** Longest side over shortest that is kept: beyond it a strip of patches has no neighbourhood left. */
const MAX_RATIO = 8;

const keptRatio = (width: number, height: number): number =>
  Math.min(MAX_RATIO, Math.max(1 / MAX_RATIO, width / height));

/**
 * Model input for pictures of `width` x `height` that keeps their shape (`--fit keep`): the area of an `imageSize` square,
 * both sides multiples of `patch` and at least one patch. Ratios beyond 8:1 are squashed to that.
 */
export function fitInput(
  width: number,
  height: number,
  { imageSize, patch }: { imageSize: number; patch: number },
): Grid {
  const ratio = keptRatio(width, height);
  const side = (length: number): number => Math.max(1, Math.round(length / patch)) * patch;
  return { height: side(imageSize / Math.sqrt(ratio)), width: side(imageSize * Math.sqrt(ratio)) };
}

/**
 * The `imageSize` from which `fitInput` makes `input` of pictures of `width` x `height`, whatever the patch: of those that can be asked
 * for the whole number whose unrounded sides are nearest to it, so they round to it wherever any number's do.
 */
export function fittedImageSize(width: number, height: number, input: Grid): number {
  const stretch = Math.sqrt(keptRatio(width, height));
  const error = (size: number): number =>
    Math.max(Math.abs(size / stretch - input.height), Math.abs(size * stretch - input.width));
  const best = Math.floor((input.height + input.width) / (stretch + 1 / stretch)); // both errors are equal there
  const nearest = error(best) <= error(best + 1) ? best : best + 1;
  return Math.min(IMAGE_SIZES.most, Math.max(IMAGE_SIZES.least, nearest));
}
