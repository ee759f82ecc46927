import type { Random } from './random';

/** Side of a noise tile, texels; a power of two. */
const SIDE = 256;

/** Smooth noise about -1..1 that repeats every 256 units. */
export class Noise {
  private readonly tile: Float32Array;

  /** `octaves` of halving size and weight on top of each other, the coarsest with cells of `cell` units (a power of two). */
  constructor(random: Random, cell: number, octaves: number) {
    this.tile = new Float32Array(SIDE * SIDE);
    let weight = 1;
    for (let o = 0, step = cell; o < octaves && step >= 1; o++, step /= 2, weight /= 2) this.add(random, step, weight);
  }

  private add(random: Random, step: number, weight: number): void {
    const side = SIDE / step;
    const lattice = Float32Array.from({ length: side * side }, () => random.normal() * weight * 0.5);
    const smooth = (t: number) => t * t * (3 - 2 * t);
    for (let y = 0; y < SIDE; y++) {
      const v = smooth((y % step) / step);
      const top = Math.floor(y / step) * side;
      const bottom = ((Math.floor(y / step) + 1) % side) * side;
      for (let x = 0; x < SIDE; x++) {
        const u = smooth((x % step) / step);
        const left = Math.floor(x / step);
        const right = (left + 1) % side;
        const a = lattice[top + left] * (1 - u) + lattice[top + right] * u;
        const b = lattice[bottom + left] * (1 - u) + lattice[bottom + right] * u;
        this.tile[y * SIDE + x] += a * (1 - v) + b * v;
      }
    }
  }

  /** Value at a position, bilinear between texels. */
  at(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const x0 = left & (SIDE - 1);
    const x1 = (left + 1) & (SIDE - 1);
    const y0 = (top & (SIDE - 1)) * SIDE;
    const y1 = ((top + 1) & (SIDE - 1)) * SIDE;
    const { tile } = this;
    return (tile[y0 + x0] * (1 - u) + tile[y0 + x1] * u) * (1 - v) + (tile[y1 + x0] * (1 - u) + tile[y1 + x1] * u) * v;
  }
}
