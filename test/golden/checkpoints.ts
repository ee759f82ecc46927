import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as z from 'zod';
import { buildBackbone, type TapShape } from '../../extension/core/backbone/checkpoint/build-backbone';
import type { BuildRequest, BuiltBackbone, Flavour } from '../../extension/core/backbone/checkpoint/build-request';
import { Safetensors } from '../../extension/core/backbone/checkpoint/safetensors';
import { describeVit, usedTensors } from '../../extension/core/backbone/checkpoint/vit-checkpoint';
import { VitWeights } from '../../extension/core/backbone/checkpoint/vit-weights';
import { MuscError } from '../../extension/core/errors';
import { compare, GoldenCase, type CheckResult, type GoldenSuite } from './suite';

const paramsSchema = z.object({
  family: z.enum(['clip', 'dino', 'dinov2']).optional(),
  heads: z.number().optional(),
  activation: z.enum(['gelu', 'quick_gelu']).optional(),
  layer_norm_eps: z.number().optional(),
  patch: z.number().optional(),
  prefix_tokens: z.number().optional(),
  must_reject: z.boolean().optional(),
  stage: z.enum(['header', 'model']).optional(),
});
type Params = z.infer<typeof paramsSchema>;

const values = z.object({ dtype: z.string(), shape: z.array(z.number()), values: z.array(z.number()) });
const sample = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  first: z.array(z.number()),
  last: z.number(),
  sum: z.number(),
});

const same = (key: string, actual: unknown, expected: unknown): CheckResult => ({
  key,
  ok: JSON.stringify(actual) === JSON.stringify(expected),
  detail: `${JSON.stringify(actual)?.slice(0, 300)}, expected ${JSON.stringify(expected)?.slice(0, 300)}`,
});

/** golden/checkpoints: safetensors files through the reader, the description and the graph builder that the product uses. */
export const suite: GoldenSuite = {
  folder: 'checkpoints',
  async check(testCase) {
    const params = paramsSchema.parse(testCase.params);
    if (!testCase.files.model) return [];
    if (params.must_reject) return checkRejected(testCase, params);
    const results = await checkReading(testCase, params);
    return params.patch === undefined ? results : [...results, ...(await checkNetwork(testCase, params))];
  },
};

const hintsOf = (params: Params): BuildRequest['hints'] => ({
  family: params.family,
  heads: params.heads,
  activation: params.activation,
  layerNormEpsilon: params.layer_norm_eps,
  openaiClip: false,
});

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'musc-golden-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkRejected(testCase: GoldenCase, params: Params): Promise<CheckResult[]> {
  const model = testCase.path('model');
  const opened = await Safetensors.open(model).then(
    async (file) => (await file.close(), 'opened'),
    (error: unknown) => error,
  );
  const error = await inTemporaryFolder((outFolder) =>
    build(model, params, { input: null, outFolder }).then(
      () => null,
      (thrown: unknown) => thrown,
    ),
  );
  const text = error instanceof MuscError ? error.toLine() : String(error);
  const { tensor, found, wanted } = testCase.expected;
  const needed = [tensor, found, wanted]
    .filter((value) => value !== undefined)
    .map((value) => (Array.isArray(value) ? value.join(' x ') : String(value)));
  return [
    { key: 'refused', ok: error instanceof MuscError && error.code === 'BACKBONE_INVALID', detail: text },
    { key: 'stage', ok: (opened === 'opened') === (params.stage === 'model'), detail: `opening: ${String(opened)}` },
    { key: 'message', ok: needed.every((word) => text.includes(word)), detail: `${text} should name ${needed.join()}` },
  ];
}

