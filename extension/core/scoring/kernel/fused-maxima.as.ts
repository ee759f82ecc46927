// Degrees 1, 3 and 5 in one pass over the Gram matrix of a pair (SPEC 10).
//
// The Gram matrix of r x r sums is a 4-D box filter of the Gram matrix of the patches: 2-D over the rows' patch p = (py, px), 2-D over
// the columns' patch q = (qy, qx). Two py and two px of it at a time, because neighbours share most of their sums and all of their
// columns: sums along py (of three and of five rows) into a ring of six px, then along px, then along qx and qy; times the inverse
// lengths; largest value per row and per column.
//
// Rows are padded from `width` to `pitch` floats per grid row (a multiple of 4, at least 2 zeros behind each), so that sums along qx find
// zeros outside the grid. Addresses and sizes are bytes. Pointers are moved along instead of indexed, and neighbours lie at constant
// offsets: there are few registers.

import { add, firstLanes, largest, largestLane, load4, mul, raise, splat } from './lanes.as';

const SLOTS = 6; // of the ring: the windows of two neighbouring px
/** A ring's slot holds, for every four q: sums over three and five rows around py, then around py + 1. */
const GROUP: usize = 64;

@inline function slotBytes(padded: usize): usize { return 4 * padded + GROUP; } // a group of zeros behind: sums along px take two at a time

/** Scratch bytes that `fusedMaxima` needs, all zero before its first call (it keeps the zeros it relies on). */
export function fusedScratch(height: i32, width: i32, pitch: i32): i32 {
  return <i32>((SLOTS + 1) * slotBytes(<usize>(height * pitch) << 2)) + 16 * (height + 4) * pitch + 64;
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
  const ring = zeros + slotBytes(padded);
  const over3 = ring + SLOTS * slotBytes(padded) + 16 + ((<usize>pitch) << 3); // two rows' sums over 3 x 3 patches p, zero rows around
  const over5 = over3 + 2 * framed; // and over 5 x 5
  const lowest = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < 3 * padded; at += 16) v128.store(columns + at, lowest);

  for (let py = 0; py < height; py += 2)
    for (let step = 0; step < width + 2; step += 2) {
      for (let x = step; x < min(width, step + 2); x++)
        sumAlongY(gram, height, width, pitch, py, x, inverseP, inverseQ, rows, columns, zeros, ring + <usize>(x % SLOTS) * slotBytes(padded));
      const px = step - 2; // the windows of px and px + 1 are in the ring now
      if (px < 0) continue;
      for (let y = 0; y < min(2, height - py); y++) {
        sumAlongX(ring, zeros, padded, width, px, (<usize>y) << 5, over3, over5, framed);
        const p = (<usize>((py + y) * width + px)) << 2;
        const both = px + 1 < width;
        maxima3(over3, framed, height, width, pitch, inverseP + plane, p, both, inverseQ + padded, rows + plane, columns + padded);
        maxima5(over5, framed, height, width, pitch, inverseP + 2 * plane, p, both, inverseQ + 2 * padded, rows + 2 * plane, columns + 2 * padded);
      }
    }
}

