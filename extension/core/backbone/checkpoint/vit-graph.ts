import { cells, type Grid } from '../../array/grid';
import type { Activation } from './build-request';
import type { GraphBuilder } from './graph-builder';
import { rotaryTable } from './rotary-table';
import { addBias, product, type VitOperators } from './vit-operators';
import type { Norm, VitWeights } from './vit-weights';

export const INPUT_NAME = 'pixel_values';
export const EMBEDDING_NAME = 'image_embedding';
export const tapName = (block: number): string => `block${block}`;

/** Which graph to write of a checkpoint. */
export interface GraphPlan {
  /** Patches of the input: rows and columns. */
  readonly grid: Grid;
  /** Block indices, ascending. */
  readonly taps: readonly number[];
  readonly embedding: boolean;
  readonly activation: Activation;
  /** `patches` drops class and register tokens of taps. */
  readonly tokens: 'patches' | 'all';
  /** `family`: as SPEC 2 says (final-normed for all but CLIP); `residual`: the stream after the block, of any family. */
  readonly tapForm: 'family' | 'residual';
}

/**
 * Writes the network as a graph for one input size: patch embedding, blocks up to the last one needed, taps and image feature as
 * outputs. Weights are read and handed on block by block; `step` is called after each.
 */
export async function writeVitGraph(
  weights: VitWeights,
  plan: GraphPlan,
  g: GraphBuilder,
  ops: VitOperators,
  step: (fraction: number) => void = () => undefined,
): Promise<void> {
  const { vit } = weights;
  const prefix = 1 + vit.registers;
  const tokens = prefix + cells(plan.grid);
  const rotary = vit.positions ? null : await ops.rotary(rotaryTable(plan.grid, prefix, vit.width / vit.heads));
  const shape = { tokens, width: vit.width, heads: vit.heads, rotary };
  const count = plan.embedding ? vit.depth : Math.max(...plan.taps) + 1;
  const normTaps = plan.tapForm === 'family' && vit.family !== 'clip';
  const finalNorm = new FinalNorm(g, await weights.norm(vit.finalNorm), vit.epsilon);

  let sum = await embedPatches(weights, plan, g, ops);
  let block = await weights.block(vit.blocks[0]);
  let normed = await ops.layerNorm(sum, 'block0.norm1', block.norm1, vit.epsilon);
  for (let i = 0; i < count; i++) {
    const name = `block${i}`;
    const mixed = await ops.attention(normed, `${name}.qkv`, block.qkv, shape);
    const attended = await product(g, mixed, `${name}.attention`, block.attentionOut);
    const middle = await ops.addAndNorm(
      sum,
      attended,
      block.attentionOut.bias,
      `${name}.attention`,
      block.norm2,
      vit.epsilon,
    );
    const hidden = await ops.activated(middle.normed, `${name}.mlp_in`, block.mlpIn, plan.activation);
    const out = await product(g, hidden, `${name}.mlp_out`, block.mlpOut);
    const bias = block.mlpOut.bias;
    step((i + 1) / count);
    if (i + 1 < count) {
      block = await weights.block(vit.blocks[i + 1]);
      const next = `${name}.mlp_out`;
      ({ sum, normed } = await ops.addAndNorm(middle.sum, out, bias, next, block.norm1, vit.epsilon));
    } else sum = g.node('Add', [middle.sum, await addBias(g, out, `${name}.mlp_out`, bias)]);
    if (plan.taps.includes(i)) {
      const kept = plan.tokens === 'all' ? sum : rows(g, sum, prefix, tokens);
      const length = plan.tokens === 'all' ? tokens : tokens - prefix;
      const value = normTaps ? await finalNorm.apply(kept) : kept;
      g.output(tapName(i), value, ['batch', length, vit.width]);
    }
  }
  if (plan.embedding) await embedImage(weights, g, sum, finalNorm);
}

/** The final norm, its constants stored once however many taps use it. */
class FinalNorm {
  private constants: string[] | undefined;

  constructor(
    private readonly g: GraphBuilder,
    private readonly norm: Norm,
    private readonly epsilon: number,
  ) {}

  async apply(x: string): Promise<string> {
    const { gamma, beta } = this.norm;
    this.constants ??= [
      await this.g.weight('final_norm.weight', [gamma.length], gamma),
      await this.g.weight('final_norm.bias', [beta.length], beta),
    ];
    return this.g.node('LayerNormalization', [x, ...this.constants], { axis: -1, epsilon: { float: this.epsilon } });
  }
}

const rows = (g: GraphBuilder, x: string, from: number, to: number): string =>
  g.node('Slice', [x, g.integers(from), g.integers(to), g.integers(1)]);

/** Pixels to tokens: convolution, room for the prefix tokens, then one table with prefix tokens and positions added. */
async function embedPatches(weights: VitWeights, plan: GraphPlan, g: GraphBuilder, ops: VitOperators): Promise<string> {
  const { vit } = weights;
  const { height, width } = plan.grid;
  const size = [height * vit.patch, width * vit.patch];
  let pixels = g.input(INPUT_NAME, ['batch', 3, ...size]);
  if (g.precision === 'float16') pixels = g.node('Cast', [pixels], { to: 10 });
  const { weight, bias } = await weights.patchEmbedding();
  const inputs = [pixels, await g.weight('patch.weight', vit.patchWeight.shape, weight)];
  if (bias) inputs.push(await g.weight('patch.bias', [vit.width], bias));
  const side = [vit.patch, vit.patch];
  const maps = g.node('Conv', inputs, { kernel_shape: side, strides: side });
  const flat = g.node('Reshape', [maps, g.integers(0, vit.width, height * width)]);
  const patches = g.node('Transpose', [flat], { perm: [0, 2, 1] });
  const prefix = 1 + vit.registers;
  const padded = g.node('Pad', [patches, g.integers(0, prefix, 0, 0, 0, 0)]);
  const table = await weights.tokenTable(plan.grid);
  const tokens = prefix + height * width;
  const summed = g.node('Add', [padded, await g.weight('tokens', [tokens, vit.width], table)]);
  return vit.preNorm ? ops.layerNorm(summed, 'pre_norm', await weights.norm(vit.preNorm), vit.epsilon) : summed;
}

/** The image feature: the final-normed class token, projected where the family has a projection (CLIP). */
async function embedImage(weights: VitWeights, g: GraphBuilder, sum: string, finalNorm: FinalNorm): Promise<void> {
  const { vit } = weights;
  const first = g.node('Reshape', [rows(g, sum, 0, 1), g.integers(-1, vit.width)]);
  const normed = await finalNorm.apply(first);
  if (!vit.projection) return g.output(EMBEDDING_NAME, normed, ['batch', vit.width]);
  const layer = await weights.linear(vit.projection);
  const projected = await addBias(g, await product(g, normed, 'projection', layer), 'projection', layer.bias);
  g.output(EMBEDDING_NAME, projected, ['batch', layer.outputs]);
}
