import { createHash } from 'node:crypto';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Grid } from '../../array/grid';
import { MuscError } from '../../errors';
import { PAPER_DEGREES } from '../../settings';
import { quarterTaps } from '../checkpoint/build-backbone';
import type { BackboneInfo, BackboneRequest, RecommendedInput } from '../backbone';
import { IMAGE_SIZE_OPTION } from '../fit';
import { resizePositions } from '../position-table';
import type { PreparedGraph, PreparedTap } from '../prepared-graph';
import { CLIP_PREPROCESS, IMAGENET_PREPROCESS, PREPROCESS_PRESETS } from '../preprocess-presets';
import type { RegistryEntry } from '../registry-schema';
import { recordedSha256 } from '../remembered-sha256';
import { encodeModel } from './encode';
import { GraphIndex } from './graph-index';
import { ElementType } from './model';
import { readNetwork, type Network } from './network';
import { networkForm, type NetworkForm } from './network-form';
import { exactGelu, expose, exposeAsFloat, normToo, prune, relaxShapes, replacePositions, takeFloat } from './rewrite';
import { unknownTap } from './tap-names';

/** Names that exporters give to the image feature, best first. */
const EMBEDDING_NAMES = ['image_embeds', 'pooler_output', 'embedding', 'embeddings', 'image_features', 'features'];
const CONV_SIZE = 256; // pixels: a common size for a network that doesn't say its own

/** Every tensor that can be tapped: outputs of nodes whose values depend on the picture. */
function tensorNames({ model, index }: Network): string[] {
  return model.graph.nodes.flatMap((n) => n.outputs).filter((name) => name !== '' && index.isDynamic(name));
}

/** Taps as asked for, each with the tensor that carries it; blocks of DINO and DINOv2 are normed. Throws TAP_UNKNOWN. */
function tapTensors(network: Network, wanted: readonly string[] | 'auto', entry: RegistryEntry | null) {
  const { form, model, index } = network;
  const names = tensorNames(network);
  const outputs = model.graph.outputs.map((o) => o.name);
  const asked = wanted === 'auto' && entry && entry.taps !== 'auto' ? entry.taps : wanted;
  if (asked === 'auto' && !form)
    throw new MuscError(
      'TAP_UNKNOWN',
      l10n.t('this network is no stock vision transformer: its form does not tell what to tap'),
      {
        hint: l10n.t('name its taps; its outputs are {0}', outputs.slice(0, 12).join(', ')),
        options: '--taps a,b',
      },
    );
  const list = asked === 'auto' ? quarterTaps(form?.blocks.length ?? 0).map(String) : asked;
  if (list.length === 0)
    throw new MuscError('TAP_UNKNOWN', l10n.t('no taps given'), { hint: l10n.t('name at least one') });
  const existing = new Set(names);
  return list.map((name) => {
    const block = form && /^\d{1,3}$/.test(name) ? Number(name) : null;
    if (form && block !== null && block < form.blocks.length) {
      const tensor = form.blocks[block];
      return { name, tensor: form.finalNorm ? normToo(model.graph, index, form.finalNorm, tensor) : tensor };
    }
    if (existing.has(name)) return { name, tensor: name };
    throw block !== null && form
      ? unknownTap(
          name,
          form.blocks.map((_, i) => String(i)),
          'block',
        )
      : unknownTap(name, [...outputs, ...names]);
  });
}

/** Tensor with the image feature, or null. Throws TAP_UNKNOWN for a named one that is not there. */
function embeddingTensor(network: Network, wanted: string | null): string | null {
  const { form, model } = network;
  const outputs = model.graph.outputs;
  if (wanted !== null) {
    const names = [...outputs.map((o) => o.name), ...tensorNames(network)];
    if (names.includes(wanted)) return wanted;
    throw unknownTap(wanted, names, 'embedding');
  }
  if (form?.finalNorm) return form.finalNorm.output; // its class token
  return (
    EMBEDDING_NAMES.find((name) => outputs.some((o) => o.name === name)) ??
    outputs.find((o) => o.shape?.length === 2)?.name ??
    null
  );
}

function chooseSize(request: BackboneRequest, entry: RegistryEntry | null, native: Grid | null): Grid {
  if (request.input) return request.input;
  const side = entry?.imageSize;
  return side !== undefined ? { height: side, width: side } : (native ?? { height: CONV_SIZE, width: CONV_SIZE });
}

/** What an ONNX file takes. Throws BACKBONE_INVALID, BACKBONE_MISSING (weights beside it), FILE_IO. */
export const onnxInput = async (file: string, entry: RegistryEntry | null): Promise<RecommendedInput> =>
  inputOf(networkForm(await readNetwork(file)), entry);

const inputOf = (
  { native, patch }: Pick<NetworkForm, 'native' | 'patch'>,
  entry: RegistryEntry | null,
): RecommendedInput => ({
  imageSize: entry?.imageSize ?? native?.height ?? CONV_SIZE,
  multiple: entry?.multiple ?? patch ?? 1,
});

