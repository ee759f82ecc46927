import * as l10n from '@vscode/l10n';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cells } from '../array/grid';
import { sessionOptions, withoutFallback, type Device } from '../backbone/device/provider';
import { MuscError } from '../errors';
import { DeviceFeatures } from './device-features';
import { pairGraph } from './kernel/pair-graph';
import type { Storage } from './kernel/store-graph';
import type { PairBatch, PairKernel, PairKernelShape } from './pair-kernel';

/** Largest relative difference in distances that float16 storage may make. */
const TOLERANCE = 1e-3;
/** Distances are compared as if they were at least this: those of near duplicates are all rounding. */
const SMALL = 0.2;

type Take = Parameters<PairKernel['run']>[1];

function optionsFor(device: Device): InferenceSession.SessionOptions {
  const options = sessionOptions(device, 1, null);
  if (device === 'cpu') return options;
  // WebGPU would turn Gram matrices over around every pooling: a fifth of the time on an H200
  if (device === 'webgpu') options.executionProviders = [{ name: 'webgpu', preferredLayout: 'NCHW' }];
  return withoutFallback(options);
}

/** Features stored in one form, and the graphs that take it, by the number of rows' images. */
interface Form {
  readonly features: DeviceFeatures;
  readonly graphs: Map<number, InferenceSession>;
}

/**
 * One graph on an execution provider: the form for graphics cards. No node may fall back to the CPU. Features are stored as float16 where
 * the device knows it and the first batch of a tap comes out the same; sums are float32.
 */
export class GraphPairKernel implements PairKernel {
  private readonly patches: number;
  /** Null: to be found out with the tap's first batch. */
  private storage: Storage | null;

  private constructor(
    private readonly shape: PairKernelShape,
    private readonly options: InferenceSession.SessionOptions,
    private readonly float32: Form,
    private readonly float16: Form | null,
    private readonly wanted: Storage | null,
  ) {
    this.patches = cells(shape.grid);
    this.storage = wanted;
  }

  /**
   * `storage`: what features are stored as; null: what suits each tap.
   * Throws DEVICE_FAILED where the device does not start, can't take every node or does not know that storage.
   */
  static async create(
    shape: PairKernelShape,
    device: Device,
    storage: Storage | null = null,
  ): Promise<GraphPairKernel> {
    const options = optionsFor(device);
    const form = async (of: Storage): Promise<Form> => ({
      features: await DeviceFeatures.create(device, of, options),
      graphs: new Map(),
    });
    try {
      const float32 = await form('float32');
      const float16 = await form('float16').catch((cause: unknown) => {
        if (storage === 'float16') throw cause;
        return null;
      });
      const kernel = new GraphPairKernel(shape, options, float32, float16, storage);
      await kernel.graph(kernel.formOf(storage ?? 'float32'), 1);
      return kernel;
    } catch (cause) {
      throw new MuscError('DEVICE_FAILED', l10n.t('mutual scoring does not start on {0}', device), { cause });
    }
  }

  startTap(): void {
    for (const form of [this.float32, this.float16]) form?.features.clear();
    this.storage = this.wanted;
  }

  async run(batch: PairBatch, take: Take): Promise<void> {
    try {
      this.storage ??= await this.chooseStorage(batch);
      await this.runWithRoom(batch, this.formOf(this.storage), take);
    } catch (cause) {
      if (cause instanceof MuscError) throw cause;
      throw new MuscError('DEVICE_FAILED', l10n.t('mutual scoring failed on the device'), { cause });
    }
  }

  async close(): Promise<void> {
    for (const form of [this.float32, this.float16]) {
      await form?.features.close();
      for (const graph of form?.graphs.values() ?? []) await graph.release();
    }
  }

  /** What the tap's features are stored as; null before its first batch. */
  get storedAs(): Storage | null {
    return this.storage;
  }

  private formOf(storage: Storage): Form {
    return storage === 'float16' && this.float16 !== null ? this.float16 : this.float32;
  }

  /** float16 where it makes no difference that matters. */
  private async chooseStorage(batch: PairBatch): Promise<Storage> {
    if (this.float16 === null) return 'float32';
    const results: number[][] = [];
    for (const form of [this.float32, this.float16]) {
      const distances: number[] = [];
      await this.runStored(batch, form, (_, rows, columns) => {
        for (const cosines of [rows, columns])
          for (const c of cosines) distances.push(Math.sqrt(Math.max(0, 2 - 2 * c)));
      });
      results.push(distances);
    }
    const close = results[0].every((d, i) => Math.abs(d - results[1][i]) <= TOLERANCE * Math.max(d, SMALL));
    (close ? this.float32 : this.float16).features.clear();
    return close ? 'float16' : 'float32';
  }

  /** Once more with less held, where the card's memory may be full of features. */
  private async runWithRoom(batch: PairBatch, form: Form, take: Take): Promise<void> {
    try {
      await this.runStored(batch, form, take);
    } catch (error) {
      if (form.features.size <= batch.count + 1) throw error;
      form.features.holdLess();
      await this.runStored(batch, form, take);
    }
  }

  private async runStored(batch: PairBatch, form: Form, take: Take): Promise<void> {
    const { patches } = this;
    const { degrees } = this.shape;
    const { first, count, other, channels } = batch;
    // A graph has a fixed number of images: powers of two, so that there are few graphs. The last image fills up.
    const slots = 2 ** Math.ceil(Math.log2(count));
    const size = patches * channels;
    const feeds: Record<string, Tensor> = { B: await form.features.get(other, batch.column, channels) };
    for (let k = 0; k < slots; k++) {
      const index = Math.min(k, count - 1);
      const load = (): Float32Array => batch.rows().subarray(index * size, (index + 1) * size);
      feeds[`A${k}`] = await form.features.get(first + index, load, channels);
    }
    form.features.trim(count + 1);
    for (const [d, r] of degrees.entries()) {
      const a = new Float32Array(slots * patches);
      for (let index = 0; index < count; index++) a.set(this.ofMean(batch.lengths(first + index), d), index * patches);
      feeds[`a${r}`] = new Tensor('float32', a, [slots, 1, patches]);
      feeds[`b${r}`] = new Tensor('float32', this.ofMean(batch.lengths(other), d), [1, patches, 1]);
    }
    const results = await (await this.graph(form, slots)).run(feeds);
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
      take(first + index, rows, columns);
    }
  }

  private async graph({ features, graphs }: Form, slots: number): Promise<InferenceSession> {
    const { grid, degrees } = this.shape;
    const known = graphs.get(slots);
    if (known) return known;
    const graph = await InferenceSession.create(pairGraph(grid, degrees, slots, features.storage), this.options);
    graphs.set(slots, graph);
    return graph;
  }

  /** Inverse lengths of window means, from those of window sums. */
  private ofMean(inverseLengths: Float32Array, degree: number): Float32Array {
    const size = this.shape.degrees[degree] ** 2;
    return inverseLengths.subarray(degree * this.patches, (degree + 1) * this.patches).map((v) => v * size);
  }
}
