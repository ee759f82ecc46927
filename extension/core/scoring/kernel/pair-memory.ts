import { cells, type Grid } from '../../array/grid';
import { sizes, WasmMemory, type KernelFunctions } from './wasm-memory';

/** One pass over a Gram matrix that yields the maxima of one or several degrees. */
export interface Pass {
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

/** Where everything lies that the maxima of a pair need; the passes are there once the memory is started. */
export class PairMemory {
  readonly memory = new WasmMemory();
  /** Address of `batch` Gram matrices one after another, each P x P floats. */
  readonly gram: number;
  private readonly patches: number;
  private readonly plans: readonly ((kernel: KernelFunctions) => Pass)[];

  constructor(
    private readonly grid: Grid,
    degrees: readonly number[],
    batch: number,
  ) {
    this.patches = cells(grid);
    this.gram = this.memory.reserve((this.patches * this.patches * batch + 16) * 4); // rows are read four at a time, beyond the last one's end
    this.plans = this.planPasses(degrees);
  }

  start(): readonly Pass[] {
    const kernel = this.memory.start();
    return this.plans.map((plan) => plan(kernel));
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
