import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model';
import { Message } from './wire';

function append(message: Message, rest: readonly Uint8Array[]): Message {
  for (const bytes of rest) message.raw(bytes);
  return message;
}

function encodeTensor(tensor: OnnxTensor): Message {
  const out = new Message();
  for (const d of tensor.dims) out.varint(1, d);
  out.varint(2, tensor.dataType);
  if (tensor.name) out.string(8, tensor.name);
  if (tensor.raw) out.bytes(9, tensor.raw);
  if (tensor.external) {
    for (const [key, value] of tensor.external) out.message(13, new Message().string(1, key).string(2, value));
    out.varint(14, 1);
  }
  return append(out, tensor.rest);
}

function encodeAttribute(attribute: OnnxAttribute): Message {
  const out = new Message().string(1, attribute.name);
  if (attribute.f !== undefined) out.float(2, attribute.f);
  if (attribute.i !== undefined) out.varint(3, attribute.i);
  if (attribute.s !== undefined) out.bytes(4, attribute.s);
  if (attribute.t !== undefined) out.message(5, encodeTensor(attribute.t));
  if (attribute.g !== undefined) out.message(6, encodeGraph(attribute.g));
  for (const i of attribute.ints ?? []) out.varint(8, i);
  if (attribute.type) out.varint(20, attribute.type);
  return append(out, attribute.rest);
}

function encodeNode(node: OnnxNode): Message {
  const out = new Message();
  for (const name of node.inputs) out.string(1, name);
  for (const name of node.outputs) out.string(2, name);
  if (node.name) out.string(3, node.name);
  out.string(4, node.opType);
  for (const attribute of node.attributes) out.message(5, encodeAttribute(attribute));
  if (node.domain) out.string(7, node.domain);
  return append(out, node.rest);
}

function encodeValueInfo(info: OnnxValueInfo): Message {
  const out = new Message().string(1, info.name);
  if (info.elementType) {
    const tensor = new Message().varint(1, info.elementType);
    if (info.shape) {
      const shape = new Message();
      for (const dim of info.shape) {
        const one = new Message();
        if (typeof dim === 'number') one.varint(1, dim);
        else if (dim !== null) one.string(2, dim);
        shape.message(1, one);
      }
      tensor.message(2, shape);
    }
    out.message(2, new Message().message(1, tensor));
  }
  return append(out, info.rest);
}

function encodeGraph(graph: OnnxGraph): Message {
  const out = new Message();
  for (const node of graph.nodes) out.message(1, encodeNode(node));
  out.string(2, graph.name);
  for (const tensor of graph.initializers.values()) out.message(5, encodeTensor(tensor));
  for (const info of graph.inputs) out.message(11, encodeValueInfo(info));
  for (const info of graph.outputs) out.message(12, encodeValueInfo(info));
  for (const info of graph.valueInfo) out.message(13, encodeValueInfo(info));
  return append(out, graph.rest);
}

/** A ModelProto as bytes: what was decoded and changed, and every field that was not looked into. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const out = new Message().varint(1, model.irVersion);
  if (model.producer) out.string(2, model.producer);
  out.message(7, encodeGraph(model.graph));
  for (const [domain, version] of model.opsets) out.message(8, new Message().string(1, domain).varint(2, version));
  return append(out, model.rest).finish();
}
