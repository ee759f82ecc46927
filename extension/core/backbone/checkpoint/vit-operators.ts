import type { Activation } from './build-request';
import type { GraphBuilder } from './graph-builder';
import type { RotaryTable } from './rotary-table';
import type { Linear, Norm } from './vit-weights';

/** QuickGELU is x * sigmoid(1.702 x), as OpenAI's CLIP was trained with. */
const QUICK_GELU_ALPHA = 1.702;

export interface AttentionShape {
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  /** Rotary positions, as `rotary` made them; null: none. */
  readonly rotary: RotaryNames | null;
}

/** Constants of the rotary positions, laid out as the operators want them. */
export interface RotaryNames {
  readonly cos: string;
  readonly sin: string;
}

/** What a ViT is made of, in one set of ONNX operators. All values are n x T x C; names are the stems of constants. */
export interface VitOperators {
  layerNorm(x: string, name: string, norm: Norm, epsilon: number): Promise<string>;
  /** x + y + bias, and its norm. */
  addAndNorm(
    x: string,
    y: string,
    bias: Float32Array | null,
    name: string,
    norm: Norm,
    epsilon: number,
  ): Promise<{ sum: string; normed: string }>;
  /** Makes the constants of rotary positions, once for all blocks. */
  rotary(table: RotaryTable): Promise<RotaryNames>;
  /** Self-attention of `x` up to, not with, the output layer. */
  attention(x: string, name: string, qkv: Linear, shape: AttentionShape): Promise<string>;
  /** activation(x weight + bias). */
  activated(x: string, name: string, layer: Linear, activation: Activation): Promise<string>;
}

/** x weight, without the bias. */
export async function product(g: GraphBuilder, x: string, name: string, layer: Linear): Promise<string> {
  return g.node('MatMul', [x, await g.weight(`${name}.weight`, [layer.inputs, layer.outputs], layer.weight)]);
}

export async function addBias(g: GraphBuilder, x: string, name: string, bias: Float32Array | null): Promise<string> {
  return bias ? g.node('Add', [x, await g.weight(`${name}.bias`, [bias.length], bias)]) : x;
}

async function normConstants(g: GraphBuilder, name: string, { gamma, beta }: Norm): Promise<[string, string]> {
  return [await g.weight(`${name}.weight`, [gamma.length], gamma), await g.weight(`${name}.bias`, [beta.length], beta)];
}

async function layerNorm(g: GraphBuilder, x: string, name: string, norm: Norm, epsilon: number): Promise<string> {
  const constants = await normConstants(g, name, norm);
  return g.node('LayerNormalization', [x, ...constants], { axis: -1, epsilon: { float: epsilon } });
}

/** Three products and one fused operator: a product of all three with a Split after it copies more and is no faster. */
async function fusedAttention(
  g: GraphBuilder,
  x: string,
  name: string,
  qkv: Linear,
  { heads, rotary }: AttentionShape,
): Promise<string> {
  const parts: string[] = [];
  if (rotary) {
    for (const [index, role] of ['query', 'key', 'value'].entries()) {
      const part = columns(qkv, index, 3);
      const value = await addBias(g, await product(g, x, `${name}.${role}`, part), `${name}.${role}`, part.bias);
      const inputs = [value, g.integers(0), rotary.cos, rotary.sin];
      parts.push(role === 'value' ? value : g.fused('RotaryEmbedding', inputs, { num_heads: heads }));
    }
    return g.fused('MultiHeadAttention', parts, { num_heads: heads });
  }
  for (const [index, role] of ['query', 'key', 'value'].entries())
    parts.push(await product(g, x, `${name}.${role}`, columns(qkv, index, 3)));
  if (qkv.bias) parts.push(await g.weight(`${name}.bias`, [qkv.outputs], qkv.bias));
  return g.fused('MultiHeadAttention', parts, { num_heads: heads });
}

/** The `index`-th of `count` equal groups of a layer's outputs. */
function columns(layer: Linear, index: number, count: number): Linear {
  const outputs = layer.outputs / count;
  const weight = new Float32Array(layer.inputs * outputs);
  for (let row = 0; row < layer.inputs; row++) {
    const from = row * layer.outputs + index * outputs;
    weight.set(layer.weight.subarray(from, from + outputs), row * outputs);
  }
  const bias = layer.bias && layer.bias.subarray(index * outputs, (index + 1) * outputs);
  return { weight, bias, inputs: layer.inputs, outputs };
}

async function fusedActivation(
  g: GraphBuilder,
  x: string,
  name: string,
  layer: Linear,
  activation: Activation,
): Promise<string> {
  const value = await product(g, x, name, layer);
  if (activation === 'gelu' && layer.bias)
    return g.fused('BiasGelu', [value, await g.weight(`${name}.bias`, [layer.outputs], layer.bias)]);
  const biased = await addBias(g, value, name, layer.bias);
  return activation === 'gelu'
    ? g.fused('Gelu', [biased])
    : g.fused('QuickGelu', [biased], { alpha: { float: QUICK_GELU_ALPHA } });
}

