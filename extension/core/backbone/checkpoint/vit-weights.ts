import { cells, type Grid } from '../../array/grid';
import { resizePositions } from '../position-table';
import type { Safetensors } from './safetensors';
import type { BlockSource, LayerSource, Source, VitCheckpoint } from './vit-checkpoint';

/** A linear layer as a matrix product wants it: `weight` is [in, out] row-major, `bias` [out] or null. */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array | null;
  readonly inputs: number;
  readonly outputs: number;
}

export interface Norm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

/** Weights of one block; LayerScale is already multiplied into the two layers it follows. */
export interface BlockWeights {
  readonly norm1: Norm;
  readonly qkv: Linear;
  readonly attentionOut: Linear;
  readonly norm2: Norm;
  readonly mlpIn: Linear;
  readonly mlpOut: Linear;
}

/** Reads a checkpoint's weights in float32, one layer at a time, so that no more than a layer is ever in memory. */
export class VitWeights {
  constructor(
    private readonly file: Safetensors,
    readonly vit: VitCheckpoint,
  ) {}

  async read(source: Source): Promise<Float32Array> {
    const parts: Float32Array[] = [];
    for (const name of source.names) parts.push(await this.file.float32(name));
    if (parts.length === 1) return parts[0];
    const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  async norm({ weight, bias }: LayerSource): Promise<Norm> {
    const gamma = await this.read(weight);
    return { gamma, beta: bias ? await this.read(bias) : new Float32Array(gamma.length) };
  }

  async linear({ weight, bias }: LayerSource, scale: Source | null = null): Promise<Linear> {
    const [rows, columns] = weight.shape;
    const data = await this.read(weight);
    const offset = bias && (await this.read(bias));
    const layer = weight.transposed
      ? { weight: data, bias: offset, inputs: rows, outputs: columns }
      : { weight: transpose(data, rows, columns), bias: offset, inputs: columns, outputs: rows };
    return scale ? scaleOutputs(layer, await this.read(scale)) : layer;
  }

  async block(block: BlockSource): Promise<BlockWeights> {
    const { width } = this.vit;
    return {
      norm1: await this.norm(block.norm1),
      qkv: {
        weight: transpose(await this.read(block.qkv), 3 * width, width),
        bias: await this.stackBiases(block.qkvBiases),
        inputs: width,
        outputs: 3 * width,
      },
      attentionOut: await this.linear(block.attentionOut, block.scale1),
      norm2: await this.norm(block.norm2),
      mlpIn: await this.linear(block.mlpIn),
      mlpOut: await this.linear(block.mlpOut, block.scale2),
    };
  }

  /** Patch embedding as a convolution has it: [width, 3, patch, patch], and its bias. */
  async patchEmbedding(): Promise<{ weight: Float32Array; bias: Float32Array | null }> {
    const { patchWeight, patchBias } = this.vit;
    return { weight: await this.read(patchWeight), bias: patchBias && (await this.read(patchBias)) };
  }

  /** The position table for another grid: `prefix` rows and then the patches', width columns; zeros for rotary positions. */
  async positions(grid: Grid): Promise<{ data: Float32Array; prefix: number }> {
    const { positions, positionPrefix: prefix, nativeGrid, width, family } = this.vit;
    if (!positions) return { data: new Float32Array(cells(grid) * width), prefix: 0 };
    const table = { data: await this.read(positions), prefix, channels: width };
    const native = { height: nativeGrid, width: nativeGrid };
    const rule = family === 'clip' ? 'size' : 'scale_plus_0.1';
    return { data: resizePositions({ ...table, grid: native }, grid, rule), prefix };
  }

  /** What is added to the patches' embeddings, with the class and register tokens in front: [prefix + P, width]. */
  async tokenTable(grid: Grid): Promise<Float32Array> {
    const { width, registers, classToken, registerTokens } = this.vit;
    const positions = await this.positions(grid);
    const own = positions.prefix * width;
    const table = new Float32Array((1 + registers) * width + positions.data.length - own);
    table.set(await this.read(classToken));
    for (let c = 0; c < own; c++) table[c] += positions.data[c];
    if (registerTokens) table.set(await this.read(registerTokens), width);
    table.set(positions.data.subarray(own), (1 + registers) * width);
    return table;
  }

  private async stackBiases(sources: readonly (Source | null)[]): Promise<Float32Array | null> {
    if (sources.every((s) => s === null)) return null;
    const stacked = new Float32Array(3 * this.vit.width);
    const length = stacked.length / sources.length;
    for (const [i, source] of sources.entries()) if (source) stacked.set(await this.read(source), i * length);
    return stacked;
  }
}

/** [rows, columns] row-major as [columns, rows], in tiles that stay in the cache. */
export function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const TILE = 32;
  const out = new Float32Array(data.length);
  for (let r0 = 0; r0 < rows; r0 += TILE)
    for (let c0 = 0; c0 < columns; c0 += TILE)
      for (let r = r0; r < Math.min(r0 + TILE, rows); r++)
        for (let c = c0; c < Math.min(c0 + TILE, columns); c++) out[c * rows + r] = data[r * columns + c];
  return out;
}

/** Each output multiplied by its scale: LayerScale after a linear layer, exactly, without an operator of its own. */
function scaleOutputs(layer: Linear, scale: Float32Array): Linear {
  const weight = new Float32Array(layer.weight.length);
  for (let at = 0; at < weight.length; at += layer.outputs)
    for (let i = 0; i < layer.outputs; i++) weight[at + i] = layer.weight[at + i] * scale[i];
  return { ...layer, weight, bias: layer.bias && layer.bias.map((value, i) => value * scale[i]) };
}
