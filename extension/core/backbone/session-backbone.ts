import * as l10n from '@vscode/l10n';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { cells, type Grid } from '../array/grid';
import { MuscError, throwIfAborted } from '../errors';
import type { Backbone, BackboneInfo, BatchFeatures, DeviceReport } from './backbone';
import type { PreparedGraph, PreparedTap } from './prepared-graph';
import { channelsLast, dropPrefix, resizePatches, sequenceLast, tokenLayout, type TokenLayout } from './tap-layout';

/** A float32 result of the network. */
export interface Output {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** How one tap's output becomes patches. */
type TapForm =
  /** [B, prefix + P, C], or [prefix + P, B, C] where the sequence comes first (older open_clip exports). */
  | {
      readonly kind: 'tokens' | 'sequence-first tokens';
      readonly prefix: number;
      readonly grid: Grid;
      readonly channels: number;
    }
  | { readonly kind: 'planes'; readonly grid: Grid; readonly channels: number };

/** Runs the network once. Throws DEVICE_FAILED. */
export async function infer(
  session: InferenceSession,
  graph: PreparedGraph,
  pixels: Float32Array,
  n: number,
): Promise<Readonly<Record<string, Output>>> {
  const feed = new Tensor('float32', pixels, [n, 3, graph.size.height, graph.size.width]);
  const wanted = [...graph.taps.map((t) => t.output), ...(graph.embedding === null ? [] : [graph.embedding])];
  let results: InferenceSession.ReturnType;
  try {
    results = await session.run({ [graph.input]: feed }, wanted);
  } catch (error) {
    throw new MuscError('DEVICE_FAILED', l10n.t('the network did not run: {0}', reason(error)), {
      hint: l10n.t('try another image size, or the device cpu'),
      options: '--image-size, --device cpu',
      cause: error,
    });
  }
  const outputs: Record<string, Output> = {};
  for (const name of wanted) {
    const { dims, data } = results[name];
    if (!(data instanceof Float32Array))
      throw new MuscError('BACKBONE_INVALID', l10n.t('output {0} is {1}, not float32', name, results[name].type));
    outputs[name] = { dims, data };
  }
  return outputs;
}

/** What ONNX Runtime's longer messages mean. */
const MEANINGS: readonly (readonly [RegExp, () => string])[] = [
  [/No supported adapters|Failed to get a WebGPU adapter/, () => l10n.t('no graphics card that it can use')],
  [/Failed to load shared library|cannot open shared object/, () => l10n.t('its libraries are not installed')],
  [/out of memory|Failed to allocate memory|bad_alloc/i, () => l10n.t('not enough memory')],
];

/** ONNX Runtime's message for people: known ones in a few words, others without source addresses. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const known = MEANINGS.find(([pattern]) => pattern.test(text));
  if (known) return known[1]();
  const plain = text.replace(/\s+/g, ' ').replace(/\S*onnxruntime\S*\.(cc|h):\d+/g, '');
  return plain.trim().slice(0, 300);
}

/** @param n pictures that gave an output of these `dims` */
function tapForm(tap: PreparedTap, dims: readonly number[], size: Grid, n: number): TapForm {
  if (dims.length === 4) return { kind: 'planes', grid: { height: dims[2], width: dims[3] }, channels: dims[1] };
  if (dims.length === 3) {
    const fits = (tokens: number): TokenLayout | null => {
      const layout = tokenLayout(tokens, size);
      return layout && (tap.prefix === null || tap.prefix === layout.prefix) ? layout : null;
    };
    const turned = dims[0] !== n && dims[1] === n;
    const layout = fits(dims[turned ? 0 : 1]);
    if (layout) return { kind: turned ? 'sequence-first tokens' : 'tokens', ...layout, channels: dims[2] };
  }
  throw new MuscError(
    'TAP_UNKNOWN',
    l10n.t('tap {0} has shape {1}, no patch grid of the picture', tap.name, dims.join(' x ')),
    {
      hint: l10n.t('tap tensors of shape [batch, tokens, channels] or [batch, channels, height, width]'),
    },
  );
}

/** One row of image features per picture: [B, D], or the class token of [B, T, D]; a plane is averaged. */
function imageFeature({ dims, data }: Output, n: number): Float32Array {
  if (dims.length === 2) return data;
  const channels = dims.length === 4 ? dims[1] : dims[dims.length - 1];
  const out = new Float32Array(n * channels);
  if (dims.length === 3) {
    for (let i = 0; i < n; i++)
      out.set(data.subarray(i * dims[1] * channels, i * dims[1] * channels + channels), i * channels);
    return out;
  }
  const area = data.length / out.length;
  for (let o = 0; o < out.length; o++) {
    let sum = 0;
    for (let p = o * area; p < (o + 1) * area; p++) sum += data[p];
    out[o] = sum / area;
  }
  return out;
}

/** The first `count` values of arrays laid end to end. */
function joinFirst(arrays: readonly Float32Array[], count: number): Float32Array {
  const out = new Float32Array(count);
  let at = 0;
  for (const array of arrays) {
    out.set(array.subarray(0, count - at), at);
    at = Math.min(count, at + array.length);
  }
  return out;
}

/** One tap's output as n x P x C. */
function toPatches(form: TapForm, data: Float32Array, n: number, count: number): Float32Array {
  switch (form.kind) {
    case 'tokens':
      return dropPrefix(data, n, count, form.prefix, form.channels);
    case 'sequence-first tokens':
      return dropPrefix(
        sequenceLast(data, n, form.prefix + count, form.channels),
        n,
        count,
        form.prefix,
        form.channels,
      );
    case 'planes':
      return channelsLast(data, n, form.channels, count);
  }
}

/** What a session backbone is made of; `probe` are the outputs of one picture, which show the shapes. */
export interface SessionParts {
  readonly session: InferenceSession;
  readonly graph: PreparedGraph;
  readonly info: BackboneInfo;
  readonly device: DeviceReport;
  readonly batch: number;
  readonly probe: Readonly<Record<string, Output>>;
}

/** A backbone whose network runs in an ONNX Runtime session. Throws TAP_UNKNOWN for taps without a patch grid. */
export class SessionBackbone implements Backbone {
  readonly info: BackboneInfo;
  readonly device: DeviceReport;
  readonly input: Grid;
  readonly grid: Grid;
  readonly taps: readonly string[];
  readonly channels: readonly number[];
  readonly form: string;
  readonly batch: number;
  readonly #session: InferenceSession;
  readonly #graph: PreparedGraph;
  readonly #forms: readonly TapForm[];

