import type { GraphIndex } from './graph-index';
import { layerNormInput, layerNormOf, type LayerNorm } from './layer-norm';
import type { OnnxNode } from './model';

/** What a stock ViT export shows of itself. */
export interface VitForm {
  /** CLIP normalises its tokens before the first block; DINOv2 scales its branches (LayerScale); DINO does neither. */
  readonly family: 'clip' | 'dino' | 'dinov2';
  /** Residual stream after each block. */
  readonly blocks: readonly string[];
  /** What the first block reads. */
  readonly stream: string;
  /** Normalisation of the last block's whole sequence; null where only the class token is normed (CLIP). */
  readonly finalNorm: LayerNorm | null;
}

const ATTENTION = new Set(['Softmax', 'Attention', 'MultiHeadAttention', 'GroupQueryAttention', 'PackedAttention']);

/** An addition of a branch to the stream it was computed from. */
interface Residual {
  readonly output: string;
  readonly skip: string;
  readonly branch: string;
  readonly attends: boolean;
}

function residual(index: GraphIndex, node: OnnxNode): Residual | null {
  if (node.opType !== 'Add' || node.inputs.length !== 2 || !node.inputs.every((i) => index.isDynamic(i))) return null;
  const [a, b] = node.inputs;
  const [skip, branch] = index.order(a) <= index.order(b) ? [a, b] : [b, a];
  const nodes = index.between(index.source(skip), branch);
  if (nodes === null) return null;
  return {
    output: node.outputs[0],
    skip: index.source(skip),
    branch,
    attends: nodes.some((n) => ATTENTION.has(n.opType)),
  };
}

/** The longest chain of residual additions, first to last. */
function longestChain(index: GraphIndex): Residual[] {
  const ends = new Map<string, { readonly last: Residual; readonly length: number }>();
  let best: Residual | null = null;
  let most = 0;
  for (const node of index.graph.nodes) {
    const found = residual(index, node);
    if (!found) continue;
    const length = (ends.get(found.skip)?.length ?? 0) + 1;
    ends.set(found.output, { last: found, length });
    if (length > most) [best, most] = [found, length];
  }
  const chain: Residual[] = [];
  for (let at = best; at; at = ends.get(at.skip)?.last ?? null) chain.unshift(at);
  return chain;
}

/** Does the branch end in a multiplication with a constant vector (LayerScale)? */
function scaled(index: GraphIndex, branch: string): boolean {
  const node = index.producer(index.source(branch));
  return node?.opType === 'Mul' && node.inputs.some((i) => index.constant(i)?.dims.at(-1) !== undefined);
}

/**
 * Recognises a pre-norm vision transformer by its residual stream, whatever its tensors are called; null: it is none.
 * A block is an attention branch and what follows it up to the next.
 */
export function vitForm(index: GraphIndex): VitForm | null {
  const chain = longestChain(index);
  if (chain.filter((r) => r.attends).length < 2 || !chain[0].attends) return null;
  const blocks = chain.filter((_, i) => i + 1 === chain.length || chain[i + 1].attends).map((r) => r.output);
  const stream = chain[0].skip;
  const preNorm = layerNormInput(index, stream) !== null;
  const family = preNorm ? 'clip' : scaled(index, chain[0].branch) ? 'dinov2' : 'dino';
  return {
    family,
    blocks,
    stream,
    finalNorm: family === 'clip' ? null : layerNormOf(index, blocks[blocks.length - 1]),
  };
}
