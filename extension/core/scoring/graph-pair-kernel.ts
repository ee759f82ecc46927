import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cells } from '../array/grid';
import { sessionOptions, type Device } from '../backbone/device/provider';
import { MuscError } from '../errors';
import { pairGraph } from './kernel/pair-graph';
import type { PairBatch, PairKernel, PairKernelShape } from './pair-kernel';

/** One graph on an execution provider: the form for graphics cards. No node may fall back to the CPU. */
export class GraphPairKernel implements PairKernel {
  private readonly patches: number;

  private constructor(
    private readonly session: InferenceSession,
    private readonly shape: PairKernelShape,
  ) {
    this.patches = cells(shape.grid);
  }

  /** Throws DEVICE_FAILED where the device does not start or can't take every node. */
  static async create(shape: PairKernelShape, device: Device): Promise<GraphPairKernel> {
    const options = sessionOptions(device, 1, null);
    const extra = (options.extra ?? {}) as { session?: Record<string, unknown> };
    const everythingOnDevice =
      device === 'cpu' ? extra : { ...extra, session: { ...extra.session, disable_cpu_ep_fallback: '1' } };
    try {
      const graph = pairGraph(shape.grid, shape.degrees);
      return new GraphPairKernel(
        await InferenceSession.create(graph, { ...options, extra: everythingOnDevice }),
        shape,
      );
    } catch (cause) {
      throw new MuscError('DEVICE_FAILED', `mutual scoring does not start on ${device}`, { cause });
    }
  }

  async run(batch: PairBatch, take: (index: number, rows: Float32Array, columns: Float32Array) => void): Promise<void> {
    const { patches } = this;
    const { degrees } = this.shape;
    const { count, channels } = batch;
    const feeds: Record<string, Tensor> = {
      A: new Tensor('float32', batch.rows, [count * patches, channels]),
      B: new Tensor('float32', batch.column, [patches, channels]),
    };
    for (const [d, r] of degrees.entries()) {
      const a = new Float32Array(count * patches);
      for (let index = 0; index < count; index++) a.set(this.ofMean(batch.rowLengths(index), d), index * patches);
      feeds[`a${r}`] = new Tensor('float32', a, [count, 1, patches]);
      feeds[`b${r}`] = new Tensor('float32', this.ofMean(batch.columnLengths, d), [1, patches, 1]);
    }
    const results = await this.session.run(feeds).catch((cause: unknown) => {
      throw new MuscError('DEVICE_FAILED', 'mutual scoring failed on the device', { cause });
    });
    const rows = new Float32Array(degrees.length * patches);
    const columns = new Float32Array(degrees.length * patches);
    for (let index = 0; index < count; index++) {
      for (const [d, r] of degrees.entries()) {
        const a = feeds[`a${r}`].data as Float32Array;
        const b = feeds[`b${r}`].data as Float32Array;
        const rowMaxima = results[`rows${r}`].data as Float32Array;
        const columnMaxima = results[`columns${r}`].data as Float32Array;
        for (let p = 0, at = index * patches, out = d * patches; p < patches; p++, at++, out++) {
          rows[out] = rowMaxima[at] * a[at];
          columns[out] = columnMaxima[at] * b[p];
        }
      }
      take(index, rows, columns);
    }
  }

  close(): Promise<void> {
    return this.session.release();
  }

  /** Inverse lengths of window means, from those of window sums. */
  private ofMean(inverseLengths: Float32Array, degree: number): Float32Array {
    const size = this.shape.degrees[degree] ** 2;
    return inverseLengths.subarray(degree * this.patches, (degree + 1) * this.patches).map((v) => v * size);
  }
}