  constructor({ session, graph, info, device, batch, probe }: SessionParts) {
    this.#session = session;
    this.#graph = graph;
    this.#forms = graph.taps.map((t) => tapForm(t, probe[t.output].dims, graph.size, graph.fixedBatch ?? 1));
    this.info = info;
    this.device = device;
    this.batch = batch;
    this.form = graph.form;
    this.input = graph.size;
    this.grid = this.#forms[0].grid;
    this.taps = graph.taps.map((t) => t.name);
    this.channels = this.#forms.map((f) => f.channels);
  }

  async run(pixels: Float32Array, n: number, signal?: AbortSignal): Promise<BatchFeatures> {
    throwIfAborted(signal);
    if (pixels.length !== n * 3 * cells(this.input))
      throw new MuscError('INTERNAL', `${pixels.length} values are not ${n} pictures of ${cells(this.input)} pixels`);
    const fixed = this.#graph.fixedBatch;
    if (fixed === null || fixed === n) return this.#runOnce(pixels, n, signal);
    return this.#runPadded(pixels, n, fixed, signal);
  }

  async #runOnce(pixels: Float32Array, n: number, signal?: AbortSignal): Promise<BatchFeatures> {
    const outputs = await infer(this.#session, this.#graph, pixels, n);
    throwIfAborted(signal);
    return {
      taps: this.#forms.map((form, i) => this.#patches(form, outputs[this.#graph.taps[i].output], n)),
      embedding: this.#graph.embedding === null ? null : imageFeature(outputs[this.#graph.embedding], n),
    };
  }

  /** A network exported for `fixed` pictures at a time: empty ones fill the last call and are dropped again. */
  async #runPadded(pixels: Float32Array, n: number, fixed: number, signal?: AbortSignal): Promise<BatchFeatures> {
    const picture = 3 * cells(this.input);
    const parts: BatchFeatures[] = [];
    for (let first = 0; first < n; first += fixed) {
      const padded = new Float32Array(fixed * picture);
      padded.set(pixels.subarray(first * picture, Math.min(n, first + fixed) * picture));
      parts.push(await this.#runOnce(padded, fixed, signal));
    }
    const first = (arrays: readonly Float32Array[]) => joinFirst(arrays, (arrays[0].length / fixed) * n);
    const embeddings = parts.flatMap((p) => p.embedding ?? []);
    return {
      taps: this.#forms.map((_, i) => first(parts.map((p) => p.taps[i]))),
      embedding: embeddings.length > 0 ? first(embeddings) : null,
    };
  }

  #patches(form: TapForm, { data }: Output, n: number): Float32Array {
    const count = cells(form.grid);
    return resizePatches(toPatches(form, data, n, count), n, form.channels, form.grid, this.grid);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
