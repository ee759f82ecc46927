import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cells } from '../array/grid';
import { gemmGraph } from './kernel/gemm';
import { PairMaxima } from './kernel/pair-maxima';
import type { PairBatch, PairKernel, PairKernelShape } from './pair-kernel';

/**
 * The CPU's way: ONNX Runtime's matrix product writes straight into the memory of the WebAssembly pass that does the rest. One thread:
 * there is a worker per core.
 */
export class CpuPairKernel implements PairKernel {
  private readonly patches: number;
  /** The image whose lengths the pass has for the columns: it stays the same for many rows. */
  private columns: number | null = null;

  private constructor(
    private readonly session: InferenceSession,
    private readonly maxima: PairMaxima,
    shape: PairKernelShape,
  ) {
    this.patches = cells(shape.grid);
  }

  static async create(shape: PairKernelShape): Promise<CpuPairKernel> {
    const maxima = new PairMaxima(shape.grid, shape.degrees, shape.batch); // first: a session would stay where there is no memory for it
    const session = await InferenceSession.create(gemmGraph(), {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return new CpuPairKernel(session, maxima, shape);
  }

  async run(batch: PairBatch, take: (image: number, rows: Float32Array, columns: Float32Array) => void): Promise<void> {
    const { patches, maxima } = this;
    const size = batch.count * patches;
    const gram = maxima.gram.subarray(0, size * patches);
    await this.session.run(
      {
        A: new Tensor('float32', batch.rows(), [size, batch.channels]),
        B: new Tensor('float32', batch.column(), [patches, batch.channels]),
      },
      { G: new Tensor('float32', gram, [size, patches]) },
    );
    if (this.columns !== batch.other) maxima.setColumns(batch.lengths(batch.other));
    this.columns = batch.other;
    for (let index = 0; index < batch.count; index++) {
      maxima.setRows(batch.lengths(batch.first + index));
      maxima.run(index);
      take(batch.first + index, maxima.rows, maxima.columns);
    }
  }

  startTap(): void {
    this.columns = null;
  }

  close(): Promise<void> {
    return this.session.release();
  }
}
