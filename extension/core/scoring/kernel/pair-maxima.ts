import { cells, type Grid } from '../../array/grid';
import { PairMemory, type Pass } from './pair-memory';
import type { WasmMemory } from './wasm-memory';

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
  private readonly memory: WasmMemory;
  private readonly passes: readonly Pass[];
  private inverseP: Float32Array = new Float32Array(0);
  private inverseQ: Float32Array = new Float32Array(0);

  constructor(
    private readonly grid: Grid,
    degrees: readonly number[],
    batch: number,
  ) {
    this.patches = cells(grid);
    const layout = new PairMemory(grid, degrees, batch);
    this.memory = layout.memory;
    this.gramAddress = layout.gram;
    this.passes = layout.start();
    this.gram = this.memory.floats(this.gramAddress, this.patches * this.patches * batch);
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
}
