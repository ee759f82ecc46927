/** Regions of non-zero cells that touch at an edge or a corner, each as its cells, by flood fill. */
export function edgeOrCornerRegions(mask: ArrayLike<number>, width: number): number[][] {
  const left = Array.from(mask, (m) => m !== 0);
  const regions: number[][] = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    const region: number[] = [];
    const open = [start];
    left[start] = false;
    for (let p = open.pop(); p !== undefined; p = open.pop()) {
      region.push(p);
      const [x, y] = [p % width, Math.floor(p / width)];
      for (const [dx, dy] of [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b]))) {
        const q = (y + dy) * width + x + dx;
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || q >= left.length || !left[q]) continue;
        left[q] = false;
        open.push(q);
      }
    }
    regions.push(region);
  }
  return regions;
}
