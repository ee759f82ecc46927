// Four float32 at a time. `pmax(a, b)` is a < b ? b : a, so a NaN in b is ignored: padding is marked by NaN.

@inline export function load4(address: usize): v128 { return v128.load(address); }
@inline export function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline export function largest(a: v128, b: v128): v128 { return f32x4.pmax(a, b); }

/** Replaces the values at `address` by the larger ones of them and `v`. */
@inline export function raise(address: usize, v: v128): void {
  v128.store(address, f32x4.pmax(v128.load(address), v));
}

/** The float32 at `address`, four times. */
@inline export function splat(address: usize): v128 { return v128.load32_splat(address); }

export function largestLane(v: v128): f32 {
  const a = max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  const b = max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3));
  return max<f32>(a, b);
}

/** All ones in the first `count` lanes, 0 < count < 4: what lies behind the end of a row is not added up. */
export function firstLanes(count: i32): v128 {
  let mask = i32x4.replace_lane(i32x4.splat(0), 0, -1);
  if (count > 1) mask = i32x4.replace_lane(mask, 1, -1);
  if (count > 2) mask = i32x4.replace_lane(mask, 2, -1);
  return mask;
}
