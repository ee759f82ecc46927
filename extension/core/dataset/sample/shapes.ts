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
  return Math.min(Math.max(dx, dy), 0) + Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - radius;
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
    const d = Math.hypot(x - ax - t * bx, y - ay - t * by);
    if (d < best) [best, along] = [d, (s + t) / segments];
  }
  return { distance: best, along };
}

/** Mean over a (2 r + 1) square window, edges repeated; `width` divides the length. */
export function boxBlur(source: Float32Array, width: number, r: number): Float32Array {
  const pass = (from: Float32Array, lines: number, length: number, step: number, lineStep: number) => {
    const out = new Float32Array(from.length);
    for (let l = 0; l < lines; l++) {
      const base = l * lineStep;
      const at = (i: number) => from[base + clamp(i, 0, length - 1) * step];
      let sum = 0;
      for (let i = -r; i <= r; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        out[base + i * step] = sum / (2 * r + 1);
        sum += at(i + r + 1) - at(i - r);
      }
    }
    return out;
  };
  const height = source.length / width;
  return pass(pass(source, height, width, 1, width), width, height, width, 1);
}
