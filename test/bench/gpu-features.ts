import { cells } from '../../extension/core/array/grid';
import { layerNormPatches } from '../../extension/core/scoring/lnamd';
import { PatchWindows } from '../../extension/core/scoring/kernel/patch-windows';
import type { PairBatch } from '../../extension/core/scoring/pair-kernel';
import { randomFloats } from '../unit/scoring/random';
import type { GpuSize } from './gpu-size';

/** Part of the pictures' own in features that are otherwise the same: from near duplicates to strangers. */
const OWN = [0.1, 0.3, 0.5, 0.8, 1.2, 2];

/** Layer-normed features of pictures, P x C each: a common picture and more or less of an own one. */
export function madeUpFeatures({ side, channels }: GpuSize, images: number): Float32Array[] {
  const size = side * side * channels;
  const common = randomFloats(size, 1);
  return Array.from({ length: images }, (_, i) => {
    const own = randomFloats(size, i + 2);
    return layerNormPatches(common.map((v, k) => v + OWN[i % OWN.length] * own[k]));
  });
}

/** As many pictures' features as are wanted, made in no time: the same noise, beginning a little later each time. */
export function shiftedNoise({ side, channels }: GpuSize, images: number): Float32Array[] {
  const size = side * side * channels;
  const noise = layerNormPatches(randomFloats(size + images, 1));
  return Array.from({ length: images }, (_, i) => noise.subarray(i, i + size));
}

/** Batches of neighbouring pictures against one, as a tile's are made. */
export function batchesOf({ side, channels, degrees }: GpuSize, images: readonly Float32Array[]) {
  const grid = { height: side, width: side };
  const size = cells(grid) * channels;
  const all = new Float32Array(images.length * size);
  const windows = new PatchWindows(grid, channels);
  const inverse = images.map((features, i) => {
    all.set(features, i * size);
    windows.features.set(features);
    return windows.inverse(degrees);
  });
  return (first: number, count: number, other: number): PairBatch => ({
    first,
    count,
    other,
    channels,
    rows: () => all.subarray(first * size, (first + count) * size),
    column: () => all.subarray(other * size, (other + 1) * size),
    lengths: (image) => inverse[image],
  });
}
