import { readFile, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError, toMuscError } from '../../errors';
import { decodeModel } from './decode';
import { inlineTables } from './external-data';
import { GraphIndex } from './graph-index';
import { ElementType, type OnnxModel, type OnnxValueInfo } from './model';
import { externalFiles, refuseForeignOperators } from './validate';
import { vitForm, type VitForm } from './vit-form';
import { malformed } from './wire';

/** Largest ONNX file read whole: protobuf's own limit. Larger networks keep their weights in a file beside it. */
const MAX_BYTES = 2 ** 31 - 1;

/** An ONNX file, decoded and looked through. */
export interface Network {
  readonly model: OnnxModel;
  readonly index: GraphIndex;
  /** The picture input, [B, 3, H, W]. */
  readonly input: OnnxValueInfo;
  /** Declared sides of the picture, pixels; null where free. */
  readonly declared: { readonly height: number | null; readonly width: number | null };
  /** Number of pictures the declared input insists on; null: any. */
  readonly fixedBatch: number | null;
  readonly form: VitForm | null;
  /** Files beside it that hold weights. */
  readonly external: readonly string[];
}

function pictureInput(model: OnnxModel): OnnxValueInfo {
  const open = model.graph.inputs.filter((i) => !model.graph.initializers.has(i.name));
  const isPicture = (i: OnnxValueInfo) =>
    (i.elementType === ElementType.float || i.elementType === ElementType.float16) &&
    (i.shape === null || (i.shape.length === 4 && (typeof i.shape[1] !== 'number' || i.shape[1] === 3)));
  if (open.length === 1 && isPicture(open[0])) return open[0];
  const taken = open
    .map((i) => `${i.name} [${i.shape?.join(', ') ?? 'any'}]`)
    .slice(0, 5)
    .join(', ');
  throw new MuscError('BACKBONE_INVALID', l10n.t('the network does not take one picture [batch, 3, height, width]'), {
    hint: taken
      ? l10n.t('it takes {0}; export the vision part alone', taken)
      : l10n.t('it takes nothing; export the vision part alone'),
  });
}

/** Decodes and checks the bytes of an ONNX file. Throws BACKBONE_INVALID. */
export function decodeNetwork(bytes: Uint8Array, where?: string): Omit<Network, 'external'> {
  const model = decodeModel(bytes);
  refuseForeignOperators(model, where);
  const input = pictureInput(model);
  const index = new GraphIndex(model.graph, input.name);
  const [batch, , height, width] = input.shape ?? [];
  const fixed = (dim: unknown): number | null => (typeof dim === 'number' && dim > 0 ? dim : null);
  return {
    model,
    index,
    input,
    declared: { height: fixed(height), width: fixed(width) },
    fixedBatch: fixed(batch),
    form: vitForm(index),
  };
}

/** Reads an ONNX file. Throws BACKBONE_INVALID, BACKBONE_MISSING (weights beside it), FILE_IO. */
export async function readNetwork(file: string): Promise<Network> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(file);
    if (size === 0) throw malformed(l10n.t('empty'), file);
    if (size > MAX_BYTES) throw malformed(l10n.t('larger than 2 GiB'), file);
    bytes = await readFile(file);
  } catch (error) {
    throw toMuscError(error, file);
  }
  try {
    const network = decodeNetwork(bytes, file);
    const external = await externalFiles(network.model, file);
    if (external.length > 0) await inlineTables(network.model, file);
    return { ...network, external };
  } catch (error) {
    if (error instanceof MuscError && error.where === undefined)
      throw new MuscError(error.code, error.message, { where: file, hint: error.hint, cause: error });
    throw error;
  }
}
