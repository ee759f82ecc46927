// Degrees 1, 3 and 5 in one pass over the Gram matrix of a pair (SPEC 10).
//
// The Gram matrix of r x r sums is a 4-D box filter of the Gram matrix of the patches: 2-D over the rows' patch p = (py, px), 2-D over
// the columns' patch q = (qy, qx). One row of it at a time: sums along py (three and five rows), then along px through a ring of five,
// then along qx and qy inside the row; times the inverse lengths; largest value per row and per column.
//
// Rows are padded from `width` to `pitch` floats per grid row (a multiple of 4, at least 2 zeros behind each), so that sums along qx find
// zeros outside the grid. Addresses and sizes are bytes.

import { add, firstLanes, largest, largestLane, load4, mul, raise, splat } from './lanes.as';

/** Scratch bytes that `fusedMaxima` needs, all zero before its first call (it keeps the zeros it relies on). */
export function fusedScratch(height: i32, width: i32, pitch: i32): i32 {
  return (height * pitch * 11 + 4 * (height + 4) * pitch + 16) * 4;
}

/**
 * gram: P x P floats. inverseP: 3 x P, inverse lengths of the r x r sums of the rows' image. inverseQ: 3 x (height * pitch), of the
 * columns' image, NaN in the padding. rows: 3 x P, out: largest over q of sum * inverseQ. columns: 3 x (height * pitch), out: largest over
 * p of sum * inverseP; undefined in the padding.
 */
export function fusedMaxima(
  gram: usize, height: i32, width: i32, pitch: i32,
  inverseP: usize, inverseQ: usize, rows: usize, columns: usize, scratch: usize,
): void {
  const patches = height * width;
  const rowBytes = (<usize>patches) << 2; // a row of the Gram matrix
  const slab = <usize>width * rowBytes; // all rows of one py
  const padded = (<usize>(height * pitch)) << 2; // a padded row
  const pitchBytes = (<usize>pitch) << 2;
  const widthBytes = (<usize>width) << 2;
  const degreeBytes = rowBytes; // one degree of inverseP and rows

  const zeros = scratch;
  const ring = zeros + padded; // 5 slots, each a row of sums over 3 py and a row of sums over 5 py
  const framed = (<usize>((height + 4) * pitch)) << 2; // a padded row with two zero grid rows before and behind
  const overP3 = ring + 10 * padded + 32 + 2 * pitchBytes; // sums over the rows' window, 3 x 3
  const overP5 = overP3 + framed;
  const overX3 = overP5 + framed; // and along qx
  const overX5 = overX3 + framed;
  const tail = width & 3;
  const mask = firstLanes(tail);
  const lowest = f32x4.splat(-Infinity);

  for (let at: usize = 0; at < 3 * padded; at += 16) v128.store(columns + at, lowest);

  for (let py = 0; py < height; py++) {
    for (let step = 0; step < width + 2; step++) {
      if (step < width) {
        const p = py * width + step;
        const g = gram + <usize>p * rowBytes;
        const up1 = py >= 1 ? g - slab : zeros;
        const up2 = py >= 2 ? g - 2 * slab : zeros;
        const down1 = py + 1 < height ? g + slab : zeros;
        const down2 = py + 2 < height ? g + 2 * slab : zeros;
        const sum3 = ring + <usize>((step % 5) * 2) * padded;
        const sum5 = sum3 + padded;
        const inverse = splat(inverseP + ((<usize>p) << 2));
        let best = lowest;
        let from: usize = 0; // offset in a row of the Gram matrix
        for (let line: usize = 0; line < padded; line += pitchBytes) {
          let s = from;
          let d = line;
          const end = line + (widthBytes & ~15);
          for (; d < end; d += 16, s += 16) {
            const v = load4(g + s);
            best = largest(best, mul(v, load4(inverseQ + d)));
            raise(columns + d, mul(v, inverse));
            const three = add(v, add(load4(up1 + s), load4(down1 + s)));
            v128.store(sum3 + d, three);
            v128.store(sum5 + d, add(three, add(load4(up2 + s), load4(down2 + s))));
          }
          if (tail) {
            const v = load4(g + s);
            best = largest(best, mul(v, load4(inverseQ + d)));
            raise(columns + d, mul(v, inverse));
            const three = add(v, add(load4(up1 + s), load4(down1 + s)));
            v128.store(sum3 + d, v128.and(mask, three));
            v128.store(sum5 + d, v128.and(mask, add(three, add(load4(up2 + s), load4(down2 + s)))));
          }
          from += widthBytes;
        }
        store<f32>(rows + ((<usize>p) << 2), largestLane(best));
      }
      const px = step - 2; // its right neighbours are in the ring now
      if (px < 0) continue;

      const here3 = ring + <usize>((px % 5) * 2) * padded;
      const left1 = px >= 1, right1 = px + 1 < width;
      const slotL1 = ring + <usize>(((px + 4) % 5) * 2) * padded;
      const slotR1 = ring + <usize>(((px + 1) % 5) * 2) * padded;
      const left3 = left1 ? slotL1 : zeros, right3 = right1 ? slotR1 : zeros;
      const here5 = here3 + padded;
      const left5 = left1 ? slotL1 + padded : zeros, right5 = right1 ? slotR1 + padded : zeros;
      const farLeft5 = px >= 2 ? ring + <usize>(((px + 3) % 5) * 2) * padded + padded : zeros;
      const farRight5 = px + 2 < width ? ring + <usize>(((px + 2) % 5) * 2) * padded + padded : zeros;
      for (let d: usize = 0; d < padded; d += 16) {
        v128.store(overP3 + d, add(load4(here3 + d), add(load4(left3 + d), load4(right3 + d))));
        v128.store(overP5 + d, add(
          add(load4(here5 + d), add(load4(left5 + d), load4(right5 + d))),
          add(load4(farLeft5 + d), load4(farRight5 + d)),
        ));
      }
      for (let d: usize = 0; d < padded; d += 16) {
        const a = overP3 + d, b = overP5 + d;
        v128.store(overX3 + d, add(load4(a), add(load4(a - 4), load4(a + 4))));
        v128.store(overX5 + d, add(
          add(load4(b), add(load4(b - 4), load4(b + 4))),
          add(load4(b - 8), load4(b + 8)),
        ));
      }
      const p = py * width + px;
      const atP = inverseP + ((<usize>p) << 2);
      const inverse3 = splat(atP + degreeBytes), inverse5 = splat(atP + 2 * degreeBytes);
      const inverseQ3 = inverseQ + padded, inverseQ5 = inverseQ3 + padded;
      const columns3 = columns + padded, columns5 = columns3 + padded;
      let best3 = lowest, best5 = lowest;
      for (let d: usize = 0; d < padded; d += 16) {
        const a = overX3 + d, b = overX5 + d;
        const nine = add(load4(a), add(load4(a - pitchBytes), load4(a + pitchBytes)));
        const twentyFive = add(
          add(load4(b), add(load4(b - pitchBytes), load4(b + pitchBytes))),
          add(load4(b - 2 * pitchBytes), load4(b + 2 * pitchBytes)),
        );
        best3 = largest(best3, mul(nine, load4(inverseQ3 + d)));
        best5 = largest(best5, mul(twentyFive, load4(inverseQ5 + d)));
        raise(columns3 + d, mul(nine, inverse3));
        raise(columns5 + d, mul(twentyFive, inverse5));
      }
      const out = rows + ((<usize>p) << 2);
      store<f32>(out + degreeBytes, largestLane(best3));
      store<f32>(out + 2 * degreeBytes, largestLane(best5));
    }
  }
}