/** Rows (py, px) and (py + 1, px) of the Gram matrix: their maxima, and into the ring's slot their sums over three and five py. */
function sumAlongY(
  gram: usize, height: i32, width: i32, pitch: i32, py: i32, px: i32,
  inverseP: usize, inverseQ: usize, rows: usize, columns: usize, zeros: usize, slot: usize,
): void {
  const slab = (<usize>(width * height * width)) << 2;
  const widthBytes = (<usize>width) << 2, pitchBytes = (<usize>pitch) << 2;
  const whole = widthBytes & ~15;
  const padding = (pitchBytes - ((widthBytes + 15) & ~15)) << 2; // of a slot, behind a grid row
  const mask = firstLanes(width & 3);
  const p = py * width + px;
  const both = py + 1 < height;
  let r2 = gram + <usize>p * ((<usize>(height * width)) << 2); // row (py, px)
  let r0 = py >= 2 ? r2 - 2 * slab : zeros, r1 = py >= 1 ? r2 - slab : zeros;
  let r3 = both ? r2 + slab : zeros, r4 = py + 2 < height ? r2 + 2 * slab : zeros, r5 = py + 3 < height ? r2 + 3 * slab : zeros;
  const at = inverseP + ((<usize>p) << 2);
  const inverse = splat(at), inverseB = both ? splat(at + widthBytes) : f32x4.splat(NaN); // a row that is not there has no say
  let best = f32x4.splat(-Infinity), bestB = best;
  let lengths = inverseQ, column = columns, to = slot;
  const end = inverseQ + ((<usize>(height * pitch)) << 2);
  while (lengths < end) {
    for (let x: usize = 0; x < widthBytes; x += 16) {
      const v = load4(r2 + x), w = load4(r3 + x), l = load4(lengths + x);
      best = largest(best, mul(v, l));
      bestB = largest(bestB, mul(w, l));
      raise(column + x, largest(mul(v, inverse), mul(w, inverseB)));
      const middle = add(v, w), below = load4(r4 + x);
      let v3 = add(load4(r1 + x), middle), w3 = add(middle, below);
      const four = add(v3, below);
      let v5 = add(load4(r0 + x), four), w5 = add(four, load4(r5 + x));
      if (x >= whole) {
        v3 = v128.and(mask, v3);
        v5 = v128.and(mask, v5);
        w3 = v128.and(mask, w3);
        w5 = v128.and(mask, w5);
      }
      v128.store(to, v3);
      v128.store(to, v5, 16);
      v128.store(to, w3, 32);
      v128.store(to, w5, 48);
      to += GROUP;
    }
    r0 += widthBytes; r1 += widthBytes; r2 += widthBytes; r3 += widthBytes; r4 += widthBytes; r5 += widthBytes;
    lengths += pitchBytes;
    column += pitchBytes;
    to += padding;
  }
  const out = rows + ((<usize>p) << 2);
  store<f32>(out, largestLane(best));
  if (both) store<f32>(out + widthBytes, largestLane(bestB));
}

/** Sums along px for the windows around px and px + 1, which share all but their ends. `row`: 0 or 32, py's or py + 1's part of the slots. */
function sumAlongX(
  ring: usize, zeros: usize, padded: usize, width: i32, px: i32, row: usize, over3: usize, over5: usize, framed: usize,
): void {
  let m2 = slot(ring, zeros, padded, width, px - 2) + row, m1 = slot(ring, zeros, padded, width, px - 1) + row;
  let here = slot(ring, zeros, padded, width, px) + row, p1 = slot(ring, zeros, padded, width, px + 1) + row;
  let p2 = slot(ring, zeros, padded, width, px + 2) + row, p3 = slot(ring, zeros, padded, width, px + 3) + row;
  let over3b = over3 + framed, over5b = over5 + framed;
  const end = over3 + padded;
  while (over3 < end) {
    let middle = add(load4(here), load4(p1));
    v128.store(over3, add(middle, load4(m1)));
    v128.store(over3b, add(middle, load4(p2)));
    middle = add(add(v128.load(m1, 16), v128.load(here, 16)), add(v128.load(p1, 16), v128.load(p2, 16)));
    v128.store(over5, add(middle, v128.load(m2, 16)));
    v128.store(over5b, add(middle, v128.load(p3, 16)));
    middle = add(v128.load(here, 64), v128.load(p1, 64));
    v128.store(over3, add(middle, v128.load(m1, 64)), 16);
    v128.store(over3b, add(middle, v128.load(p2, 64)), 16);
    middle = add(add(v128.load(m1, 80), v128.load(here, 80)), add(v128.load(p1, 80), v128.load(p2, 80)));
    v128.store(over5, add(middle, v128.load(m2, 80)), 16);
    v128.store(over5b, add(middle, v128.load(p3, 80)), 16);
    m2 += 2 * GROUP; m1 += 2 * GROUP; here += 2 * GROUP; p1 += 2 * GROUP; p2 += 2 * GROUP; p3 += 2 * GROUP;
    over3 += 32; over3b += 32; over5 += 32; over5b += 32;
  }
}

