import { cells, type Grid } from '../../array/grid';
import { WasmMemory, type KernelFunctions } from './wasm-memory';

/** Inverse lengths of the sums over every patch's r x r window, for several degrees. */
export class WindowLengths {
  /** P x C features of the image in question: written by the caller before `inverse`. */
  readonly features: Float32Array<ArrayBuffer>;
  private readonly kernel: KernelFunctions;
  private readonly memory = new WasmMemory();
  private readonly input: number;
  private readonly scratch: number;
  private readonly output: number;

  constructor(
    private readonly grid: Grid,
    private readonly channels: number,
  ) {
    const size = cells(grid) * channels;
    this.input = this.memory.reserve(size * 4 + 16);
    this.scratch = this.memory.reserve(grid.width * channels * 4 + 16);
    this.output = this.memory.reserve(cells(grid) * 8);
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
}
