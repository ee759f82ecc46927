// LayerNorm over all values of one image's tap.

import { load4 } from './lanes.as';

@inline function sumOf(v: v128): v128 { // of the four values, as two float64
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
}

@inline function lanes(v: v128): f64 { return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1); }

/** values: `count` floats, replaced by (x - mean) / sqrt(variance + epsilon), with the biased variance; sums in float64. */
export function layerNorm(values: usize, count: i32, epsilon: f64): void {
  const end = values + ((<usize>count) << 2), whole = values + (((<usize>count) << 2) & ~15);
  let sums = f64x2.splat(0);
  let at = values;
  for (; at < whole; at += 16) sums = f64x2.add(sums, sumOf(load4(at)));
  let sum = lanes(sums);
  for (; at < end; at += 4) sum += load<f32>(at);
  const mean = sum / count;

  const centre = f64x2.splat(mean);
  sums = f64x2.splat(0);
  for (at = values; at < whole; at += 16) {
    const v = load4(at);
    const low = f64x2.sub(f64x2.promote_low_f32x4(v), centre);
    const high = f64x2.sub(f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), centre);
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  let squares = lanes(sums);
  for (; at < end; at += 4) squares += (load<f32>(at) - mean) * (load<f32>(at) - mean);

  const scale = 1 / Math.sqrt(squares / count + epsilon);
  const scales = f64x2.splat(scale);
  for (at = values; at < whole; at += 16) {
    const v = load4(at);
    const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v), centre), scales);
    const high = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)), centre), scales);
    v128.store(at, i8x16.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
  }
  for (; at < end; at += 4) store<f32>(at, <f32>((load<f32>(at) - mean) * scale));
}
