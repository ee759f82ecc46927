import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import type { Activation, VitFamily, VitHints } from './build-request';
import { isFloat } from './dtype';
import { NAMING_SCHEMES, type LayerName, type NamingScheme } from './naming-scheme';
import { dims, type TensorEntry } from './safetensors-header';

/** A weight to read: tensors of the file, stacked along the first axis; `rows x columns` as a linear layer has it. */
export interface Source {
  readonly names: readonly string[];
  /** Whole shape after stacking. */
  readonly shape: readonly number[];
  /** True: the file holds it as [in, out]. */
  readonly transposed: boolean;
}

export interface LayerSource {
  readonly weight: Source;
  readonly bias: Source | null;
}

export interface BlockSource {
  readonly norm1: LayerSource;
  /** [3 width, width]; biases absent from the file (DINOv3 keys) are null in `qkvBiases`. */
  readonly qkv: Source;
  readonly qkvBiases: readonly (Source | null)[];
  readonly attentionOut: LayerSource;
  readonly scale1: Source | null;
  readonly norm2: LayerSource;
  readonly mlpIn: LayerSource;
  readonly mlpOut: LayerSource;
  readonly scale2: Source | null;
}

/** A ViT as its checkpoint describes it, whatever library named the tensors: shapes, settings and where each weight is. */
export interface VitCheckpoint {
  readonly scheme: NamingScheme['id'];
  readonly family: VitFamily;
  readonly activation: Activation;
  readonly epsilon: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly mlpWidth: number;
  /** Side of a patch, pixels. */
  readonly patch: number;
  /** Side of the grid the position table was trained for. */
  readonly nativeGrid: number;
  readonly registers: number;
  /** Rows of the position table before the patches: 1, or 0 where the class token's was folded into it. */
  readonly positionPrefix: 0 | 1;
  /** Length of the projected image feature; null: none. */
  readonly projectionWidth: number | null;
  readonly patchWeight: Source;
  readonly patchBias: Source | null;
  readonly classToken: Source;
  readonly registerTokens: Source | null;
  /** Null: rotary positions, computed for every grid. */
  readonly positions: Source | null;
  readonly preNorm: LayerSource | null;
  readonly blocks: readonly BlockSource[];
  readonly finalNorm: LayerSource;
  readonly projection: LayerSource | null;
}

type Tensors = ReadonlyMap<string, TensorEntry>;

/** Real ViTs of every supported family use this many channels per head. */
const HEAD_SIZE = 64;
/** Side that networks with rotary positions (DINOv3) were trained at, pixels; the file does not tell. */
const ROTARY_NATIVE_SIDE = 256;

/**
 * Recognises the naming scheme and describes the network, checking that every tensor it needs is there with the right shape.
 * Throws BACKBONE_INVALID naming the tensor, with the shape found and the shape wanted.
 */
