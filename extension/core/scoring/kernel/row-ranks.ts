import type { KeptRanks } from '../kept-ranks';
import { WasmMemory, sizes, type KernelFunctions } from './wasm-memory';

/** Means and smallest distances over one image's row of distances to the other images. */
export class RowRanks {
  /** `entries` x `width` distances, written by the caller: not negative, +Infinity where there is none. */
  readonly row: Float32Array<ArrayBuffer>;
  private readonly kernel: KernelFunctions;
  private readonly memory = new WasmMemory();
  private readonly input: number;
  private readonly means: number;
  private readonly kept: number;
  private readonly scratch: number;

  /** At most `entries` images, `width` = degrees x P distances each, of which up to `kept` are listed by `smallest`. */
  constructor(
    entries: number,
    private readonly width: number,
    kept: number,
  ) {
    const stride = width * 4;
    this.input = this.memory.reserve(entries * stride + 64); // 16 at a time are read
    this.means = this.memory.reserve((width + 16) * 8);
    this.kept = this.memory.reserve(kept * stride);
    this.scratch = this.memory.reserve(sizes().keptScratch(entries));
    this.kernel = this.memory.start();
    this.row = this.memory.floats(this.input, entries * width);
  }

  /** Mean of the kept ranks over the first `entries` images: `width` float64. */
  mean(entries: number, { first, end }: KeptRanks): Float64Array {
    this.kernel.keptMeans(this.input, entries, this.width * 4, this.width, first, end, this.means, this.scratch);
    return this.memory.doubles(this.means, this.width);
  }

  /** The `count` smallest over the first `entries` images, in any order: count x width. */
  smallest(entries: number, count: number): Float32Array {
    this.kernel.keptSmallest(this.input, entries, this.width * 4, this.width, count, this.kept, this.scratch);
    return this.memory.floats(this.kept, count * this.width);
  }
}
