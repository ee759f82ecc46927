// Lengths of the sums of patch vectors over r x r windows.

import { add, firstLanes, load4 } from './lanes.as';

/**
 * features: P x channels floats, readable 3 floats beyond the end. scratch: width x channels floats and 3 more. out: P float64, the squared
 * length of each patch's window sum. Sums over the window's rows first, then over its columns.
 */
export function windowSquares(
  features: usize, height: i32, width: i32, channels: i32, radius: i32, scratch: usize, out: usize,
): void {
  const patch = (<usize>channels) << 2;
  const row = <usize>width * patch;
  const whole = patch & ~15;
  const mask = firstLanes(channels & 3);
  for (let py = 0; py < height; py++) {
    const top = features + <usize>max(0, py - radius) * row, bottom = features + <usize>min(height - 1, py + radius) * row;
    for (let at: usize = 0; at < row; at += 16) {
      let sum = f32x4.splat(0);
      for (let y = top; y <= bottom; y += row) sum = add(sum, load4(y + at));
      v128.store(scratch + at, sum);
    }
    for (let px = 0; px < width; px++) {
      const left = scratch + <usize>max(0, px - radius) * patch, right = scratch + <usize>min(width - 1, px + radius) * patch;
      let low = f64x2.splat(0), high = f64x2.splat(0);
      for (let c: usize = 0; c < patch; c += 16) {
        let sum = f32x4.splat(0);
        for (let x = left; x <= right; x += patch) sum = add(sum, load4(x + c));
        if (c >= whole) sum = v128.and(mask, sum);
        const a = f64x2.promote_low_f32x4(sum);
        const b = f64x2.promote_low_f32x4(i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
        low = f64x2.add(low, f64x2.mul(a, a));
        high = f64x2.add(high, f64x2.mul(b, b));
      }
      const both = f64x2.add(low, high);
      store<f64>(out + ((<usize>(py * width + px)) << 3), f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1));
    }
  }
}
