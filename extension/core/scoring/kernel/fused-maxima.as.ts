// Degrees 1, 3 and 5 in one pass over the Gram matrix of a pair (SPEC 10).
//
// The Gram matrix of r x r sums is a 4-D box filter of the Gram matrix of the patches: 2-D over the rows' patch p = (py, px), 2-D over
// the columns' patch q = (qy, qx). Two rows of it at a time, because neighbours share most of their sums and all of their columns: sums along
// py (of three and of five rows), then along px through a ring of six, then along qx and qy; times the inverse lengths; largest value
// per row and per column.
//
// Rows are padded from `width` to `pitch` floats per grid row (a multiple of 4, at least 2 zeros behind each), so that sums along qx find
// zeros outside the grid. Addresses and sizes are bytes.

import { add, firstLanes, largest, largestLane, load4, mul, raise, splat } from './lanes.as';

const SLOTS = 6; // of the ring: the windows of two neighbouring px

/** Scratch bytes that `fusedMaxima` needs, all zero before its first call (it keeps the zeros it relies on). */
export function fusedScratch(height: i32, width: i32, pitch: i32): i32 {
  return (height * pitch * (1 + 2 * SLOTS) + 4 * (height + 4) * pitch + 16) * 4;
}

/** Sum of the five neighbours along qx, at `address`. */
@inline function five(address: usize): v128 {
  return add(
    add(load4(address), add(load4(address - 4), load4(address + 4))),
    add(load4(address - 8), load4(address + 8)),
  );
}

@inline function three(address: usize): v128 {
  return add(load4(address), add(load4(address - 4), load4(address + 4)));
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
  const plane = (<usize>(height * width)) << 2; // one degree of inverseP and rows, and a row of the Gram matrix
  const padded = (<usize>(height * pitch)) << 2; // one degree of inverseQ and columns
  const framed = (<usize>((height + 4) * pitch)) << 2;
  const zeros = scratch;
  const ring = zeros + padded;
  const over3 = ring + 2 * SLOTS * padded + 16 + ((<usize>pitch) << 3); // two rows' sums over 3 x 3 patches p, zero rows around
  const over5 = over3 + 2 * framed; // and over 5 x 5
  const lowest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < 3 * padded; at += 16) v128.store(columns + at, lowest);

  for (let py = 0; py < height; py++)
    for (let step = 0; step < width + 2; step += 2) {
      if (step < width) sumAlongY(gram, height, width, pitch, py, step, inverseP, inverseQ, rows, columns, zeros, ring);
      const px = step - 2; // the windows of px and px + 1 are in the ring now
      if (px < 0) continue;
      sumAlongX(ring, zeros, padded, width, px, over3, over5, framed);
      const p = ((<usize>(py * width + px)) << 2);
      const next = px + 1 < width ? p + 4 : p; // beyond an odd width: the same row once more, with no say
      const silent = px + 1 < width ? 0 : 1;
      maxima3(over3, framed, height, pitch, inverseP + plane, p, next, silent, inverseQ + padded, rows + plane, columns + padded);
      maxima5(
        over5, framed, height, pitch, inverseP + 2 * plane, p, next, silent, inverseQ + 2 * padded, rows + 2 * plane, columns + 2 * padded,
      );
    }
}

