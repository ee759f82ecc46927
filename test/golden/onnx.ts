import { InferenceSession } from 'onnxruntime-node';
import { networkForm } from '../../extension/core/backbone/onnx/network-form';
import { prepareOnnx } from '../../extension/core/backbone/onnx/prepare-onnx';
import { readNetwork } from '../../extension/core/backbone/onnx/network';
import { resizePositions } from '../../extension/core/backbone/position-table';
import { infer } from '../../extension/core/backbone/session-backbone';
import { compare, GoldenCase, type CheckResult, type GoldenSuite } from './suite';

/** `blocks_112` -> what and the picture's side. */
function parse(key: string): { what: string; side: number } {
  const match = /^(blocks|normed|image_embeds|pos|class_token)_(\d+)$/.exec(key);
  if (!match) throw new Error(`key not understood: ${key}`);
  return { what: match[1], side: Number(match[2]) };
}

/** Another case of the same folder. */
function sibling(of: GoldenCase, name: unknown): GoldenCase {
  const found = of.siblings.find((s) => s.name === name);
  if (!found) throw new Error(`no case is called ${String(name)}`);
  const { params, tensors, files, expected } = found;
  return new GoldenCase(of.directory, found.name, params, tensors, files, expected, of.siblings);
}

/** The pictures of one size: the case's own, or those that its folder shares. */
async function pixels(testCase: GoldenCase, side: number): Promise<{ data: Float32Array; n: number }> {
  const key = `pixel_${side}`;
  const owner = testCase.tensors[key]
    ? testCase
    : sibling(testCase, testCase.siblings.find((s) => s.tensors[key])?.name);
  const array = await owner.tensor(key);
  return { data: Float32Array.from(array.data), n: array.shape[0] };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Tap tensors, prefix tokens included, and the image feature of the case's model at one picture size. */
async function run(model: string, taps: readonly string[], pictures: { data: Float32Array; n: number }, side: number) {
  const graph = await prepareOnnx(model, '', null, {
    backbone: model,
    taps,
    input: { height: side, width: side },
    device: 'cpu',
    protocol: 'exact',
    threads: 1,
  });
  const session = await InferenceSession.create(graph.model as Uint8Array);
  try {
    const outputs = await infer(session, graph, pictures.data, pictures.n);
    return {
      taps: graph.taps.map((t) => outputs[t.output].data),
      embedding: graph.embedding === null ? null : outputs[graph.embedding],
    };
  } finally {
    await session.release();
  }
}

const sameList = (key: string, actual: readonly unknown[], expected: unknown): CheckResult => {
  const ok = JSON.stringify(actual) === JSON.stringify(expected);
  return { key, ok, detail: ok ? 'equal' : `${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}` };
};

/** ViT exports: block outputs found by the graph's form, at the native size and at another one. */
export const suite: GoldenSuite = {
  folder: 'onnx',
  async check(testCase: GoldenCase): Promise<CheckResult[]> {
    if (!testCase.files.model) return [];
    const model = testCase.path('model');
    const network = await readNetwork(model);
    const { form } = network;
    if (!form) throw new Error('not recognised as a vision transformer');
    const results: CheckResult[] = [];

    const { block_output_tensors: names, op_counts: counts, initializers } = testCase.expected;
    if (names !== undefined) results.push(sameList('block_output_tensors', form.blocks, names));
    if (initializers !== undefined)
      results.push(sameList('initializers', [network.model.graph.initializers.size], [initializers]));
    if (counts !== undefined) {
      const actual: Record<string, number> = {};
      for (const node of network.model.graph.nodes) actual[node.opType] = (actual[node.opType] ?? 0) + 1;
      const sorted = (of: object) => Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
      results.push(sameList('op_counts', sorted(actual), sorted(counts as object)));
    }

    const raw = form.blocks;
    const normed = form.blocks.map((_, i) => String(i));
    // A model with the weights of another case must give that case's tensors.
    const twin = testCase.params.same_weights_and_expected_as;
    const truth = twin === undefined ? testCase : sibling(testCase, twin);
    for (const key of truth.expectedKeys()) {
      const { what, side } = parse(key);
      const expected = await truth.tensor(key);
      const { tol } = truth.tensors[key];
      if (what === 'pos') {
        const { positions, patch } = networkForm(network);
        if (!positions || patch === null) throw new Error('no position table found');
        const rule = form.family === 'clip' ? 'size' : 'scale_plus_0.1';
        const grid = { height: side / patch, width: side / patch };
        results.push(compare(key, resizePositions(positions.table, grid, rule), expected.data, tol));
        continue;
      }
      const output = await run(model, what === 'normed' ? normed : raw, await pixels(truth, side), side);
      if (what === 'blocks' || what === 'normed') {
        results.push(compare(key, concatenate(output.taps), expected.data, tol));
        continue;
      }
      if (!output.embedding) throw new Error('no image feature found');
      const { dims, data } = output.embedding;
      const width = dims[dims.length - 1];
      const rows = Array.from({ length: dims[0] }, (_, i) =>
        data.subarray((i * data.length) / dims[0]).subarray(0, width),
      );
      results.push(compare(key, concatenate(rows), expected.data, tol));
    }
    return results;
  },
};
