import type { GraphIndex } from './graph-index';

/** A layer normalisation over the last axis with its affine part, fused or decomposed. */
export interface LayerNorm {
  readonly input: string;
  readonly output: string;
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** The normalisation that reads `input`, or null. Opset 17 has it as one node; before, exporters write it out. */
export function layerNormOf(index: GraphIndex, input: string): LayerNorm | null {
  for (const node of index.consumers(input)) {
    if (node.opType === 'LayerNormalization' && node.inputs[0] === input) return { input, output: node.outputs[0] };
    if (node.opType === 'Sub' && node.inputs[0] === input) {
      const mean = index.producer(node.inputs[1]);
      if (mean?.opType !== 'ReduceMean' || mean.inputs[0] !== input) continue;
      const centred = node.outputs[0];
      const divide = index.consumers(centred).find((n) => n.opType === 'Div' && n.inputs[0] === centred);
      const root = divide && index.producer(divide.inputs[1]);
      if (!divide || root?.opType !== 'Sqrt') continue;
      const scale = only(index.consumers(divide.outputs[0]));
      const shift = scale?.opType === 'Mul' ? only(index.consumers(scale.outputs[0])) : undefined;
      if (shift?.opType === 'Add') return { input, output: shift.outputs[0] };
    }
  }
  return null;
}

/** The tensor whose normalisation `output` is, or null. */
export function layerNormInput(index: GraphIndex, output: string): string | null {
  const node = index.producer(output);
  if (node?.opType === 'LayerNormalization') return node.inputs[0];
  if (node?.opType !== 'Add') return null;
  const scaled = node.inputs.map((i) => index.producer(i)).find((n) => n?.opType === 'Mul');
  const divide = scaled?.inputs.map((i) => index.producer(i)).find((n) => n?.opType === 'Div');
  const centre = divide && index.producer(divide.inputs[0]);
  if (centre?.opType !== 'Sub') return null;
  return layerNormOf(index, centre.inputs[0])?.output === output ? centre.inputs[0] : null;
}