/** Rows (py, px) and (py, px + 1) of the Gram matrix: their maxima, and into the ring their sums over three and five py. */
function sumAlongY(
  gram: usize, height: i32, width: i32, pitch: i32, py: i32, px: i32,
  inverseP: usize, inverseQ: usize, rows: usize, columns: usize, zeros: usize, ring: usize,
): void {
  const rowBytes = (<usize>(height * width)) << 2;
  const slab = <usize>width * rowBytes;
  const padded = (<usize>(height * pitch)) << 2;
  const pitchBytes = (<usize>pitch) << 2, widthBytes = (<usize>width) << 2;
  const whole = widthBytes & ~15;
  const mask = firstLanes(width & 3);
  const p = py * width + px;
  const second = px + 1 < width ? rowBytes : 0; // beyond an odd width: the first row again, into a slot that nobody reads
  const g = gram + <usize>p * rowBytes;
  const isUp1 = py >= 1, isUp2 = py >= 2, isDown1 = py + 1 < height, isDown2 = py + 2 < height;
  const up1 = isUp1 ? g - slab : zeros, up2 = isUp2 ? g - 2 * slab : zeros;
  const down1 = isDown1 ? g + slab : zeros, down2 = isDown2 ? g + 2 * slab : zeros;
  const up1b = isUp1 ? up1 + second : zeros, up2b = isUp2 ? up2 + second : zeros;
  const down1b = isDown1 ? down1 + second : zeros, down2b = isDown2 ? down2 + second : zeros;
  const sums = ring + <usize>((px % SLOTS) * 2) * padded; // px is even and SLOTS too: the next slot follows
  const at = inverseP + ((<usize>p) << 2);
  const inverse = splat(at), inverseB = splat(second ? at + 4 : at);
  let best = f32x4.splat(-Infinity), bestB = best;
  let from: usize = 0;
  for (let line: usize = 0; line < padded; line += pitchBytes) {
    for (let x: usize = 0; x < widthBytes; x += 16) {
      const s = from + x, d = line + x;
      const lengths = load4(inverseQ + d);
      const v = load4(g + s), w = load4(g + second + s);
      best = largest(best, mul(v, lengths));
      bestB = largest(bestB, mul(w, lengths));
      raise(columns + d, largest(mul(v, inverse), mul(w, inverseB)));
      let v3 = add(v, add(load4(up1 + s), load4(down1 + s)));
      let w3 = add(w, add(load4(up1b + s), load4(down1b + s)));
      let v5 = add(v3, add(load4(up2 + s), load4(down2 + s)));
      let w5 = add(w3, add(load4(up2b + s), load4(down2b + s)));
      if (x >= whole) {
        v3 = v128.and(mask, v3);
        w3 = v128.and(mask, w3);
        v5 = v128.and(mask, v5);
        w5 = v128.and(mask, w5);
      }
      v128.store(sums + d, v3);
      v128.store(sums + padded + d, v5);
      v128.store(sums + 2 * padded + d, w3);
      v128.store(sums + 3 * padded + d, w5);
    }
    from += widthBytes;
  }
  const out = rows + ((<usize>p) << 2);
  store<f32>(out, largestLane(best));
  store<f32>(second ? out + 4 : out, largestLane(bestB));
}

/** Sums along px for the windows around px and px + 1, which share all but their ends. */
function sumAlongX(
  ring: usize, zeros: usize, padded: usize, width: i32, px: i32, over3: usize, over5: usize, framed: usize,
): void {
  const m1 = slot(ring, zeros, padded, width, px - 1), here = slot(ring, zeros, padded, width, px);
  const p1 = slot(ring, zeros, padded, width, px + 1), p2 = slot(ring, zeros, padded, width, px + 2);
  // Of a row that is not there, both sums are the zeros.
  const m1b = m1 === zeros ? zeros : m1 + padded, hereB = here + padded;
  const p1b = p1 === zeros ? zeros : p1 + padded, p2b = p2 === zeros ? zeros : p2 + padded;
  const m2 = slot(ring, zeros, padded, width, px - 2), p3 = slot(ring, zeros, padded, width, px + 3);
  const m2b = m2 === zeros ? zeros : m2 + padded, p3b = p3 === zeros ? zeros : p3 + padded;
  for (let d: usize = 0; d < padded; d += 16) {
    const middle3 = add(load4(here + d), load4(p1 + d));
    v128.store(over3 + d, add(middle3, load4(m1 + d)));
    v128.store(over3 + framed + d, add(middle3, load4(p2 + d)));
    const middle5 = add(add(load4(m1b + d), load4(hereB + d)), add(load4(p1b + d), load4(p2b + d)));
    v128.store(over5 + d, add(middle5, load4(m2b + d)));
    v128.store(over5 + framed + d, add(middle5, load4(p3b + d)));
  }
}

