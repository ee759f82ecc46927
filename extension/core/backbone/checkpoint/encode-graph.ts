import { encodeModel } from '../onnx/encode';
import { ElementType, type OnnxAttribute, type OnnxTensor } from '../onnx/model';
import type { Attribute, Graph, Initializer } from './graph-builder';

/** Version of the standard operators; 17 brought LayerNormalization. ONNX Runtime's own are version 1. */
const OPSET = 17;
/** ONNX file format that came with operator set 17. */
const IR_VERSION = 8;

const ELEMENT_CODE = { float32: ElementType.float, float16: ElementType.float16, int64: ElementType.int64 } as const;

/** A graph as the bytes of an ONNX model whose large weights lie in the file called `weightsFile` beside it. */
export function encodeGraph(graph: Graph, weightsFile: string): Uint8Array {
  const value = ({ name, type, shape }: Graph['inputs'][number]) => ({
    name,
    elementType: ELEMENT_CODE[type],
    shape: [...shape],
    rest: [],
  });
  return encodeModel({
    irVersion: IR_VERSION,
    producer: 'MuSc Inspector',
    opsets: new Map([
      ['', OPSET],
      ['com.microsoft', 1],
    ]),
    functionDomains: new Set(),
    rest: [],
    graph: {
      name: 'backbone',
      nodes: graph.nodes.map(({ op, domain, inputs, outputs, attributes }) => ({
        name: outputs[0],
        opType: op,
        domain,
        inputs: [...inputs],
        outputs: [...outputs],
        attributes: Object.entries(attributes).map(([name, given]) => attribute(name, given)),
        rest: [],
      })),
      initializers: new Map(graph.initializers.map((given) => [given.name, tensor(given, weightsFile)])),
      inputs: graph.inputs.map(value),
      outputs: graph.outputs.map(value),
      valueInfo: [],
      rest: [],
    },
  });
}

function attribute(name: string, value: Attribute): OnnxAttribute {
  if (typeof value === 'number') return { name, type: 2, i: value, rest: [] };
  if ('float' in value) return { name, type: 1, f: value.float, rest: [] };
  return { name, type: 7, ints: [...value], rest: [] };
}

function tensor({ name, type, shape, data }: Initializer, weightsFile: string): OnnxTensor {
  const common = { name, dims: [...shape], dataType: ELEMENT_CODE[type], rest: [] };
  if (data instanceof Uint8Array) return { ...common, raw: data, external: null };
  const external = new Map([
    ['location', weightsFile],
    ['offset', String(data.offset)],
    ['length', String(data.length)],
  ]);
  return { ...common, raw: null, external };
}