/**
 * What ONNX Runtime's CPU provider runs fastest. MultiHeadAttention works in tiles that stay in the cache and never holds the
 * T x T matrix; SkipLayerNormalization is left out because its CPU kernel takes several times as long as Add and
 * LayerNormalization (npm run bench).
 */
export function cpuOperators(g: GraphBuilder): VitOperators {
  return {
    ...plainOperators(g),
    rotary: async ({ cos, sin, tokens, half }) => ({
      cos: await g.weight('rotary.cos', [tokens, half], cos),
      sin: await g.weight('rotary.sin', [tokens, half], sin),
    }),
    attention: (x, name, qkv, shape) => fusedAttention(g, x, name, qkv, shape),
    activated: (x, name, layer, activation) => fusedActivation(g, x, name, layer, activation),
  };
}

/** For GPUs, where every operator is a pass over memory: as much as can be in each. */
export function gpuOperators(g: GraphBuilder): VitOperators {
  return {
    ...cpuOperators(g),
    async addAndNorm(x, y, bias, name, norm, epsilon) {
      const inputs = [y, x, ...(await normConstants(g, `${name}.norm`, norm))];
      if (bias) inputs.push(await g.weight(`${name}.bias`, [bias.length], bias));
      const normed = g.fresh('normed');
      const sum = g.fresh('sum');
      g.fused('SkipLayerNormalization', inputs, { epsilon: { float: epsilon } }, [normed, '', '', sum]);
      return { sum, normed };
    },
  };
}

/** Standard ONNX operators only (set 17), for providers that lack the fused ones. */
export function plainOperators(g: GraphBuilder): VitOperators {
  return {
    layerNorm: (x, name, norm, epsilon) => layerNorm(g, x, name, norm, epsilon),
    async addAndNorm(x, y, bias, name, norm, epsilon) {
      const sum = g.node('Add', [x, await addBias(g, y, name, bias)]);
      return { sum, normed: await layerNorm(g, sum, `${name}.norm`, norm, epsilon) };
    },
    rotary: async ({ cos, sin, tokens, half }) => ({
      cos: await g.weight('rotary.cos', [tokens, 1, 2 * half], twice(cos, half)),
      sin: await g.weight('rotary.sin', [tokens, 1, 2 * half], twice(sin, half)),
    }),
    async attention(x, name, qkv, { tokens, width, heads, rotary }) {
      const size = width / heads;
      const stacked = await addBias(g, await product(g, x, name, qkv), name, qkv.bias);
      const split = g.node('Reshape', [stacked, g.integers(0, tokens, 3, heads, size)]);
      const [query, key, value] = [0, 1, 2].map((part) => {
        const chosen = g.node('Slice', [split, g.integers(part), g.integers(part + 1), g.integers(2)]);
        const perm = part === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3];
        const flat = g.node('Reshape', [chosen, g.integers(0, tokens, heads, size)]);
        const placed = rotary && part < 2 ? rotate(g, flat, rotary, size / 2) : flat;
        return g.node('Transpose', [placed], { perm });
      });
      const scaled = g.node('Mul', [query, await g.scalar(size ** -0.5)]);
      const weights = g.node('Softmax', [g.node('MatMul', [scaled, key])], { axis: -1 });
      const mixed = g.node('Transpose', [g.node('MatMul', [weights, value])], { perm: [0, 2, 1, 3] });
      return g.node('Reshape', [mixed, g.integers(0, tokens, width)]);
    },
    async activated(x, name, layer, activation) {
      const value = await addBias(g, await product(g, x, name, layer), name, layer.bias);
      if (activation === 'quick_gelu') {
        const gate = g.node('Sigmoid', [g.node('Mul', [value, await g.scalar(QUICK_GELU_ALPHA)])]);
        return g.node('Mul', [value, gate]);
      }
      const erf = g.node('Erf', [g.node('Div', [value, await g.scalar(Math.SQRT2)])]);
      const gate = g.node('Add', [erf, await g.scalar(1)]);
      return g.node('Mul', [g.node('Mul', [value, gate]), await g.scalar(0.5)]);
    },
  };
}

/** Each row of `half` values repeated: both halves of a head turn by the same angles. */
function twice(rows: Float32Array, half: number): Float32Array {
  const out = new Float32Array(rows.length * 2);
  for (let at = 0; at < rows.length; at += half) {
    out.set(rows.subarray(at, at + half), at * 2);
    out.set(rows.subarray(at, at + half), at * 2 + half);
  }
  return out;
}

/** x cos + (-second half, first half) sin, over the last axis of n x T x heads x 2 half. */
function rotate(g: GraphBuilder, x: string, { cos, sin }: RotaryNames, half: number): string {
  const part = (from: number, to: number): string =>
    g.node('Slice', [x, g.integers(from), g.integers(to), g.integers(3)]);
  const turned = g.node('Concat', [g.node('Neg', [part(half, 2 * half)]), part(0, half)], { axis: -1 });
  return g.node('Add', [g.node('Mul', [x, cos]), g.node('Mul', [turned, sin])]);
}
