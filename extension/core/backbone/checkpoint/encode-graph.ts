import { Message } from '../onnx/wire';
import type { Attribute, ElementType, Graph, GraphNode, GraphValue, Initializer } from './graph-builder';

/** Version of the standard operators; 17 brought LayerNormalization. ONNX Runtime's own are version 1. */
const OPSET = 17;
/** ONNX file format that came with operator set 17. */
const IR_VERSION = 8;

const ELEMENT_CODE: Readonly<Record<ElementType, number>> = { float32: 1, int64: 7, float16: 10 };
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A graph as the bytes of an ONNX model whose large weights lie in the file called `weightsFile` beside it. */
export function encodeGraph(graph: Graph, weightsFile: string): Uint8Array {
  const body = new Message();
  for (const node of graph.nodes) body.message(1, encodeNode(node));
  body.string(2, 'backbone');
  for (const initializer of graph.initializers) body.message(5, encodeInitializer(initializer, weightsFile));
  for (const input of graph.inputs) body.message(11, encodeValue(input));
  for (const output of graph.outputs) body.message(12, encodeValue(output));
  return new Message()
    .varint(1, IR_VERSION)
    .string(2, 'MuSc Inspector')
    .message(7, body)
    .message(8, new Message().string(1, '').varint(2, OPSET))
    .message(8, new Message().string(1, 'com.microsoft').varint(2, 1))
    .finish();
}

function encodeNode({ op, domain, inputs, outputs, attributes }: GraphNode): Message {
  const message = new Message();
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(3, outputs[0]).string(4, op);
  for (const [name, value] of Object.entries(attributes)) message.message(5, encodeAttribute(name, value));
  return message.string(7, domain);
}

function encodeAttribute(name: string, value: Attribute): Message {
  const message = new Message().string(1, name);
  if (typeof value === 'number') return message.varint(3, value).varint(20, ATTRIBUTE.int);
  if (typeof value === 'string') return message.string(4, value).varint(20, ATTRIBUTE.string);
  if ('float' in value) return message.float(2, value.float).varint(20, ATTRIBUTE.float);
  for (const item of value) message.varint(8, item);
  return message.varint(20, ATTRIBUTE.ints);
}

function encodeInitializer({ name, type, shape, data }: Initializer, weightsFile: string): Message {
  const message = new Message();
  for (const size of shape) message.varint(1, size);
  message.varint(2, ELEMENT_CODE[type]).string(8, name);
  if (data instanceof Uint8Array) return message.bytes(9, data);
  const entry = (key: string, value: string | number) => new Message().string(1, key).string(2, String(value));
  return message
    .message(13, entry('location', weightsFile))
    .message(13, entry('offset', data.offset))
    .message(13, entry('length', data.length))
    .varint(14, 1);
}

function encodeValue({ name, type, shape }: GraphValue): Message {
  const dimensions = new Message();
  for (const size of shape)
    dimensions.message(1, typeof size === 'string' ? new Message().string(2, size) : new Message().varint(1, size));
  const tensor = new Message().varint(1, ELEMENT_CODE[type]).message(2, dimensions);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}
