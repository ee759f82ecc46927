/**
 * ONNX's protobuf messages, as far as we look into them. Field numbers are those of onnx.proto (IR version 13 and before).
 * Whatever we do not look into is kept in `rest`, byte for byte, and written back.
 */

/** ONNX's TensorProto.DataType, the ones we compute with. */
export const ElementType = { float: 1, int32: 6, int64: 7, bool: 9, float16: 10, double: 11, bfloat16: 16 } as const;

/** TensorProto. Values are decoded on demand (tensor.ts). */
export interface OnnxTensor {
  name: string;
  dims: number[];
  dataType: number;
  /** raw_data, little-endian; null where the values are in typed fields or in another file. */
  raw: Uint8Array | null;
  /** external_data: `location`, `offset`, `length`; null: the values are in this file. */
  external: ReadonlyMap<string, string> | null;
  /** Raw fields float_data, int32_data, int64_data, ... and all others. */
  rest: Uint8Array[];
}

/** AttributeProto. `type` is AttributeProto.AttributeType (1 float, 2 int, 3 string, 4 tensor, 5 graph, 6 floats, 7 ints, ...). */
export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  ints?: number[];
  rest: Uint8Array[];
}

/** NodeProto. An empty name in `inputs` or `outputs` is an optional one left out. */
export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: OnnxAttribute[];
  rest: Uint8Array[];
}

/** A declared axis: fixed, named, or unknown. */
export type OnnxDim = number | string | null;

/** ValueInfoProto of a tensor; `elementType` 0: not a tensor, or undeclared (then `rest` keeps what was said). */
export interface OnnxValueInfo {
  name: string;
  elementType: number;
  /** null: no shape declared. */
  shape: OnnxDim[] | null;
  rest: Uint8Array[];
}

/** GraphProto. Initializers are looked up by name. */
export interface OnnxGraph {
  name: string;
  nodes: OnnxNode[];
  initializers: Map<string, OnnxTensor>;
  inputs: OnnxValueInfo[];
  outputs: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
  rest: Uint8Array[];
}

/** ModelProto. */
export interface OnnxModel {
  irVersion: number;
  producer: string;
  /** Operator set versions by domain; "" is ONNX's own. */
  opsets: Map<string, number>;
  graph: OnnxGraph;
  /** Domains of the functions that the model itself defines (kept in `rest`). */
  functionDomains: Set<string>;
  rest: Uint8Array[];
}
