import { encodeModel } from '../onnx/encode';
import { ElementType, type OnnxModel, type OnnxValueInfo } from '../onnx/model';
import { makeNode } from '../onnx/rewrite';
import { floatTensor } from '../onnx/tensor';

const ROWS = 128;
const INNER = 512;
const COLUMNS = 256;

/** One matrix product with a known result: enough work to tell a graphics card from a program that imitates one. */
export interface ProbeGraph {
  readonly model: Uint8Array;
  readonly input: string;
  readonly output: string;
  readonly dims: readonly [number, number];
  readonly feed: Float32Array;
  /** Correct result, row-major ROWS x COLUMNS. */
  readonly expected: Float32Array;
}

/** Small whole numbers: their products and sums are exact in float32 and in TensorFloat-32. */
const pattern = (i: number, step: number): number => ((i * step) % 7) - 3;

/** The graph and its result, computed here in plain arithmetic. */
export function probeGraph(): ProbeGraph {
  const feed = Float32Array.from({ length: ROWS * INNER }, (_, i) => pattern(i, 5));
  const weight = Float32Array.from({ length: INNER * COLUMNS }, (_, i) => pattern(i, 3));
  const expected = new Float32Array(ROWS * COLUMNS);
  for (let r = 0; r < ROWS; r++)
    for (let k = 0; k < INNER; k++) {
      const x = feed[r * INNER + k];
      for (let c = 0; c < COLUMNS; c++) expected[r * COLUMNS + c] += x * weight[k * COLUMNS + c];
    }
  for (let i = 0; i < expected.length; i++) expected[i] = Math.max(0, expected[i]);
  const value = (name: string, shape: number[]): OnnxValueInfo => ({
    name,
    elementType: ElementType.float,
    shape,
    rest: [],
  });
  const model: OnnxModel = {
    irVersion: 8,
    producer: 'MuSc Inspector',
    opsets: new Map([['', 17]]),
    functionDomains: new Set(),
    rest: [],
    graph: {
      name: 'probe',
      nodes: [makeNode('MatMul', ['x', 'w'], ['product']), makeNode('Relu', ['product'], ['y'])],
      initializers: new Map([['w', floatTensor('w', [INNER, COLUMNS], weight)]]),
      inputs: [value('x', [ROWS, INNER])],
      outputs: [value('y', [ROWS, COLUMNS])],
      valueInfo: [],
      rest: [],
    },
  };
  return { model: encodeModel(model), input: 'x', output: 'y', dims: [ROWS, INNER], feed, expected };
}