async function checkReading(testCase: GoldenCase, params: Params): Promise<CheckResult[]> {
  const { expected } = testCase;
  const results: CheckResult[] = [];
  const file = await Safetensors.open(testCase.path('model'));
  try {
    const names = [...file.tensors.keys()];
    if (typeof expected.tensors === 'number') results.push(same('tensors', names.length, expected.tensors));
    else
      for (const [name, wanted] of Object.entries(z.record(z.string(), values).parse(expected.tensors))) {
        const actual = await file.float32(name);
        const entry = file.tensors.get(name);
        results.push(same(`${name} form`, [entry?.dtype, entry?.shape], [wanted.dtype, wanted.shape]));
        const ok =
          actual.length === wanted.values.length && wanted.values.every((v, i) => Object.is(actual[i], Math.fround(v)));
        results.push({ key: `${name} values`, ok, detail: `${actual.join()}, expected ${wanted.values.join()}` });
      }
    if ('data_start_byte' in expected) results.push(same('data_start_byte', file.dataStart, expected.data_start_byte));
    if ('metadata' in expected) results.push(same('metadata', file.metadata, expected.metadata));
    for (const [name, wanted] of Object.entries(z.record(z.string(), sample).parse(expected.samples ?? {}))) {
      const actual = await file.float32(name);
      const entry = file.tensors.get(name);
      results.push(same(`${name} form`, [entry?.dtype, entry?.shape], [wanted.dtype, wanted.shape]));
      const picked = [...actual.subarray(0, wanted.first.length), actual[actual.length - 1]];
      results.push(compare(`${name} values`, picked, [...wanted.first, wanted.last], 'exact'));
      const sum = actual.reduce((a, b) => a + b, 0);
      results.push(compare(`${name} sum`, [sum], [wanted.sum], 'a=1e-5'));
    }
    if ('subnormal_halves' in expected)
      results.push(same('subnormal_halves', await countSubnormals(file), expected.subnormal_halves));
    if ('vision_tensors' in expected) results.push(...checkNames(file, testCase, params));
  } finally {
    await file.close();
  }
  return results;
}

async function countSubnormals(file: Safetensors): Promise<number> {
  let count = 0;
  for (const [name, { dtype }] of file.tensors)
    if (dtype === 'F16')
      for (const value of await file.float32(name)) if (value !== 0 && Math.abs(value) < 2 ** -14) count++;
  return count;
}

function checkNames(file: Safetensors, testCase: GoldenCase, params: Params): CheckResult[] {
  const { expected } = testCase;
  const used = usedTensors(describeVit(file.tensors, testCase.path('model'), hintsOf(params)));
  const ignored = [...file.tensors.keys()].filter((name) => !used.has(name));
  const patterns = z.array(z.string()).parse(expected.ignored);
  const matches = (name: string) =>
    patterns.some((p) => (p.endsWith('*') ? name.startsWith(p.slice(0, -1)) : name === p));
  const named = [expected.all_names_of_block_0, expected.other_vision_names].flatMap((list) =>
    z.array(z.string()).parse(list ?? []),
  );
  const unused = named.filter((name) => !used.has(name));
  return [
    same('vision_tensors', used.size, expected.vision_tensors),
    same('ignored_tensors', ignored.length, expected.ignored_tensors),
    { key: 'ignored', ok: ignored.every(matches), detail: `${ignored.join()}, expected ${patterns.join()}` },
    { key: 'vision names', ok: unused.length === 0, detail: `not used: ${unused.join()}` },
  ];
}

async function build(
  checkpoint: string,
  params: Params,
  rest: Pick<BuildRequest, 'input' | 'outFolder'> & { flavour?: Flavour; depth?: number },
  shape?: TapShape,
): Promise<BuiltBackbone> {
  const { input, outFolder, flavour = 'cpu', depth } = rest;
  const taps = depth === undefined ? 'auto' : Array.from({ length: depth }, (_, i) => i);
  const request = { checkpoint, input, outFolder, flavour, taps, embedding: true, protocol: 'exact' } as const;
  return buildBackbone({ ...request, hints: hintsOf(params) }, shape);
}

async function run(built: BuiltBackbone, pixels: Float32Array, n: number): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(built.file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const { height, width } = built.input;
    const results = await session.run({ [built.inputName]: new Tensor('float32', pixels, [n, 3, height, width]) });
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, value.data as Float32Array]));
  } finally {
    await session.release();
  }
}

const join = (parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((p) => [...p]));