/**
 * An ONNX file made ready for one input size: taps and image feature as outputs, the position table resized by the
 * family's rule, declared sizes relaxed, exact GELU where the `reference` protocol has it (SPEC 2).
 * Throws BACKBONE_INVALID, BACKBONE_MISSING, TAP_UNKNOWN, SETTING_INVALID.
 */
export async function prepareOnnx(
  file: string,
  sha256: string,
  entry: RegistryEntry | null,
  request: BackboneRequest,
  signal?: AbortSignal,
): Promise<PreparedGraph> {
  const network = await readNetwork(file);
  const { model, form, input } = network;
  const { graph } = model;
  const { positions, patch, native } = networkForm(network);
  const size = chooseSize(request, entry, native);
  const recommended = inputOf({ native, patch }, entry);
  const { multiple } = recommended;
  if (size.height % multiple || size.width % multiple)
    throw new MuscError(
      'SETTING_INVALID',
      l10n.t('an input of {0} x {1} does not fit the backbone', size.height, size.width),
      {
        hint: l10n.t('use multiples of {0}', multiple),
        options: IMAGE_SIZE_OPTION,
      },
    );
  const otherSize = native !== null && (native.height !== size.height || native.width !== size.width);

  const wantedEmbedding = request.embedding ?? entry?.embedding ?? null;
  const taps = tapTensors(network, request.taps, entry);
  const embedding = embeddingTensor(network, wantedEmbedding);
  const halves = [...graph.initializers.values()].some((t) => t.dataType === ElementType.float16);
  const output = (tensor: string): string => {
    if (halves) return exposeAsFloat(graph, tensor);
    expose(graph, tensor);
    return tensor;
  };
  const prepared: PreparedTap[] = taps.map((t) => ({ name: t.name, output: output(t.tensor), prefix: null }));
  const feature = embedding === null ? null : output(embedding);
  if (otherSize) {
    const quick = form?.family === 'clip' && request.protocol === 'reference';
    if (quick) exactGelu(graph, new GraphIndex(graph, input.name));
    if (positions && patch !== null) {
      const grid = { height: size.height / patch, width: size.width / patch };
      const rule = form?.family === 'clip' ? 'size' : 'scale_plus_0.1';
      replacePositions(graph, positions, resizePositions(positions.table, grid, rule));
    }
    relaxShapes(graph, input.name);
  }
  prune(graph, [...prepared.map((t) => t.output), ...(feature === null ? [] : [feature])]);
  takeFloat(graph, input.name);
  return {
    model: encodeModel(model),
    weightsFolder: network.external.length > 0 ? path.dirname(file) : null,
    input: input.name,
    taps: prepared,
    embedding: feature,
    form: feature ?? '',
    size,
    fixedBatch: network.fixedBatch,
    info: describe(file, await wholeSha256(sha256, network.external, entry, signal), entry, request, network, {
      recommended,
      embedding,
    }),
  };
}

/**
 * The checksum of the file and of those that hold its weights: a network that was trained on may keep its graph, byte for byte. Those of
 * an installed one must still be what was installed. Throws CHECKSUM_MISMATCH, FILE_IO, CANCELLED.
 */
async function wholeSha256(
  sha256: string,
  external: readonly string[],
  entry: RegistryEntry | null,
  signal?: AbortSignal,
): Promise<string> {
  if (external.length === 0) return sha256;
  const whole = createHash('sha256').update(sha256);
  const beside = entry?.source.kind === 'imported' ? entry.source.beside : [];
  for (const file of external) {
    const recorded = beside.find((one) => one.file === path.basename(file))?.sha256;
    whole.update(await recordedSha256(file, recorded, signal));
  }
  return whole.digest('hex');
}

function describe(
  file: string,
  sha256: string,
  entry: RegistryEntry | null,
  request: BackboneRequest,
  { form }: Network,
  found: { recommended: RecommendedInput; embedding: string | null },
): BackboneInfo {
  const clip = form?.family === 'clip';
  const preprocess = request.preprocess
    ? PREPROCESS_PRESETS[request.preprocess]
    : (entry?.preprocess ?? (clip ? CLIP_PREPROCESS : IMAGENET_PREPROCESS));
  const name = path.basename(file).replace(/\.onnx$/i, '');
  const guessed =
    request.preprocess || clip || form ? '' : l10n.t('ImageNet preprocessing assumed: the file does not tell.');
  return {
    id: entry?.id ?? name,
    name: entry?.name ?? name,
    family: entry?.family ?? form?.family ?? 'conv',
    licence: entry?.licence ?? l10n.t('unknown: your own file'),
    note: entry?.note ?? guessed,
    sha256,
    preprocess,
    ...found.recommended,
    degrees: entry?.degrees ?? PAPER_DEGREES,
    rscin: found.embedding === null ? 'off' : (entry?.rscin ?? [1, 2, 3]),
    normaliseEmbedding: entry?.normaliseEmbedding ?? (form === null || clip),
    folderStatistics: entry?.folderStatistics ?? 'none',
  };
}
