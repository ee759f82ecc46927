import { cells, type Grid } from '../../array/grid';
import { sizes, WasmMemory, type KernelFunctions } from './wasm-memory';

/** One pass over a Gram matrix that yields the maxima of one or several degrees. */
interface Pass {
  /** Position in the degree list of each degree the pass yields, -1: not asked for. */
  readonly positions: readonly number[];
  /** Floats per grid row in padded arrays. */
  readonly pitch: number;
  readonly inverseP: number;
  readonly inverseQ: number;
  readonly rows: number;
  readonly columns: number;
  run(gram: number): void;
}

const FUSED = [1, 3, 5];

/**
 * Similarities of all patches of two images, for all degrees, from the Gram matrix of their layer-normed features: for every patch the
 * cosine to the most similar patch of the other image (SPEC 4, 10). Arithmetic in float32.
 */
export class PairMaxima {
  /** `batch` Gram matrices one after another, each P x P: written by the caller. */
  readonly gram: Float32Array<ArrayBuffer>;
  /** Cosines of the rows' image, degrees x P; overwritten by every `run`. */
  readonly rows: Float32Array;
  /** Cosines of the columns' image, degrees x P; overwritten by every `run`. */
  readonly columns: Float32Array;
  private readonly patches: number;
  private readonly gramAddress: number;
  private readonly memory = new WasmMemory();
  private readonly passes: readonly Pass[];
  private inverseP: Float32Array = new Float32Array(0);
  private inverseQ: Float32Array = new Float32Array(0);

  constructor(
    private readonly grid: Grid,
    degrees: readonly number[],
    batch: number,
  ) {
    this.patches = cells(grid);
    const size = this.patches * this.patches * batch;
    this.gramAddress = this.memory.reserve((size + 16) * 4); // rows are read four at a time, beyond the last one's end
    const plans = this.planPasses(degrees);
    const kernel = this.memory.start();
    this.passes = plans.map((plan) => plan(kernel));
    this.gram = this.memory.floats(this.gramAddress, size);
    this.rows = new Float32Array(degrees.length * this.patches);
    this.columns = new Float32Array(degrees.length * this.patches);
  }

  /** Inverse lengths (0: zero vector) of the rows' image: degrees x P. */
  setRows(inverse: Float32Array): void {
    this.inverseP = inverse;
    for (const pass of this.passes)
      for (const [slot, position] of pass.positions.entries())
        if (position >= 0)
          this.memory
            .floats(pass.inverseP + slot * this.patches * 4, this.patches)
            .set(inverse.subarray(position * this.patches, (position + 1) * this.patches));
  }

  /** Inverse lengths of the columns' image: degrees x P. */
  setColumns(inverse: Float32Array): void {
    this.inverseQ = inverse;
    const { height, width } = this.grid;
    for (const pass of this.passes)
      for (const [slot, position] of pass.positions.entries()) {
        if (position < 0) continue;
        const padded = this.memory.floats(pass.inverseQ + slot * height * pass.pitch * 4, height * pass.pitch);
        for (let y = 0; y < height; y++) {
          const from = position * this.patches + y * width;
          padded.set(inverse.subarray(from, from + width), y * pass.pitch);
        }
      }
  }

  /** Fills `rows` and `columns` from the `slot`-th Gram matrix. */
  run(slot: number): void {
    const { height, width } = this.grid;
    for (const pass of this.passes) {
      pass.run(this.gramAddress + slot * this.patches * this.patches * 4);
      for (const [degree, position] of pass.positions.entries()) {
        if (position < 0) continue;
        const rows = this.memory.floats(pass.rows + degree * this.patches * 4, this.patches);
        const columns = this.memory.floats(pass.columns + degree * height * pass.pitch * 4, height * pass.pitch);
        let out = position * this.patches;
        for (let y = 0, p = 0; y < height; y++)
          for (let x = 0; x < width; x++, p++, out++) {
            this.rows[out] = rows[p] * this.inverseP[out];
            this.columns[out] = columns[y * pass.pitch + x] * this.inverseQ[out];
          }
      }
    }
  }

  /** Degrees 1, 3 and 5 share one pass where two of them are asked for; every other degree has its own. */
  private planPasses(degrees: readonly number[]): ((kernel: KernelFunctions) => Pass)[] {
    const fused = degrees.filter((d) => FUSED.includes(d)).length > 1;
    const single = degrees.filter((d) => !(fused && FUSED.includes(d)));
    const plans = single.map((degree) => this.planDegree(degree >> 1, degrees.indexOf(degree)));
    return fused ? [this.planFused(FUSED.map((d) => degrees.indexOf(d))), ...plans] : plans;
  }

  private planFused(positions: readonly number[]): (kernel: KernelFunctions) => Pass {
    const { height, width } = this.grid;
    const buffers = this.reserve(3, padded(width, 2), (pitch) => sizes().fusedScratch(height, width, pitch));
    return (kernel) => ({
      ...this.markPadding(buffers, 3),
      positions,
      run: (gram) =>
        kernel.fusedMaxima(
          gram,
          height,
          width,
          buffers.pitch,
          buffers.inverseP,
          buffers.inverseQ,
          buffers.rows,
          buffers.columns,
          buffers.scratch,
        ),
    });
  }

  private planDegree(radius: number, position: number): (kernel: KernelFunctions) => Pass {
    const { height, width } = this.grid;
    const buffers = this.reserve(1, padded(width, radius), (pitch) =>
      sizes().degreeScratch(height, width, pitch, radius),
    );
    return (kernel) => ({
      ...this.markPadding(buffers, 1),
      positions: [position],
      run: (gram) =>
        kernel.degreeMaxima(
          gram,
          height,
          width,
          buffers.pitch,
          radius,
          buffers.inverseP,
          buffers.inverseQ,
          buffers.rows,
          buffers.columns,
          buffers.scratch,
        ),
    });
  }

  private reserve(degrees: number, pitch: number, scratch: (pitch: number) => number) {
    const plain = degrees * this.patches * 4;
    const wide = degrees * this.grid.height * pitch * 4;
    return {
      pitch,
      inverseP: this.memory.reserve(plain),
      inverseQ: this.memory.reserve(wide),
      rows: this.memory.reserve(plain),
      columns: this.memory.reserve(wide),
      scratch: this.memory.reserve(scratch(pitch)),
    };
  }

  /** NaN in the padding of the inverse lengths keeps it out of the maxima. */
  private markPadding<B extends { inverseQ: number; pitch: number }>(buffers: B, degrees: number): B {
    this.memory.floats(buffers.inverseQ, degrees * this.grid.height * buffers.pitch).fill(NaN);
    return buffers;
  }
}

/** `width` plus at least `zeros`, as a multiple of four. */
const padded = (width: number, zeros: number): number => Math.ceil((width + zeros) / 4) * 4;
