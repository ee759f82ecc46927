// The k-th smallest of n distances, 16 patches at a time, by bisection over the bits of non-negative floats (their order is that of the
// integers). Sums of float32 distances are exact in float64 (SPEC 4: distances are 0 or at least 2^-12, at most 2), so they depend neither
// on the order of the images nor on which of several equal distances is taken.

const LINE: usize = 64; // bytes of 16 floats

/** Scratch bytes for n distances per patch. */
export function keptScratch(n: i32): i32 { return n * 64 + 512; }

/** Copies 16 neighbouring patches' distances to n images side by side. */
function gather(source: usize, n: i32, stride: usize, lines: usize): void {
  for (let j = 0; j < n; j++) {
    const from = source + <usize>j * stride, to = lines + <usize>j * LINE;
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}

/** The rank-th smallest (from 1) of each of four lanes. */
function nth(lines: usize, n: i32, rank: i32): v128 {
  let low = i32x4.splat(0), high = i32x4.splat(0x7f800000);
  const wanted = i32x4.splat(rank);
  while (v128.any_true(i32x4.lt_s(low, high))) {
    const middle = i32x4.add(low, i32x4.shr_s(i32x4.sub(high, low), 1));
    let count = i32x4.splat(0);
    for (let j = 0, at = lines; j < n; j++, at += LINE) count = i32x4.sub(count, i32x4.le_s(v128.load(at), middle));
    const enough = i32x4.ge_s(count, wanted);
    high = v128.bitselect(middle, high, enough);
    low = v128.bitselect(low, i32x4.add(middle, i32x4.splat(1)), enough);
  }
  return low;
}

/** Sum of the `rank` smallest of each of four lanes, as float64, written to `out`. */
function sumSmallest(lines: usize, n: i32, rank: i32, out: usize): void {
  if (rank === 0) {
    v128.store(out, f64x2.splat(0));
    v128.store(out, f64x2.splat(0), 16);
    return;
  }
  const limit = nth(lines, n, rank);
  let count = i32x4.splat(0), low = f64x2.splat(0), high = f64x2.splat(0);
  for (let j = 0, at = lines; j < n; j++, at += LINE) {
    const v = v128.load(at);
    const below = i32x4.lt_s(v, limit);
    const kept = v128.and(v, below);
    count = i32x4.sub(count, below);
    low = f64x2.add(low, f64x2.promote_low_f32x4(kept));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i8x16.shuffle(kept, kept, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)));
  }
  const equal = i32x4.sub(i32x4.splat(rank), count);
  const equalHigh = i8x16.shuffle(equal, equal, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  const limitHigh = i8x16.shuffle(limit, limit, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v128.store(out, f64x2.add(low, f64x2.mul(f64x2.convert_low_i32x4_s(equal), f64x2.promote_low_f32x4(limit))));
  v128.store(out, f64x2.add(high, f64x2.mul(f64x2.convert_low_i32x4_s(equalHigh), f64x2.promote_low_f32x4(limitHigh))), 16);
}

/**
 * distances: n rows of at least `count` floats, `stride` bytes apart, readable to the next multiple of 16 floats; not negative, absent
 * ones +Infinity. out: `count` float64 (room for the next multiple of 16): mean of the ranks [first, end) of each column.
 */
export function keptMeans(
  distances: usize, n: i32, stride: usize, count: i32, first: i32, end: i32, out: usize, scratch: usize,
): void {
  const lines = scratch + 256;
  const kept = f64x2.splat(<f64>(end - first));
  for (let p = 0; p < count; p += 16) {
    gather(distances + ((<usize>p) << 2), n, stride, lines);
    for (let lane: usize = 0; lane < 4; lane++) {
      const sums = scratch, skipped = scratch + 32;
      sumSmallest(lines + (lane << 4), n, end, sums);
      sumSmallest(lines + (lane << 4), n, first, skipped);
      const to = out + ((<usize>p) << 3) + (lane << 5);
      v128.store(to, f64x2.div(f64x2.sub(v128.load(sums), v128.load(skipped)), kept));
      v128.store(to, f64x2.div(f64x2.sub(v128.load(sums, 16), v128.load(skipped, 16)), kept), 16);
    }
  }
}

/** The `kept` smallest of each column in any order: out is kept x count floats. Other parameters as for keptMeans. */
export function keptSmallest(
  distances: usize, n: i32, stride: usize, count: i32, kept: i32, out: usize, scratch: usize,
): void {
  const lines = scratch + 256;
  const outStride = (<usize>count) << 2;
  for (let p = 0; p < count; p += 16) {
    gather(distances + ((<usize>p) << 2), n, stride, lines);
    for (let lane: usize = 0; lane < 4; lane++) v128.store(scratch + (lane << 4), nth(lines + (lane << 4), n, kept));
    for (let lane = 0; lane < 16 && p + lane < count; lane++) {
      const limit = load<i32>(scratch + ((<usize>lane) << 2));
      const column = lines + ((<usize>lane) << 2);
      let to = out + ((<usize>(p + lane)) << 2);
      let left = kept;
      for (let j = 0; j < n; j++) {
        const v = load<i32>(column + <usize>j * LINE);
        if (v < limit) {
          store<i32>(to, v);
          to += outStride;
          left--;
        }
      }
      for (; left > 0; left--, to += outStride) store<i32>(to, limit);
    }
  }
}
