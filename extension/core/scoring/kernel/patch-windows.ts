import { cells, type Grid } from '../../array/grid';
import { WasmMemory, type KernelFunctions } from './wasm-memory';

/** One image's features seen through r x r windows: lengths of the sums over every patch's window, and their products with other vectors. */
export class PatchWindows {
  /** P x C features of the image in question: written by the caller before anything is asked. */
  readonly features: Float32Array<ArrayBuffer>;
  private readonly kernel: KernelFunctions;
  private readonly memory = new WasmMemory();
  private readonly input: number;
  private readonly scratch: number;
  private readonly output: number;
  private readonly vectors: number;
  /** Floats from one given vector to the next. */
  private readonly pitch: number;

  /** `vectors`: at most so many for `products`. */
  constructor(
    private readonly grid: Grid,
    private readonly channels: number,
    vectors = 0,
  ) {
    const size = cells(grid) * channels;
    this.pitch = Math.ceil(channels / 4) * 4;
    this.input = this.memory.reserve(size * 4 + 16);
    this.scratch = this.memory.reserve(grid.width * channels * 4 + 16);
    this.output = this.memory.reserve(cells(grid) * Math.max(8, 4 * vectors));
    this.vectors = this.memory.reserve(vectors * this.pitch * 4);
    this.kernel = this.memory.start();
    this.features = this.memory.floats(this.input, size);
  }

  /** degrees x P float32: one over the length, 0 for a zero vector. */
  inverse(degrees: readonly number[]): Float32Array {
    const { height, width } = this.grid;
    const patches = cells(this.grid);
    const out = new Float32Array(degrees.length * patches);
    const squares = this.memory.doubles(this.output, patches);
    for (const [d, degree] of degrees.entries()) {
      this.kernel.windowSquares(this.input, height, width, this.channels, degree >> 1, this.scratch, this.output);
      for (let p = 0; p < patches; p++) out[d * patches + p] = squares[p] > 0 ? 1 / Math.sqrt(squares[p]) : 0;
    }
    return out;
  }

  /** Products of every window's sum with one vector of C values for each degree: degrees x P. Pooling is linear: sums of the patches' products. */
  products(vectors: readonly Float32Array[], degrees: readonly number[]): Float32Array {
    const patches = cells(this.grid);
    for (const [k, vector] of vectors.entries())
      this.memory.floats(this.vectors + k * this.pitch * 4, this.channels).set(vector);
    this.kernel.patchProducts(this.input, patches, this.channels, this.vectors, vectors.length, this.output);
    const plain = this.memory.floats(this.output, vectors.length * patches);
    const out = new Float32Array(plain.length);
    for (const [d, degree] of degrees.entries()) {
      const own = plain.subarray(d * patches, (d + 1) * patches);
      out.set(windowSums(own, this.grid, degree >> 1), d * patches);
    }
    return out;
  }
}

function windowSums(values: Float32Array, { height, width }: Grid, radius: number): Float32Array {
  return values.map((_, q) => {
    const [qy, qx] = [Math.floor(q / width), q % width];
    let sum = 0;
    for (let y = Math.max(0, qy - radius); y <= Math.min(height - 1, qy + radius); y++)
      for (let x = Math.max(0, qx - radius); x <= Math.min(width - 1, qx + radius); x++) sum += values[y * width + x];
    return sum;
  });
}