@inline function slot(ring: usize, zeros: usize, padded: usize, width: i32, px: i32): usize {
  return px >= 0 && px < width ? ring + <usize>(px % SLOTS) * slotBytes(padded) : zeros;
}

/** Sum of three neighbours along qx, from the left one's address on. */
@inline function three(left: usize): v128 {
  return add(v128.load(left, 4), add(v128.load(left), v128.load(left, 8)));
}

@inline function five(left: usize): v128 {
  return add(
    add(v128.load(left, 8), add(v128.load(left, 4), v128.load(left, 12))),
    add(v128.load(left), v128.load(left, 16)),
  );
}

/** Degree 3, rows p and p + 1 (if there are `both`): sums along qx and qy, times the inverse lengths, maxima. */
function maxima3(
  sums: usize, framed: usize, height: i32, width: i32, pitch: i32, inverseP: usize, p: usize, both: bool,
  inverseQ: usize, rows: usize, columns: usize,
): void {
  const widthBytes = (<usize>width) << 2, pitchBytes = (<usize>pitch) << 2;
  const inverse = splat(inverseP + p), inverseB = both ? splat(inverseP + p + 4) : f32x4.splat(NaN);
  let best = f32x4.splat(-Infinity), bestB = best;
  for (let x: usize = 0; x < widthBytes; x += 16) {
    let at = sums + x - 4, atB = at + framed;
    let lengths = inverseQ + x, column = columns + x;
    let here = three(at), hereB = three(atB);
    let pair = here, pairB = hereB; // of the row above and this one
    for (let y = 0; y < height; y++) {
      at += pitchBytes;
      atB += pitchBytes;
      const below = three(at), belowB = three(atB), l = load4(lengths);
      const sum = add(pair, below), sumB = add(pairB, belowB);
      best = largest(best, mul(sum, l));
      bestB = largest(bestB, mul(sumB, l));
      raise(column, largest(mul(sum, inverse), mul(sumB, inverseB)));
      pair = add(here, below);
      pairB = add(hereB, belowB);
      here = below;
      hereB = belowB;
      lengths += pitchBytes;
      column += pitchBytes;
    }
  }
  store<f32>(rows + p, largestLane(best));
  if (both) store<f32>(rows + p + 4, largestLane(bestB));
}

/** Degree 5, likewise. */
function maxima5(
  sums: usize, framed: usize, height: i32, width: i32, pitch: i32, inverseP: usize, p: usize, both: bool,
  inverseQ: usize, rows: usize, columns: usize,
): void {
  const widthBytes = (<usize>width) << 2, pitchBytes = (<usize>pitch) << 2;
  const inverse = splat(inverseP + p), inverseB = both ? splat(inverseP + p + 4) : f32x4.splat(NaN);
  let best = f32x4.splat(-Infinity), bestB = best;
  for (let x: usize = 0; x < widthBytes; x += 16) {
    let at = sums + x - 8, atB = at + framed;
    let lengths = inverseQ + x, column = columns + x;
    // Sums of two neighbouring rows: the two above, the one above with this one, this one with the one below.
    let above = f32x4.splat(0), aboveB = above;
    let upper = five(at), upperB = five(atB);
    at += pitchBytes;
    atB += pitchBytes;
    let below = five(at), belowB = five(atB);
    let lower = add(upper, below), lowerB = add(upperB, belowB);
    for (let y = 0; y < height; y++) {
      at += pitchBytes;
      atB += pitchBytes;
      const last = five(at), lastB = five(atB), l = load4(lengths);
      const sum = add(add(above, lower), last), sumB = add(add(aboveB, lowerB), lastB);
      best = largest(best, mul(sum, l));
      bestB = largest(bestB, mul(sumB, l));
      raise(column, largest(mul(sum, inverse), mul(sumB, inverseB)));
      above = upper;
      aboveB = upperB;
      upper = lower;
      upperB = lowerB;
      lower = add(below, last);
      lowerB = add(belowB, lastB);
      below = last;
      belowB = lastB;
      lengths += pitchBytes;
      column += pitchBytes;
    }
  }
  store<f32>(rows + p, largestLane(best));
  if (both) store<f32>(rows + p + 4, largestLane(bestB));
}
