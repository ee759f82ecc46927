/** A map of patch scores: row-major, height x width. */
export interface PatchMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The map at fractions (u, v) of the picture's width and height, 0..1: bilinear with align_corners, as the metrics see it
 * (corner patches lie on the picture's corners).
 */
export function sampleAt({ data, width, height }: PatchMap, u: number, v: number): number {
  const x = Math.min(Math.max(u, 0), 1) * (width - 1);
  const y = Math.min(Math.max(v, 0), 1) * (height - 1);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const right = Math.min(left + 1, width - 1);
  const bottom = Math.min(top + 1, height - 1);
  const [fx, fy] = [x - left, y - top];
  const upper = data[top * width + left] * (1 - fx) + data[top * width + right] * fx;
  const lower = data[bottom * width + left] * (1 - fx) + data[bottom * width + right] * fx;
  return upper * (1 - fy) + lower * fy;
}

/** The map resized to width x height, bilinear with align_corners. */
export function resized(map: PatchMap, width: number, height: number): PatchMap {
  const data = new Float32Array(width * height);
  const columns = axis(map.width, width);
  const rows = axis(map.height, height);
  for (let y = 0; y < height; y++) {
    const top = rows.low[y] * map.width;
    const bottom = Math.min(rows.low[y] + 1, map.height - 1) * map.width;
    const fy = rows.part[y];
    for (let x = 0; x < width; x++) {
      const left = columns.low[x];
      const right = Math.min(left + 1, map.width - 1);
      const fx = columns.part[x];
      const upper = map.data[top + left] + (map.data[top + right] - map.data[top + left]) * fx;
      const lower = map.data[bottom + left] + (map.data[bottom + right] - map.data[bottom + left]) * fx;
      data[y * width + x] = upper + (lower - upper) * fy;
    }
  }
  return { data, width, height };
}

function axis(from: number, to: number) {
  const low = new Int32Array(to);
  const part = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    low[i] = Math.min(Math.floor(at), from - 1);
    part[i] = at - low[i];
  }
  return { low, part };
}

/** The patch nearest to fractions (u, v) of the picture. */
export function patchAt({ width, height }: Pick<PatchMap, 'width' | 'height'>, u: number, v: number) {
  const nearest = (f: number, n: number) => Math.round(Math.min(Math.max(f, 0), 1) * (n - 1));
  return { row: nearest(v, height), column: nearest(u, width) };
}

/** Fractions of the picture where a patch has its weight (align_corners). */
export function patchCentre({ width, height }: Pick<PatchMap, 'width' | 'height'>, row: number, column: number) {
  return { u: width === 1 ? 0.5 : column / (width - 1), v: height === 1 ? 0.5 : row / (height - 1) };
}

/** The hottest patch; the first of equal ones. */
export function peakOf({ data, width }: PatchMap) {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return { row: Math.floor(best / width), column: best % width, value: data[best] };
}