export function describeVit(tensors: Tensors, where: string, hints: VitHints = {}): VitCheckpoint {
  const { scheme, prefix } = recognise(tensors, where);
  const find = new Finder(tensors, prefix, where);
  const [width, , patch] = find.shapeOf(scheme.patch.weight, 4);
  const patchWeight = find.source([scheme.patch.weight], [width, 3, patch, patch]);
  const preNorm = scheme.preNorm && find.optionalLayer(scheme.preNorm, [width]);
  const depth = find.depth(scheme.blocks);
  const blockNames = scheme.block;
  const hasScale = blockNames.scale1 !== null && find.has(`${scheme.blocks}.0.${blockNames.scale1}`);
  const rotary = scheme.positions === null;
  if (hints.family !== undefined && (hints.family === 'dinov3') !== rotary)
    throw new MuscError('BACKBONE_INVALID', l10n.t('the checkpoint is not of the {0} family', hints.family), {
      where,
      hint: l10n.t('its positions are of another kind: check which file it is'),
    });
  const family = hints.family ?? (rotary ? 'dinov3' : preNorm ? 'clip' : hasScale ? 'dinov2' : 'dino');
  const heads = hints.heads ?? width / HEAD_SIZE;
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new MuscError('BACKBONE_INVALID', l10n.t("{0} channels don't divide into {1} heads", width, heads), {
      where,
      hint: l10n.t('give the number of attention heads of this checkpoint'),
    });
  const [mlpWidth] = find.shapeOf(`${scheme.blocks}.0.${blockNames.mlpIn.weight}`, 2);
  const registersName = scheme.registers.find((name) => find.has(name));
  const registers = registersName === undefined ? 0 : (find.shapeOf(registersName).at(-2) ?? 1);
  const positions =
    scheme.positions === null
      ? { source: null, grid: Math.round(ROTARY_NATIVE_SIDE / patch), prefix: 0 as const }
      : find.positions(scheme.positions, width);
  return {
    scheme: scheme.id,
    family,
    activation: hints.activation ?? (scheme.id === 'hf_clip' ? 'quick_gelu' : 'gelu'),
    epsilon: hints.layerNormEpsilon ?? (family === 'clip' || family === 'dinov3' ? 1e-5 : 1e-6),
    width,
    depth,
    heads,
    mlpWidth,
    patch,
    nativeGrid: positions.grid,
    registers,
    positionPrefix: positions.prefix,
    patchWeight,
    patchBias: find.optional(scheme.patch.bias, [width]),
    classToken: find.source([scheme.classToken], [width]),
    registerTokens: registersName === undefined ? null : find.source([registersName], [registers, width]),
    positions: positions.source,
    preNorm,
    blocks: Array.from({ length: depth }, (_, index) =>
      describeBlock(
        new Finder(tensors, `${prefix}${scheme.blocks}.${index}.`, where),
        scheme,
        width,
        mlpWidth,
        hasScale,
      ),
    ),
    finalNorm: find.layer(scheme.finalNorm, [width]),
    ...describeProjection(find, scheme, family, width),
  };
}

function describeBlock(
  find: Finder,
  { block }: NamingScheme,
  width: number,
  mlpWidth: number,
  hasScale: boolean,
): BlockSource {
  const rows = (3 * width) / block.qkv.length;
  const scale = (name: string | null) => (hasScale && name !== null ? find.source([name], [width]) : null);
  const weights = block.qkv.map((q) => find.source([q.weight], [rows, width]));
  return {
    norm1: find.layer(block.norm1, [width]),
    qkv: { names: weights.flatMap((w) => w.names), shape: [3 * width, width], transposed: false },
    qkvBiases: block.qkv.map((q) => find.optional(q.bias, [rows])),
    attentionOut: find.layer(block.attentionOut, [width, width], true),
    scale1: scale(block.scale1),
    norm2: find.layer(block.norm2, [width]),
    mlpIn: find.layer(block.mlpIn, [mlpWidth, width], true),
    mlpOut: find.layer(block.mlpOut, [width, mlpWidth], true),
    scale2: scale(block.scale2),
  };
}

function describeProjection(
  find: Finder,
  { projection }: NamingScheme,
  family: VitFamily,
  width: number,
): Pick<VitCheckpoint, 'projection' | 'projectionWidth'> {
  if (family !== 'clip' || !projection || !find.has(projection.name))
    return { projection: null, projectionWidth: null };
  const shape = find.shapeOf(projection.name, 2);
  const projectionWidth = shape[projection.transposed ? 1 : 0];
  const wanted = projection.transposed ? [width, projectionWidth] : [projectionWidth, width];
  const weight = { ...find.source([projection.name], wanted), transposed: projection.transposed };
  const bias = projection.bias === null ? null : find.optional(projection.bias, [projectionWidth]);
  return { projection: { weight, bias }, projectionWidth };
}

/** The scheme and the prefix (`visual.`, `model.`, ...) under which both of its telling tensors are found. */
function recognise(tensors: Tensors, where: string): { scheme: NamingScheme; prefix: string } {
  for (const scheme of NAMING_SCHEMES) {
    const prefixes = [...tensors.keys()]
      .filter((name) => name === scheme.signature || name.endsWith(`.${scheme.signature}`))
      .map((name) => name.slice(0, name.length - scheme.signature.length))
      .sort((a, b) => a.length - b.length);
    const prefix = prefixes.find(
      (p) => tensors.has(p + scheme.alsoNeeds) && (scheme.lacks === null || !tensors.has(p + scheme.lacks)),
    );
    if (prefix !== undefined) return { scheme, prefix };
  }
  throw new MuscError('BACKBONE_INVALID', l10n.t('the checkpoint is not a vision transformer we know how to read'), {
    where,
    hint: l10n.t(
      'use a CLIP or DINO (v1 to v3) checkpoint named as timm, Hugging Face transformers or open_clip do, or an ONNX file',
    ),
  });
}

