import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { PAPER_DEGREES } from '../settings';
import type { BackboneRequest, RecommendedInput } from './backbone';
import { buildBackbone } from './checkpoint/build-backbone';
import type { BuiltBackbone, Flavour, VitHints } from './checkpoint/build-request';
import { builtFolders } from './checkpoint/built-graphs';
import { Safetensors } from './checkpoint/safetensors';
import { describeVit } from './checkpoint/vit-checkpoint';
import type { OpenContext } from './open-backbone';
import type { PreparedGraph } from './prepared-graph';
import { PREPROCESS_PRESETS } from './preprocess-presets';
import type { RegistryEntry } from './registry-schema';

/** What the registry knows about the checkpoint's network and the file does not tell. */
function hintsOf(entry: RegistryEntry | null): VitHints {
  const known = entry?.architecture;
  if (!entry || !known) return {};
  const { family } = entry;
  return {
    family: family === 'conv' || family === 'other' ? undefined : family,
    heads: known.heads,
    activation: known.activation,
    openaiClip: known.openaiClip,
    referenceActivation: known.referenceActivation,
    layerNormEpsilon: known.eps,
  };
}

function blocksOf(taps: BackboneRequest['taps'], entry: RegistryEntry | null): readonly number[] | 'auto' {
  const wanted = taps === 'auto' ? (entry?.taps ?? 'auto') : taps;
  if (wanted === 'auto') return 'auto';
  const wrong = wanted.find((tap) => !/^\d{1,3}$/.test(tap));
  if (wrong !== undefined)
    throw new MuscError('TAP_UNKNOWN', l10n.t("a checkpoint's taps are block numbers, not {0}", wrong), {
      hint: l10n.t('for example 5,11,17,23'),
      options: '--taps 5,11,17,23',
    });
  return wanted.map(Number);
}

/** What a checkpoint takes, from its header. Throws BACKBONE_INVALID, FILE_IO. */
export async function checkpointInput(checkpoint: string, entry: RegistryEntry | null): Promise<RecommendedInput> {
  const file = await Safetensors.open(checkpoint);
  try {
    const { patch, nativeGrid } = describeVit(file.tensors, checkpoint, hintsOf(entry));
    return { imageSize: entry?.imageSize ?? nativeGrid * patch, multiple: patch };
  } finally {
    await file.close();
  }
}

/**
 * A checkpoint made ready for one input size and one kind of device: its graph is built once and kept.
 * Throws BACKBONE_INVALID, TAP_UNKNOWN, SETTING_INVALID, DISK_FULL, FILE_IO, CANCELLED.
 */
export async function prepareCheckpoint(
  file: string,
  sha256: string,
  entry: RegistryEntry | null,
  request: BackboneRequest,
  flavour: Flavour,
  { models, signal, log, built: tell }: OpenContext,
): Promise<PreparedGraph> {
  const side = entry?.imageSize;
  let announced = false;
  const started = performance.now();
  const [outFolder, ...elsewhere] = builtFolders(models);
  const built = await buildBackbone({
    checkpoint: file,
    sha256,
    hints: hintsOf(entry),
    input: request.input ?? (side === undefined ? null : { height: side, width: side }),
    taps: blocksOf(request.taps, entry),
    embedding: true,
    protocol: request.protocol,
    flavour,
    outFolder,
    elsewhere,
    signal,
    progress: () => {
      if (!announced) log?.('info', 'Building the network from its checkpoint; this happens once for each size.');
      announced = true;
    },
  });
  if (announced) tell?.((performance.now() - started) / 1000);
  const presets =
    request.preprocess === undefined ? (entry?.preprocess ?? built.preprocess) : PREPROCESS_PRESETS[request.preprocess];
  const name = path.basename(file).replace(/\.safetensors$/i, '');
  return builtGraph(built, {
    id: entry?.id ?? name,
    name: entry?.name ?? name,
    licence: entry?.licence ?? l10n.t('unknown: your own file'),
    note: entry?.note ?? '',
    preprocess: presets,
    imageSize: entry?.imageSize ?? Math.max(built.input.height, built.input.width),
    degrees: entry?.degrees ?? PAPER_DEGREES,
    rscin: built.embedding === null ? 'off' : (entry?.rscin ?? [1, 2, 3]),
    normaliseEmbedding: entry?.normaliseEmbedding ?? built.normaliseEmbedding,
    folderStatistics: entry?.folderStatistics ?? 'none',
  });
}

/** A graph of ours as any other network; `info` is what it does not know of itself. */
export const builtGraph = (
  built: BuiltBackbone,
  info: Omit<PreparedGraph['info'], 'family' | 'sha256' | 'multiple'>,
): PreparedGraph => ({
  model: built.file,
  weightsFolder: null,
  input: built.inputName,
  taps: built.taps.map((t) => ({ name: String(t.block), output: t.name, prefix: 0 })),
  embedding: built.embedding?.name ?? null,
  form: path.basename(path.dirname(built.file)), // named by all that decided it
  size: built.input,
  fixedBatch: null,
  info: { ...info, family: built.family, sha256: built.sha256, multiple: built.patch },
});
