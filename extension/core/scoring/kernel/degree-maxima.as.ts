// The same as fused-maxima for one degree of any radius, step by step. Rows are padded with at least `radius` zeros behind each grid row.

import { add, firstLanes, largest, largestLane, load4, mul, raise, splat } from './lanes.as';

/** Scratch bytes that `degreeMaxima` needs, all zero before its first call. */
export function degreeScratch(height: i32, width: i32, pitch: i32, radius: i32): i32 {
  return ((width + 2) * height * pitch + 2 * radius * (pitch + 1) + height * pitch + 64) * 4;
}

/** As `fusedMaxima`, with one degree's P (or padded) inverse lengths and maxima. */
export function degreeMaxima(
  gram: usize, height: i32, width: i32, pitch: i32, radius: i32,
  inverseP: usize, inverseQ: usize, rows: usize, columns: usize, scratch: usize,
): void {
  const rowBytes = (<usize>(height * width)) << 2;
  const padded = (<usize>(height * pitch)) << 2;
  const pitchBytes = (<usize>pitch) << 2;
  const widthBytes = (<usize>width) << 2;
  const lines = scratch; // for one py and every px: sums along py
  const overX = lines + <usize>width * padded + 16; // sums along px and qx
  const overP = overX + padded + 16 + ((<usize>(radius + 4)) << 2) ; // sums along px, zeros around
  const tail = width & 3;
  const mask = firstLanes(tail);
  const lowest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < padded; at += 16) v128.store(columns + at, lowest);

  for (let py = 0; py < height; py++) {
    const top = max(0, py - radius), bottom = min(height - 1, py + radius);
    for (let px = 0; px < width; px++) {
      const line = lines + <usize>px * padded;
      for (let qy: usize = 0, s: usize = 0, d0: usize = 0; d0 < padded; qy++, s += widthBytes, d0 += pitchBytes) {
        for (let x: usize = 0; x < widthBytes; x += 16) {
          let sum = f32x4.splat(0);
          for (let y = top; y <= bottom; y++) sum = add(sum, load4(gram + <usize>(y * width + px) * rowBytes + s + x));
          if (x + 16 > widthBytes) sum = v128.and(mask, sum);
          v128.store(line + d0 + x, sum);
        }
      }
    }
    for (let px = 0; px < width; px++) {
      const left = max(0, px - radius), right = min(width - 1, px + radius);
      for (let d: usize = 0; d < padded; d += 16) {
        let sum = f32x4.splat(0);
        for (let x = left; x <= right; x++) sum = add(sum, load4(lines + <usize>x * padded + d));
        v128.store(overP + d, sum);
      }
      const reach = (<usize>radius) << 2;
      for (let d: usize = 0; d < padded; d += 16) {
        let sum = f32x4.splat(0);
        for (let at = overP + d - reach; at <= overP + d + reach; at += 4) sum = add(sum, load4(at));
        v128.store(overX + d, sum);
      }
      const p = py * width + px;
      const inverse = splat(inverseP + ((<usize>p) << 2));
      let best = lowest;
      for (let qy = 0; qy < height; qy++) {
        const high = <usize>max(0, qy - radius) * pitchBytes, low = <usize>min(height - 1, qy + radius) * pitchBytes;
        const here = <usize>qy * pitchBytes;
        for (let x: usize = 0; x < pitchBytes; x += 16) {
          let sum = f32x4.splat(0);
          for (let y = high; y <= low; y += pitchBytes) sum = add(sum, load4(overX + y + x));
          best = largest(best, mul(sum, load4(inverseQ + here + x)));
          raise(columns + here + x, mul(sum, inverse));
        }
      }
      store<f32>(rows + ((<usize>p) << 2), largestLane(best));
    }
  }
}
