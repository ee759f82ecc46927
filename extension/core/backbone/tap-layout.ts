import { cells, type Grid } from '../array/grid';

/**
 * Drops the class and register tokens.
 * @param tokens n x (prefix + P) x C
 * @returns n x P x C
 */
export function dropPrefix(
  tokens: Float32Array,
  n: number,
  patches: number,
  prefix: number,
  channels: number,
): Float32Array {
  if (prefix === 0) return tokens;
  const out = new Float32Array(n * patches * channels);
  const stride = (prefix + patches) * channels;
  for (let i = 0; i < n; i++)
    out.set(tokens.subarray(i * stride + prefix * channels, (i + 1) * stride), i * patches * channels);
  return out;
}

/**
 * Pictures first.
 * @param tokens T x n x C
 * @returns n x T x C
 */
export function sequenceLast(tokens: Float32Array, n: number, count: number, channels: number): Float32Array {
  if (n === 1) return tokens;
  const out = new Float32Array(tokens.length);
  for (let t = 0; t < count; t++)
    for (let i = 0; i < n; i++)
      out.set(tokens.subarray((t * n + i) * channels, (t * n + i + 1) * channels), (i * count + t) * channels);
  return out;
}

/**
 * Channels last.
 * @param planes n x C x P
 * @returns n x P x C
 */
export function channelsLast(planes: Float32Array, n: number, channels: number, patches: number): Float32Array {
  const out = new Float32Array(planes.length);
  const block = 32; // cells of a tile: both sides of the transpose stay in cache
  for (let i = 0; i < n; i++) {
    const base = i * channels * patches;
    for (let p0 = 0; p0 < patches; p0 += block) {
      const p1 = Math.min(patches, p0 + block);
      for (let c = 0; c < channels; c++) {
        const row = base + c * patches;
        for (let p = p0; p < p1; p++) out[base + p * channels + c] = planes[row + p];
      }
    }
  }
  return out;
}

/** Bilinear neighbours along one axis, align_corners = false, no antialias, as PyTorch's interpolate. */
function axis(from: number, to: number): { low: Int32Array; high: Int32Array; part: Float32Array } {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const part = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const source = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    low[i] = Math.min(from - 1, Math.floor(source));
    high[i] = Math.min(from - 1, low[i] + 1);
    part[i] = source - low[i];
  }
  return { low, high, part };
}

/**
 * Patches resized bilinearly (align_corners = false) to another grid (SPEC 2, convolutional backbones).
 * @param patches n x P x C on `from`
 * @returns n x P' x C on `to`
 */
export function resizePatches(patches: Float32Array, n: number, channels: number, from: Grid, to: Grid): Float32Array {
  if (from.height === to.height && from.width === to.width) return patches;
  const y = axis(from.height, to.height);
  const x = axis(from.width, to.width);
  const out = new Float32Array(n * cells(to) * channels);
  let o = 0;
  for (let i = 0; i < n; i++) {
    const image = i * cells(from);
    for (let r = 0; r < to.height; r++) {
      const top = image + y.low[r] * from.width;
      const bottom = image + y.high[r] * from.width;
      const v = y.part[r];
      for (let s = 0; s < to.width; s++) {
        const u = x.part[s];
        const a = (top + x.low[s]) * channels;
        const b = (top + x.high[s]) * channels;
        const c = (bottom + x.low[s]) * channels;
        const d = (bottom + x.high[s]) * channels;
        for (let k = 0; k < channels; k++) {
          const upper = patches[a + k] * (1 - u) + patches[b + k] * u;
          const lower = patches[c + k] * (1 - u) + patches[d + k] * u;
          out[o++] = upper * (1 - v) + lower * v;
        }
      }
    }
  }
  return out;
}

/** Where a token sequence's patches are: `prefix` tokens, then `grid` row-major. */
export interface TokenLayout {
  readonly prefix: number;
  readonly grid: Grid;
}

const MOST_PREFIX_TOKENS = 17; // class token and up to 16 registers

/**
 * The patch grid of a sequence of `tokens` tokens for a picture of `size`: square patches that divide both sides, behind
 * as few class and register tokens as possible. Null: no such grid.
 */
export function tokenLayout(tokens: number, size: Grid): TokenLayout | null {
  for (let prefix = 0; prefix <= MOST_PREFIX_TOKENS && prefix < tokens; prefix++) {
    const patch = Math.round(Math.sqrt(cells(size) / (tokens - prefix)));
    if (patch < 1 || size.height % patch || size.width % patch) continue;
    const grid = { height: size.height / patch, width: size.width / patch };
    if (cells(grid) === tokens - prefix) return { prefix, grid };
  }
  return null;
}
