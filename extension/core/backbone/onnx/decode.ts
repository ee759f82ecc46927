import * as l10n from '@vscode/l10n';
import type { OnnxAttribute, OnnxDim, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model';
import { Budget, fields, malformed, varints, type WireField } from './wire';

const MAX_DEPTH = 16; // graphs inside attributes of nodes inside graphs: If and Loop in real exports nest two or three deep
const utf8 = new TextDecoder('utf-8');

function bytesOf(field: WireField, what: string): Uint8Array {
  if (field.kind !== 'bytes') throw malformed(l10n.t('{0} has the wrong wire type', what));
  return field.value;
}

const text = (field: WireField, what: string): string => utf8.decode(bytesOf(field, what));

function int(field: WireField, what: string): number {
  if (field.kind !== 'varint') throw malformed(l10n.t('{0} has the wrong wire type', what));
  return Number(field.value);
}

/** A repeated int64: one value, or packed. */
function ints(field: WireField, into: number[], what: string, budget: Budget): void {
  if (field.kind === 'varint') {
    into.push(Number(field.value));
    return;
  }
  for (const value of varints(bytesOf(field, what), budget)) into.push(value);
}

function decodeTensor(bytes: Uint8Array, budget: Budget): OnnxTensor {
  const external = new Map<string, string>();
  const tensor: OnnxTensor = { name: '', dims: [], dataType: 0, raw: null, external: null, rest: [] };
  for (const field of fields(bytes, budget)) {
    switch (field.no) {
      case 1:
        ints(field, tensor.dims, 'tensor dims', budget);
        break;
      case 2:
        tensor.dataType = int(field, 'tensor type');
        break;
      case 8:
        tensor.name = text(field, 'tensor name');
        break;
      case 9:
        tensor.raw = bytesOf(field, 'tensor data');
        break;
      case 13: {
        let [key, value] = ['', ''];
        for (const entry of fields(bytesOf(field, 'external data'), budget)) {
          if (entry.no === 1) key = text(entry, 'external data');
          if (entry.no === 2) value = text(entry, 'external data');
        }
        external.set(key, value);
        break;
      }
      case 14:
        if (int(field, 'data location') === 1) tensor.external = external;
        break;
      default:
        tensor.rest.push(field.raw);
    }
  }
  if (tensor.dims.some((d) => !Number.isSafeInteger(d) || d < 0))
    throw malformed(l10n.t('tensor {0} has a bad shape', tensor.name));
  if (tensor.dims.length > 32) throw malformed(l10n.t('tensor {0} has {1} axes', tensor.name, tensor.dims.length));
  return tensor;
}

function decodeAttribute(bytes: Uint8Array, budget: Budget, depth: number): OnnxAttribute {
  const attribute: OnnxAttribute = { name: '', type: 0, rest: [] };
  const numbers: number[] = [];
  for (const field of fields(bytes, budget)) {
    switch (field.no) {
      case 1:
        attribute.name = text(field, 'attribute name');
        break;
      case 2:
        if (field.kind !== 'fixed32') throw malformed(l10n.t('attribute f has the wrong wire type'));
        attribute.f = field.value;
        break;
      case 3: {
        const value = int(field, 'attribute i');
        if (Number.isSafeInteger(value)) attribute.i = value;
        else attribute.rest.push(field.raw);
        break;
      }
      case 4:
        attribute.s = bytesOf(field, 'attribute s');
        break;
      case 5:
        attribute.t = decodeTensor(bytesOf(field, 'attribute t'), budget);
        break;
      case 6:
        attribute.g = decodeGraph(bytesOf(field, 'attribute g'), budget, depth + 1);
        break;
      case 8: {
        const before = numbers.length;
        ints(field, numbers, 'attribute ints', budget);
        if (numbers.slice(before).every(Number.isSafeInteger)) break;
        numbers.length = before;
        attribute.rest.push(field.raw);
        break;
      }
      case 20:
        attribute.type = int(field, 'attribute type');
        break;
      default:
        attribute.rest.push(field.raw);
    }
  }
  if (numbers.length > 0) attribute.ints = numbers;
  return attribute;
}

function decodeNode(bytes: Uint8Array, budget: Budget, depth: number): OnnxNode {
  const node: OnnxNode = { name: '', opType: '', domain: '', inputs: [], outputs: [], attributes: [], rest: [] };
  for (const field of fields(bytes, budget)) {
    if (field.no === 1) node.inputs.push(text(field, 'node input'));
    else if (field.no === 2) node.outputs.push(text(field, 'node output'));
    else if (field.no === 3) node.name = text(field, 'node name');
    else if (field.no === 4) node.opType = text(field, 'operator');
    else if (field.no === 5) node.attributes.push(decodeAttribute(bytesOf(field, 'attribute'), budget, depth));
    else if (field.no === 7) node.domain = text(field, 'domain');
    else node.rest.push(field.raw);
  }
  if (node.domain === 'ai.onnx') node.domain = '';
  return node;
}

function decodeShape(bytes: Uint8Array, budget: Budget): OnnxDim[] {
  const shape: OnnxDim[] = [];
  for (const field of fields(bytes, budget)) {
    if (field.no !== 1) continue;
    let dim: OnnxDim = null;
    for (const part of fields(bytesOf(field, 'shape'), budget)) {
      if (part.no === 1) dim = int(part, 'dimension');
      if (part.no === 2) dim = text(part, 'dimension');
    }
    shape.push(dim);
  }
  return shape;
}

function decodeValueInfo(bytes: Uint8Array, budget: Budget): OnnxValueInfo {
  const info: OnnxValueInfo = { name: '', elementType: 0, shape: null, rest: [] };
  for (const field of fields(bytes, budget)) {
    if (field.no === 1) info.name = text(field, 'value name');
    else if (field.no === 2) {
      const kinds = [...fields(bytesOf(field, 'type'), budget)];
      const tensor = kinds.find((k) => k.no === 1);
      if (!tensor) {
        info.rest.push(field.raw); // a sequence, map or optional: kept as it is
        continue;
      }
      for (const part of fields(bytesOf(tensor, 'tensor type'), budget)) {
        if (part.no === 1) info.elementType = int(part, 'element type');
        if (part.no === 2) info.shape = decodeShape(bytesOf(part, 'shape'), budget);
      }
    } else info.rest.push(field.raw);
  }
  return info;
}

function decodeGraph(bytes: Uint8Array, budget: Budget, depth: number): OnnxGraph {
  if (depth > MAX_DEPTH) throw malformed(l10n.t('graphs nested too deep'));
  const graph: OnnxGraph = {
    name: '',
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    valueInfo: [],
    rest: [],
  };
  for (const field of fields(bytes, budget)) {
    switch (field.no) {
      case 1:
        graph.nodes.push(decodeNode(bytesOf(field, 'node'), budget, depth));
        break;
      case 2:
        graph.name = text(field, 'graph name');
        break;
      case 5: {
        const tensor = decodeTensor(bytesOf(field, 'initializer'), budget);
        if (graph.initializers.has(tensor.name)) throw malformed(l10n.t('two initializers called {0}', tensor.name));
        graph.initializers.set(tensor.name, tensor);
        break;
      }
      case 11:
        graph.inputs.push(decodeValueInfo(bytesOf(field, 'input'), budget));
        break;
      case 12:
        graph.outputs.push(decodeValueInfo(bytesOf(field, 'output'), budget));
        break;
      case 13:
        graph.valueInfo.push(decodeValueInfo(bytesOf(field, 'value'), budget));
        break;
      default:
        graph.rest.push(field.raw);
    }
  }
  return graph;
}

/** Decodes a ModelProto. Tensors are views into `bytes`. Throws BACKBONE_INVALID. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const budget = new Budget();
  const model: Omit<OnnxModel, 'graph'> = {
    irVersion: 0,
    producer: '',
    opsets: new Map(),
    functionDomains: new Set(),
    rest: [],
  };
  let graph: OnnxGraph | null = null;
  for (const field of fields(bytes, budget)) {
    switch (field.no) {
      case 1:
        model.irVersion = int(field, 'IR version');
        break;
      case 2:
        model.producer = text(field, 'producer');
        break;
      case 7:
        if (graph) throw malformed(l10n.t('two graphs'));
        graph = decodeGraph(bytesOf(field, 'graph'), budget, 0);
        break;
      case 8: {
        let [domain, version] = ['', 0];
        for (const part of fields(bytesOf(field, 'operator set'), budget)) {
          if (part.no === 1) domain = text(part, 'domain');
          if (part.no === 2) version = int(part, 'operator set');
        }
        model.opsets.set(domain === 'ai.onnx' ? '' : domain, version);
        break;
      }
      case 25:
        for (const part of fields(bytesOf(field, 'function'), budget))
          if (part.no === 10) model.functionDomains.add(text(part, 'domain'));
        model.rest.push(field.raw);
        break;
      default:
        model.rest.push(field.raw);
    }
  }
  if (!graph || graph.nodes.length === 0) throw malformed(l10n.t('no graph in it'));
  return { ...model, graph };
}
