// Products of an image's patch vectors with a few given ones.

import { add, firstLanes, load4, mul } from './lanes.as';

/**
 * features: P x channels floats, readable 3 floats beyond the end. vectors: `count` vectors, each of `channels` floats and zeros up to a
 * multiple of four. out: count x P floats.
 */
export function patchProducts(features: usize, patches: i32, channels: i32, vectors: usize, count: i32, out: usize): void {
  const patch = (<usize>channels) << 2, vector = (patch + 15) & ~15;
  const mask = firstLanes(channels & 3);
  const tail = patch & 15;
  for (let p = 0; p < patches; p++) {
    const from = features + <usize>p * patch;
    for (let k = 0; k < count; k++) {
      const other = vectors + <usize>k * vector;
      let a = f32x4.splat(0), b = a;
      let c: usize = 0;
      for (; c + 32 <= patch; c += 32) {
        a = add(a, mul(load4(from + c), load4(other + c)));
        b = add(b, mul(v128.load(from + c, 16), v128.load(other + c, 16)));
      }
      for (; c + 16 <= patch; c += 16) a = add(a, mul(load4(from + c), load4(other + c)));
      if (tail) b = add(b, mul(v128.and(mask, load4(from + c)), load4(other + c)));
      a = add(a, b);
      const sum = f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
      store<f32>(out + ((<usize>(k * patches + p)) << 2), sum);
    }
  }
}
