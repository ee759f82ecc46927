// Lengths of the sums of patch vectors over r x r windows.

import { add, firstLanes, load4 } from './lanes.as';

/** features: P x channels floats, readable 3 floats beyond the end. out: P float64, the squared length of each patch's window sum. */
export function windowSquares(features: usize, height: i32, width: i32, channels: i32, radius: i32, out: usize): void {
  const patch = (<usize>channels) << 2;
  const whole = patch & ~15;
  const tail = channels & 3;
  const mask = firstLanes(tail);
  for (let py = 0; py < height; py++) {
    const top = max(0, py - radius), bottom = min(height - 1, py + radius);
    for (let px = 0; px < width; px++) {
      const left = max(0, px - radius), right = min(width - 1, px + radius);
      let low = f64x2.splat(0), high = f64x2.splat(0);
      for (let c: usize = 0; c < patch; c += 16) {
        let sum = f32x4.splat(0);
        for (let y = top; y <= bottom; y++) {
          const end = features + <usize>(y * width + right) * patch + c;
          for (let at = features + <usize>(y * width + left) * patch + c; at <= end; at += patch) sum = add(sum, load4(at));
        }
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
