/** A polyline: x, y, x, y, ... in millimetres. */
export type Polyline = readonly number[];

export const clamp = (x: number, low = 0, high = 1): number => Math.min(high, Math.max(low, x));

/** 0 below `from`, 1 above `to`, smooth between; reversed when `from` is larger. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** Signed distance to a rectangle with rounded corners around the origin; negative inside. */
export function roundedBox(x: number, y: number, halfWidth: number, halfHeight: number, radius: number): number {
  const dx = Math.abs(x) - halfWidth + radius;
  const dy = Math.abs(y) - halfHeight + radius;
  if (dx < 0 || dy < 0) return Math.max(dx, dy) - radius;
  return Math.sqrt(dx * dx + dy * dy) - radius; // Math.hypot takes ten times as long
}

/** Distance to a polyline, and how far along it (0..1) the nearest point is. */
export function toPolyline(x: number, y: number, line: Polyline): { distance: number; along: number } {
  let best = Infinity;
  let along = 0;
  const segments = line.length / 2 - 1;
  for (let s = 0; s < segments; s++) {
    const ax = line[s * 2];
    const ay = line[s * 2 + 1];
    const bx = line[s * 2 + 2] - ax;
    const by = line[s * 2 + 3] - ay;
    const t = clamp(((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by || 1));
    const dx = x - ax - t * bx;
    const dy = y - ay - t * by;
    const d = dx * dx + dy * dy;
    if (d < best) {
      best = d;
      along = (s + t) / segments;
    }
  }
  return { distance: Math.sqrt(best), along };
}

/** Mean over a (2 r + 1) square window, edges repeated; `width` divides the length. */
export function boxBlur(source: Float32Array, width: number, r: number): Float32Array {
  const height = source.length / width;
  return blurLines(blurLines(source, height, width, 1, width, r), width, height, width, 1, r);
}

/** Running means along `lines` lines of `length` values `step` apart. */
function blurLines(
  from: Float32Array,
  lines: number,
  length: number,
  step: number,
  lineStep: number,
  r: number,
): Float32Array {
  const out = new Float32Array(from.length);
  const weight = 1 / (2 * r + 1);
  for (let l = 0; l < lines; l++) {
    const first = l * lineStep;
    const last = first + (length - 1) * step;
    let sum = (r + 1) * from[first];
    for (let i = 1; i <= r; i++) sum += from[first + i * step];
    let ahead = first + r * step;
    let behind = first - r * step;
    for (let at = first; at <= last; at += step) {
      out[at] = sum * weight;
      ahead += step;
      sum += from[ahead > last ? last : ahead] - from[behind < first ? first : behind];
      behind += step;
    }
  }
  return out;
}