@inline function slot(ring: usize, zeros: usize, padded: usize, width: i32, px: i32): usize {
  return px >= 0 && px < width ? ring + <usize>((px % SLOTS) * 2) * padded : zeros;
}

/** Degree 3: sums along qx and qy of two rows, down each column of four floats, and their maxima. */
function maxima3(
  sums: usize, framed: usize, height: i32, pitch: i32, inverseP: usize, p: usize, next: usize, silent: i32,
  inverseQ: usize, rows: usize, columns: usize,
): void {
  const pitchBytes = (<usize>pitch) << 2;
  const padded = <usize>height * pitchBytes;
  const inverse = splat(inverseP + p), inverseB = silent ? inverse : splat(inverseP + next);
  let best = f32x4.splat(-Infinity), bestB = best;
  for (let x: usize = 0; x < pitchBytes; x += 16) {
    let here = three(sums + x), hereB = three(sums + framed + x);
    let pair = here, pairB = hereB; // of the row above and this one
    for (let d = x; d < padded; d += pitchBytes) {
      const below = three(sums + d + pitchBytes), belowB = three(sums + framed + d + pitchBytes);
      const sum = add(pair, below), sumB = add(pairB, belowB);
      const lengths = load4(inverseQ + d);
      best = largest(best, mul(sum, lengths));
      bestB = largest(bestB, mul(sumB, lengths));
      raise(columns + d, silent ? mul(sum, inverse) : largest(mul(sum, inverse), mul(sumB, inverseB)));
      pair = add(here, below);
      pairB = add(hereB, belowB);
      here = below;
      hereB = belowB;
    }
  }
  store<f32>(rows + p, largestLane(best));
  if (!silent) store<f32>(rows + next, largestLane(bestB));
}

/** Degree 5, likewise. */
function maxima5(
  sums: usize, framed: usize, height: i32, pitch: i32, inverseP: usize, p: usize, next: usize, silent: i32,
  inverseQ: usize, rows: usize, columns: usize,
): void {
  const pitchBytes = (<usize>pitch) << 2;
  const padded = <usize>height * pitchBytes;
  const inverse = splat(inverseP + p), inverseB = silent ? inverse : splat(inverseP + next);
  let best = f32x4.splat(-Infinity), bestB = best;
  for (let x: usize = 0; x < pitchBytes; x += 16) {
    const first = five(sums + x), firstB = five(sums + framed + x);
    let below = five(sums + x + pitchBytes), belowB = five(sums + framed + x + pitchBytes);
    // Sums of two neighbouring rows: the two above, the one above with this one, this one with the one below.
    let above = f32x4.splat(0), aboveB = above;
    let upper = first, upperB = firstB;
    let lower = add(first, below), lowerB = add(firstB, belowB);
    for (let d = x; d < padded; d += pitchBytes) {
      const last = five(sums + d + 2 * pitchBytes), lastB = five(sums + framed + d + 2 * pitchBytes);
      const sum = add(add(above, lower), last), sumB = add(add(aboveB, lowerB), lastB);
      const lengths = load4(inverseQ + d);
      best = largest(best, mul(sum, lengths));
      bestB = largest(bestB, mul(sumB, lengths));
      raise(columns + d, silent ? mul(sum, inverse) : largest(mul(sum, inverse), mul(sumB, inverseB)));
      above = upper;
      aboveB = upperB;
      upper = lower;
      upperB = lowerB;
      lower = add(below, last);
      lowerB = add(belowB, lastB);
      below = last;
      belowB = lastB;
    }
  }
  store<f32>(rows + p, largestLane(best));
  if (!silent) store<f32>(rows + next, largestLane(bestB));
}