/** Every tested size, in both operator sets, and in the product's own form: patches only. */
async function checkNetwork(testCase: GoldenCase, params: Params): Promise<CheckResult[]> {
  return inTemporaryFolder(async (outFolder) => {
    const results: CheckResult[] = [];
    const sizes = Object.keys(testCase.tensors).flatMap((key) => /^blocks_(\d+)$/.exec(key)?.[1] ?? []);
    for (const size of sizes)
      for (const flavour of ['cpu', 'plain'] as const)
        results.push(...(await checkSize(testCase, params, Number(size), flavour, outFolder)));
    if (sizes.length === 0) {
      const built = await build(testCase.path('model'), params, { input: null, outFolder });
      const { height, width } = built.input;
      const outputs = await run(built, new Float32Array(3 * height * width), 1);
      const finite = Object.values(outputs).every((data) => data.every(Number.isFinite));
      results.push({ key: 'runs', ok: finite, detail: 'a sound checkpoint gives finite features' });
    }
    return results;
  });
}

async function checkSize(
  testCase: GoldenCase,
  params: Params,
  size: number,
  flavour: Flavour,
  outFolder: string,
): Promise<CheckResult[]> {
  const model = testCase.path('model');
  const blocks = await testCase.tensor(`blocks_${size}`);
  const [depth, n, tokens, width] = blocks.shape;
  const options = { input: { height: size, width: size }, outFolder, flavour, depth };
  const pixels = await pixelsOf(testCase, size, n);
  const key = (name: string): string => (flavour === 'cpu' ? `${name}_${size}` : `${name}_${size} (${flavour})`);
  const wanted = async (name: string) => (await testCase.tensor(`${name}_${size}`)).data;
  const tol = (name: string) => testCase.tensors[`${name}_${size}`].tol;
  const has = (name: string) => testCase.tensors[`${name}_${size}`]?.role === 'expected';
  const stack = (built: BuiltBackbone, outputs: Record<string, Float32Array>) =>
    join(built.taps.map((tap) => outputs[tap.name]));
  const results: CheckResult[] = [];

  const raw = await build(model, params, options, { tokens: 'all', tapForm: 'residual' });
  const rawOutputs = await run(raw, pixels, n);
  results.push(compare(key('blocks'), stack(raw, rawOutputs), blocks.data, tol('blocks')));
  if (has('normed')) {
    const normed = await build(model, params, options, { tokens: 'all', tapForm: 'family' });
    results.push(
      compare(key('normed'), stack(normed, await run(normed, pixels, n)), await wanted('normed'), tol('normed')),
    );
  }
  const built = await build(model, params, options);
  const outputs = await run(built, pixels, n);
  const source = has('normed') ? 'normed' : 'blocks';
  const patches = dropPrefix(await wanted(source), depth * n, tokens, params.prefix_tokens ?? 1, width);
  results.push(compare(key('patches'), stack(built, outputs), patches, tol(source)));
  for (const name of ['image_embeds', 'class_token'])
    if (has(name) && built.embedding)
      results.push(compare(key(name), outputs[built.embedding.name], await wanted(name), tol(name)));
  if (has('pos')) {
    const file = await Safetensors.open(model);
    try {
      const weights = new VitWeights(file, describeVit(file.tensors, model, hintsOf(params)));
      results.push(compare(key('pos'), (await weights.positions(built.grid)).data, await wanted('pos'), tol('pos')));
    } finally {
      await file.close();
    }
  }
  return results;
}

function dropPrefix(data: ArrayLike<number>, rows: number, tokens: number, prefix: number, width: number): number[] {
  const kept: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let i = (row * tokens + prefix) * width; i < (row + 1) * tokens * width; i++) kept.push(data[i]);
  return kept;
}

/** The shared pictures of this size; a case may use only the first of them. */
async function pixelsOf(testCase: GoldenCase, size: number, n: number): Promise<Float32Array> {
  const key = `pixel_${size}`;
  const owner = testCase.siblings.find((sibling) => key in sibling.tensors);
  if (!owner) throw new Error(`no case holds ${key}`);
  const { directory } = testCase;
  const shared = new GoldenCase(directory, owner.name, owner.params, owner.tensors, owner.files, owner.expected, []);
  const { data } = await shared.tensor(key);
  return Float32Array.from(data.subarray(0, n * 3 * size * size));
}
