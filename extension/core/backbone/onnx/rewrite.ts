import type { GraphIndex } from './graph-index';
import type { LayerNorm } from './layer-norm';
import { ElementType, type OnnxAttribute, type OnnxGraph, type OnnxNode } from './model';
import type { PositionLookup } from './position-lookup';
import { floatTensor, floatValues } from './tensor';

/** A node of ONNX's own operators. */
export function makeNode(
  opType: string,
  inputs: string[],
  outputs: string[],
  attributes: OnnxAttribute[] = [],
): OnnxNode {
  return { name: `${outputs[0]}/${opType}`, opType, domain: '', inputs, outputs, attributes, rest: [] };
}

/** Makes a tensor an output of the graph. Its type is inferred by ONNX Runtime. */
export function expose(graph: OnnxGraph, tensor: string): void {
  if (!graph.outputs.some((o) => o.name === tensor))
    graph.outputs.push({ name: tensor, elementType: 0, shape: null, rest: [] });
}

/**
 * Applies a normalisation of the graph to another tensor too, with the same weights (SPEC 2: DINO and DINOv2 tokens are
 * the final norm of every tapped block).
 * @returns name of the normed tensor
 */
export function normToo(graph: OnnxGraph, index: GraphIndex, norm: LayerNorm, tensor: string): string {
  if (tensor === norm.input) return norm.output;
  const name = (old: string) => `${tensor}/normed/${old}`;
  const nodes = index.between(norm.input, norm.output) ?? [];
  const made = new Set(nodes.flatMap((n) => n.outputs));
  const renamed = (input: string) => (input === norm.input ? tensor : made.has(input) ? name(input) : input);
  graph.nodes.push(
    ...nodes.map((n) => ({
      ...n,
      name: name(n.name),
      inputs: n.inputs.map(renamed),
      outputs: n.outputs.map((o) => (o === '' ? '' : name(o))),
    })),
  );
  return name(norm.output);
}

/** Puts another position table in the place of the graph's own, whatever made that. */
export function replacePositions(graph: OnnxGraph, { add, slot, table }: PositionLookup, resized: Float32Array): void {
  const name = `${add.outputs[0]}/resized_positions`;
  const rows = resized.length / table.channels;
  graph.initializers.set(name, floatTensor(name, [1, rows, table.channels], resized));
  add.inputs[slot] = name;
}

/** Forgets declared sizes, which only hold for the exported picture size: sides of the input, shapes of everything else. */
export function relaxShapes(graph: OnnxGraph, input: string): void {
  for (const info of graph.inputs)
    if (info.name === input && info.shape?.length === 4) info.shape = [info.shape[0], info.shape[1], 'height', 'width'];
  for (const info of graph.outputs) info.shape = null;
  graph.valueInfo = [];
}

/** Every tensor that a node reads, also from inside the graphs of its attributes. */
function* reads(node: OnnxNode): Generator<string> {
  yield* node.inputs;
  for (const { g } of node.attributes) {
    if (!g) continue;
    for (const inner of g.nodes) yield* reads(inner);
    for (const output of g.outputs) yield output.name;
  }
}

/** Drops outputs that are not wanted, and every node and weight that only they needed. */
export function prune(graph: OnnxGraph, wanted: readonly string[]): void {
  graph.outputs = graph.outputs.filter((o) => wanted.includes(o.name));
  const needed = new Set(wanted);
  const kept: OnnxNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((o) => needed.has(o))) continue;
    for (const name of reads(node)) needed.add(name);
    kept.push(node);
  }
  graph.nodes = kept.reverse();
  for (const name of graph.initializers.keys()) if (!needed.has(name)) graph.initializers.delete(name);
  graph.inputs = graph.inputs.filter((i) => needed.has(i.name));
}

const QUICK = 1.702; // QuickGELU: x * sigmoid(1.702 x)

function isScalar(index: GraphIndex, name: string, value: number): boolean {
  const tensor = index.constant(index.source(name));
  const values = tensor && tensor.dims.every((d) => d === 1) ? floatValues(tensor) : null;
  return values !== null && values !== undefined && Math.abs(values[0] - value) < 1e-3 * value;
}

/** Input of a QuickGELU whose last node this is, or null. */
function quickGeluInput(index: GraphIndex, node: OnnxNode): string | null {
  if (node.opType === 'QuickGelu') return node.inputs[0];
  if (node.opType !== 'Mul') return null;
  for (const [x, gate] of [node.inputs, [...node.inputs].reverse()]) {
    const sigmoid = index.producer(gate);
    const scaled = sigmoid?.opType === 'Sigmoid' ? index.producer(sigmoid.inputs[0]) : undefined;
    if (scaled?.opType !== 'Mul' || !scaled.inputs.includes(x)) continue;
    const factor = scaled.inputs.find((i) => i !== x);
    if (factor !== undefined && isScalar(index, factor, QUICK)) return x;
  }
  return null;
}

/**
 * Exact GELU, x * (1 + erf(x / sqrt 2)) / 2, in the place of every QuickGELU: the authors' code runs OpenAI's CLIP so at a
 * size that is not the network's own (SPEC 2, Activation).
 */
export function exactGelu(graph: OnnxGraph, index: GraphIndex): void {
  const constant = (name: string, value: number) => {
    graph.initializers.set(name, floatTensor(name, [], Float32Array.of(value)));
    return name;
  };
  const root = constant('exact_gelu/sqrt2', Math.SQRT2);
  const one = constant('exact_gelu/one', 1);
  const half = constant('exact_gelu/half', 0.5);
  graph.nodes = graph.nodes.flatMap((node) => {
    const x = quickGeluInput(index, node);
    if (x === null) return [node];
    const [out] = node.outputs;
    const step = (name: string) => `${out}/exact_gelu/${name}`;
    return [
      makeNode('Div', [x, root], [step('scaled')]),
      makeNode('Erf', [step('scaled')], [step('erf')]),
      makeNode('Add', [step('erf'), one], [step('gate')]),
      makeNode('Mul', [x, step('gate')], [step('product')]),
      makeNode('Mul', [step('product'), half], [out]),
    ];
  });
}

const castTo = (type: number): OnnxAttribute[] => [{ name: 'to', type: 2, i: type, rest: [] }];

/** Makes a float16 picture input take float32. */
export function takeFloat(graph: OnnxGraph, input: string): void {
  const info = graph.inputs.find((i) => i.name === input);
  if (info?.elementType !== ElementType.float16) return;
  info.elementType = ElementType.float;
  const half = `${input}/float16`;
  for (const node of graph.nodes) node.inputs = node.inputs.map((i) => (i === input ? half : i));
  graph.nodes.unshift(makeNode('Cast', [input], [half], castTo(ElementType.float16)));
}

/** A float32 copy of a tensor as output, for networks that compute in float16. */
export function exposeAsFloat(graph: OnnxGraph, tensor: string): string {
  const name = `${tensor}/float32`;
  graph.nodes.push(makeNode('Cast', [tensor], [name], castTo(ElementType.float)));
  expose(graph, name);
  return name;
}
