import {
  ElementType,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../../../extension/core/backbone/onnx/model';
import { makeNode } from '../../../extension/core/backbone/onnx/rewrite';
import { floatTensor, intTensor } from '../../../extension/core/backbone/onnx/tensor';

/** Seeded numbers around 0. */
export function noise(count: number, seed: number, scale = 0.3): Float32Array {
  let state = seed * 7919 + 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * scale;
  });
}

export const ints = (name: string, values: number[]): OnnxAttribute => ({ name, type: 7, ints: values, rest: [] });
export const int = (name: string, value: number): OnnxAttribute => ({ name, type: 2, i: value, rest: [] });

export const value = (name: string, shape: OnnxValueInfo['shape']): OnnxValueInfo => ({
  name,
  elementType: ElementType.float,
  shape,
  rest: [],
});

export function model(
  nodes: OnnxNode[],
  tensors: OnnxTensor[],
  outputs: string[],
  input: OnnxValueInfo = value('pixels', ['batch', 3, 'height', 'width']),
): OnnxModel {
  return {
    irVersion: 8,
    producer: 'test',
    opsets: new Map([['', 17]]),
    functionDomains: new Set(),
    rest: [],
    graph: {
      name: 'tiny',
      nodes,
      initializers: new Map(tensors.map((t) => [t.name, t])),
      inputs: [input],
      outputs: outputs.map((o) => ({ name: o, elementType: ElementType.float, shape: null, rest: [] })),
      valueInfo: [],
      rest: [],
    },
  };
}

/** Two convolutions of stride 4 and 8 and their mean: outputs `fine` (4 channels), `coarse` (6), `feature` (B x 6). */
export function tinyConvolution(): OnnxModel {
  const conv = (stride: number) => [ints('strides', [stride, stride]), ints('kernel_shape', [stride, stride])];
  return model(
    [
      makeNode('Conv', ['pixels', 'w1'], ['inner'], conv(4)),
      makeNode('Relu', ['inner'], ['fine']),
      makeNode('Conv', ['fine', 'w2'], ['coarse'], conv(2)),
      makeNode('ReduceMean', ['coarse'], ['feature'], [ints('axes', [2, 3]), int('keepdims', 0)]),
    ],
    [floatTensor('w1', [4, 3, 4, 4], noise(192, 1)), floatTensor('w2', [6, 4, 2, 2], noise(96, 2))],
    ['fine', 'coarse', 'feature'],
  );
}

export interface TinyVitOptions {
  /** A normalisation before the first block, and QuickGELU: CLIP. */
  readonly clip?: boolean;
  /** Register tokens inserted behind the class token, after the positions. */
  readonly registers?: number;
  /** LayerScale: DINOv2. */
  readonly scale?: boolean;
  readonly blocks?: number;
}

const C = 8;
const PATCH = 4;

/** A one-head ViT of 8 channels, patches of 4 x 4, native size 12 x 12 (grid 3 x 3), with `last` (normed) as its output. */
export function tinyVit({ clip = false, registers = 0, scale = false, blocks = 4 }: TinyVitOptions = {}): OnnxModel {
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  let seed = 10;
  const weight = (name: string, dims: number[]): string => {
    tensors.push(
      floatTensor(
        name,
        dims,
        noise(
          dims.reduce((a, b) => a * b, 1),
          seed++,
        ),
      ),
    );
    return name;
  };
  const node = (op: string, inputs: string[], output: string, attributes: OnnxAttribute[] = []): string => {
    nodes.push(makeNode(op, inputs, [output], attributes));
    return output;
  };
  const norm = (x: string, name: string): string =>
    node('LayerNormalization', [x, weight(`${name}.w`, [C]), weight(`${name}.b`, [C])], `${name}.out`, [
      int('axis', -1),
    ]);
  const linear = (x: string, name: string, from: number, to: number): string =>
    node(
      'Add',
      [node('MatMul', [x, weight(`${name}.w`, [from, to])], `${name}.product`), weight(`${name}.b`, [to])],
      `${name}.out`,
    );

  tensors.push(intTensor('flat', [3], [0, C, -1]), floatTensor('quick', [], Float32Array.of(1.702)));
  node('Conv', ['pixels', weight('patch', [C, 3, PATCH, PATCH])], 'conv', [
    ints('strides', [PATCH, PATCH]),
    ints('kernel_shape', [PATCH, PATCH]),
  ]);
  node('Transpose', [node('Reshape', ['conv', 'flat'], 'flattened')], 'patches', [ints('perm', [0, 2, 1])]);
  // A class token for every picture of the batch, without a Shape chain: a mean over patches times zero, plus the token.
  node('ReduceMean', ['patches'], 'mean', [ints('axes', [1]), int('keepdims', 1)]);
  tensors.push(floatTensor('zero', [], Float32Array.of(0)));
  const nothing = node('Mul', ['mean', 'zero'], 'nothing');
  node('Concat', [node('Add', [nothing, weight('cls', [1, 1, C])], 'class'), 'patches'], 'tokens', [int('axis', 1)]);
  let x = node('Add', ['tokens', weight('positions', [1, 10, C])], 'positioned');
  if (registers > 0) {
    tensors.push(
      intTensor('s0', [1], [0]),
      intTensor('s1', [1], [1]),
      intTensor('end', [1], [1000]),
      intTensor('axis1', [1], [1]),
    );
    node('Slice', [x, 's0', 's1', 'axis1'], 'head');
    node('Slice', [x, 's1', 'end', 'axis1'], 'tail');
    const middle = node('Add', [nothing, weight('registers', [1, registers, C])], 'middle');
    x = node('Concat', ['head', middle, 'tail'], 'registered', [int('axis', 1)]);
  }
  if (clip) x = norm(x, 'pre');
  for (let b = 0; b < blocks; b++) {
    const at = `block${b}`;
    const y = norm(x, `${at}.norm1`);
    const [q, k, v] = ['q', 'k', 'v'].map((part) => linear(y, `${at}.${part}`, C, C));
    const scores = node('MatMul', [q, node('Transpose', [k], `${at}.kt`, [ints('perm', [0, 2, 1])])], `${at}.scores`);
    const attended = node(
      'MatMul',
      [node('Softmax', [scores], `${at}.softmax`, [int('axis', -1)]), v],
      `${at}.attended`,
    );
    let branch = linear(attended, `${at}.proj`, C, C);
    if (scale) branch = node('Mul', [branch, weight(`${at}.ls1`, [C])], `${at}.scaled1`);
    x = node('Add', [x, branch], `${at}.middle`);
    const hidden = linear(norm(x, `${at}.norm2`), `${at}.fc1`, C, 2 * C);
    const active = clip
      ? node(
          'Mul',
          [hidden, node('Sigmoid', [node('Mul', [hidden, 'quick'], `${at}.gate`)], `${at}.sigmoid`)],
          `${at}.active`,
        )
      : node('Relu', [hidden], `${at}.active`);
    branch = linear(active, `${at}.fc2`, 2 * C, C);
    if (scale) branch = node('Mul', [branch, weight(`${at}.ls2`, [C])], `${at}.scaled2`);
    x = node('Add', [branch, x], `${at}.out`);
  }
  node('LayerNormalization', [x, weight('norm.w', [C]), weight('norm.b', [C])], 'last', [int('axis', -1)]);
  return model(nodes, tensors, ['last']);
}
