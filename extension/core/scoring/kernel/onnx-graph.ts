/** A value's shape: fixed sizes and named, open ones. */
type Shape = readonly (number | string)[];
type Attribute = number | string | readonly number[];

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, strings, or lists of integers. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A small ONNX graph of float32 values, but for those named in `halves`. */
export interface Graph {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
  readonly nodes: readonly GraphNode[];
  /** Inputs and outputs that are float16. */
  readonly halves?: readonly string[];
  /** Constant integer vectors. */
  readonly integers?: Readonly<Record<string, readonly number[]>>;
}

const IR_VERSION = 8;
const OPSET = 17;
/** ONNX's numbers of element types. */
export const FLOAT = 1;
export const FLOAT16 = 10;
const INT64 = 7;

/** The graph as the bytes of an .onnx file (field numbers: onnx.proto). */
export function encodeGraph(graph: Graph): Uint8Array {
  const type = (name: string): number => (graph.halves?.includes(name) ? FLOAT16 : FLOAT);
  const body = concat([
    ...graph.nodes.map((n) => message(1, encodeNode(n))),
    text(2, 'scoring'),
    ...Object.entries(graph.integers ?? {}).map(([name, values]) => message(5, encodeIntegers(name, values))),
    ...Object.entries(graph.inputs).map(([name, shape]) => message(11, encodeValue(name, type(name), shape))),
    ...Object.entries(graph.outputs).map(([name, shape]) => message(12, encodeValue(name, type(name), shape))),
  ]);
  return concat([integer(1, IR_VERSION), message(7, body), message(8, integer(2, OPSET))]);
}

function encodeNode(node: GraphNode): Uint8Array {
  return concat([
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => message(5, encodeAttribute(name, value))),
  ]);
}

function encodeAttribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return concat([text(1, name), integer(3, value), integer(20, 2)]);
  if (typeof value === 'string') return concat([text(1, name), text(4, value), integer(20, 3)]);
  return concat([text(1, name), ...value.map((v) => integer(8, v)), integer(20, 7)]);
}

function encodeIntegers(name: string, values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return concat([integer(1, values.length), integer(2, INT64), text(8, name), message(9, raw)]);
}

function encodeValue(name: string, type: number, shape: Shape): Uint8Array {
  const dims = shape.map((d) => message(1, typeof d === 'number' ? integer(1, d) : text(2, d)));
  const tensor = concat([integer(1, type), message(2, concat(dims))]);
  return concat([text(1, name), message(2, message(1, tensor))]);
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return [...out, Number(rest)];
}

const integer = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...varint(field << 3), ...varint(value)]);
const message = (field: number, body: Uint8Array): Uint8Array =>
  concat([Uint8Array.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
const text = (field: number, value: string): Uint8Array => message(field, new TextEncoder().encode(value));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