const withoutLeadingOnes = (shape: readonly number[]): readonly number[] => {
  const first = shape.findIndex((d) => d !== 1);
  return first < 0 ? [1] : shape.slice(first);
};

/** Looks tensors up below a prefix, checking type and shape. Leading axes of length 1 don't count. */
class Finder {
  constructor(
    private readonly tensors: Tensors,
    private readonly prefix: string,
    private readonly where: string,
  ) {}

  has(name: string): boolean {
    return this.tensors.has(this.prefix + name);
  }

  shapeOf(name: string, rank?: number): readonly number[] {
    const { shape } = this.entry(name);
    if (rank !== undefined && shape.length !== rank)
      throw this.invalid(l10n.t('tensor {0} is {1}, expected {2} axes', this.prefix + name, dims(shape), rank));
    return shape;
  }

  source(names: readonly string[], shape: readonly number[]): Source {
    for (const name of names) {
      const entry = this.entry(name);
      if (withoutLeadingOnes(entry.shape).join() !== withoutLeadingOnes(shape).join())
        throw this.invalid(
          l10n.t('tensor {0} is {1}, expected {2}', this.prefix + name, dims(entry.shape), dims(shape)),
        );
    }
    return { names: names.map((name) => this.prefix + name), shape, transposed: false };
  }

  optional(name: string, shape: readonly number[]): Source | null {
    return this.has(name) ? this.source([name], shape) : null;
  }

  /** A norm (weight and bias both there) or, with `mayLackBias`, a linear layer. */
  layer(name: LayerName, shape: readonly number[], mayLackBias = false): LayerSource {
    const weight = this.source([name.weight], shape);
    const biasShape = [shape[0]];
    return { weight, bias: mayLackBias ? this.optional(name.bias, biasShape) : this.source([name.bias], biasShape) };
  }

  optionalLayer(name: LayerName, shape: readonly number[]): LayerSource | null {
    return this.has(name.weight) ? this.layer(name, shape) : null;
  }

  /** Blocks are counted by number, so 10 comes after 9. */
  depth(blocks: string): number {
    const start = `${this.prefix}${blocks}.`;
    let last = -1;
    for (const name of this.tensors.keys()) {
      const index = name.startsWith(start) ? /^(\d{1,4})\./.exec(name.slice(start.length)) : null;
      if (index) last = Math.max(last, Number(index[1]));
    }
    return last + 1;
  }

  /** The position table: the patches' rows are a square grid, perhaps with one row for the class token before. */
  positions(name: string, width: number): { source: Source; grid: number; prefix: 0 | 1 } {
    const rows = this.shapeOf(name).at(-2) ?? 0;
    for (const prefix of [1, 0] as const) {
      const grid = Math.sqrt(rows - prefix);
      if (rows > prefix && Number.isInteger(grid)) return { source: this.source([name], [rows, width]), grid, prefix };
    }
    throw this.invalid(l10n.t('tensor {0} has {1} rows, no square grid of patches', this.prefix + name, rows));
  }

  private entry(name: string): TensorEntry {
    const entry = this.tensors.get(this.prefix + name);
    if (!entry) throw this.invalid(l10n.t('tensor {0} is missing', this.prefix + name));
    if (!isFloat(entry.dtype))
      throw this.invalid(l10n.t('tensor {0} holds {1}, expected floating point', this.prefix + name, entry.dtype));
    return entry;
  }

  private invalid(what: string): MuscError {
    return new MuscError('BACKBONE_INVALID', l10n.t('unusable checkpoint: {0}', what), {
      where: this.where,
      hint: l10n.t('the file is incomplete, or of a variant we do not support'),
    });
  }
}

/** Names of every tensor of the file that the network reads. */
export function usedTensors(vit: VitCheckpoint): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('names' in value && Array.isArray(value.names)) for (const name of value.names) names.add(String(name));
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(vit);
  return names;
}
