import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError, throwIfAborted, toMuscError } from '../../errors';
import { IMAGE_SIZE_OPTION } from '../fit';
import { CLIP_PREPROCESS, IMAGENET_PREPROCESS } from '../preprocess-presets';
import type { Activation, BuildRequest, BuiltBackbone } from './build-request';
import { builtPrefix, HALF_BUILT, markUsed, pruneBuilt } from './built-graphs';
import { fileSha256 } from '../../file-sha256';
import { encodeGraph } from './encode-graph';
import { GraphBuilder } from './graph-builder';
import { Safetensors } from './safetensors';
import { describeVit, type VitCheckpoint } from './vit-checkpoint';
import { EMBEDDING_NAME, INPUT_NAME, tapName, writeVitGraph, type GraphPlan } from './vit-graph';
import { cpuOperators, gpuOperators, plainOperators } from './vit-operators';
import { VitWeights } from './vit-weights';
import { WeightsFile } from './weights-file';

/** Part of every cache key: raise it when the same checkpoint and options should give another graph. */
const BUILDER_VERSION = 2;
const MODEL_FILE = 'model.onnx';
const WEIGHTS_FILE = 'weights.bin';

const OPERATORS = { cpu: cpuOperators, gpu16: gpuOperators, plain: plainOperators } as const;

/** Forms that only proofs need: the product's are patches in the family's form (SPEC 2). */
export type TapShape = Pick<GraphPlan, 'tokens' | 'tapForm'>;

/**
 * Builds the ONNX graph of a checkpoint for one input size, or finds it built before. Memory stays at a few layers' weights; a
 * crash or cancel leaves either no graph or a whole one.
 * Throws BACKBONE_INVALID, TAP_UNKNOWN, SETTING_INVALID (input size), DISK_FULL, FILE_IO, CANCELLED.
 */
export async function buildBackbone(
  request: BuildRequest,
  shape: TapShape = { tokens: 'patches', tapForm: 'family' },
): Promise<BuiltBackbone> {
  const { checkpoint, signal } = request;
  throwIfAborted(signal);
  const file = await Safetensors.open(checkpoint);
  try {
    const vit = describeVit(file.tensors, checkpoint, request.hints);
    const plan: GraphPlan = { ...planGraph(vit, request), ...shape };
    const sha256 = request.sha256 ?? (await fileSha256(checkpoint, signal));
    const key = createHash('sha256')
      .update(JSON.stringify([BUILDER_VERSION, sha256, request.hints ?? {}, plan, request.flavour]))
      .digest('hex');
    const prefix = builtPrefix(sha256);
    const folders = [request.outFolder, ...(request.elsewhere ?? [])].map((parent) =>
      path.join(parent, prefix + key.slice(0, 20)),
    );
    let folder = folders.find((f) => existsSync(path.join(f, MODEL_FILE)));
    if (folder !== undefined) await markUsed(folder);
    else {
      folder = await writeFirst(new VitWeights(file, vit), plan, request, folders);
      await pruneBuilt(path.dirname(folder), prefix);
    }
    return describeBuilt(vit, plan, sha256, path.join(folder, MODEL_FILE));
  } catch (error) {
    throw error instanceof MuscError ? error : toMuscError(error, checkpoint);
  } finally {
    await file.close();
  }
}

/** Last block of each quarter of the depth, 0-based (SPEC 2). */
export const quarterTaps = (depth: number): number[] => [
  ...new Set([1, 2, 3, 4].map((quarter) => Math.max(0, Math.floor((depth * quarter) / 4) - 1))),
];

function planGraph(vit: VitCheckpoint, request: BuildRequest): Omit<GraphPlan, keyof TapShape> {
  const { patch, nativeGrid, depth, family } = vit;
  const native = { height: nativeGrid * patch, width: nativeGrid * patch };
  const input = request.input ?? native;
  for (const side of [input.height, input.width])
    if (!Number.isInteger(side) || side < patch || side % patch !== 0)
      throw new MuscError(
        'SETTING_INVALID',
        l10n.t("an input of {0} x {1} doesn't divide into patches", input.width, input.height),
        {
          hint: l10n.t('use sides that are multiples of {0}', patch),
          options: IMAGE_SIZE_OPTION,
        },
      );
  const taps = request.taps === 'auto' ? quarterTaps(depth) : [...new Set(request.taps)].sort((a, b) => a - b);
  const wrong = taps.find((tap) => !Number.isInteger(tap) || tap < 0 || tap >= depth);
  if (wrong !== undefined || taps.length === 0)
    throw new MuscError(
      'TAP_UNKNOWN',
      wrong === undefined ? l10n.t('no taps given') : l10n.t('there is no block {0}', wrong),
      {
        where: request.checkpoint,
        hint: l10n.t('blocks are 0 to {0}', depth - 1),
      },
    );
  return {
    grid: { height: input.height / patch, width: input.width / patch },
    taps,
    embedding: request.embedding && (family !== 'clip' || vit.projection !== null),
    activation: activationFor(vit, request, input.height === native.height && input.width === native.width),
  };
}

/**
 * The authors' code gives OpenAI's weights exact GELU at every size but the native one (SPEC 2, "Activation"), and LAION-400M's B/32
 * exact GELU always: it loads them by the configuration of another training.
 */
function activationFor(vit: VitCheckpoint, { hints, protocol }: BuildRequest, atNativeSize: boolean): Activation {
  if (protocol === 'exact') return vit.activation;
  const openai = vit.family === 'clip' && (hints?.openaiClip ?? vit.scheme === 'hf_clip');
  return openai && !atNativeSize ? 'gelu' : (hints?.referenceActivation ?? vit.activation);
}

/** Writes the graph into the first of `folders` that can be written. Returns which. */
async function writeFirst(
  weights: VitWeights,
  plan: GraphPlan,
  request: BuildRequest,
  [folder, ...others]: readonly string[],
): Promise<string> {
  try {
    await write(weights, plan, request, folder);
    return folder;
  } catch (error) {
    if (others.length === 0 || toMuscError(error).code !== 'FOLDER_READ_ONLY') throw error;
    return writeFirst(weights, plan, request, others);
  }
}

async function write(weights: VitWeights, plan: GraphPlan, request: BuildRequest, folder: string): Promise<void> {
  const temporary = `${folder}.${randomUUID().slice(0, 8)}${HALF_BUILT}`;
  try {
    await mkdir(temporary, { recursive: true });
    const sink = await WeightsFile.create(path.join(temporary, WEIGHTS_FILE));
    const graph = new GraphBuilder(request.flavour === 'gpu16' ? 'float16' : 'float32', sink);
    try {
      await writeVitGraph(weights, plan, graph, OPERATORS[request.flavour](graph), (fraction) => {
        throwIfAborted(request.signal);
        request.progress?.(fraction);
      });
    } catch (error) {
      await sink.discard();
      throw error;
    }
    await sink.finish();
    const model = await open(path.join(temporary, MODEL_FILE), 'wx');
    try {
      await model.writeFile(encodeGraph(graph, WEIGHTS_FILE));
      await model.sync();
    } finally {
      await model.close();
    }
    await rename(temporary, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Another process built the same graph meanwhile: its files are as good as ours.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
      await readFile(path.join(folder, MODEL_FILE));
    });
  } catch (error) {
    throw error instanceof MuscError ? error : toMuscError(error, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function describeBuilt(vit: VitCheckpoint, plan: GraphPlan, sha256: string, file: string): BuiltBackbone {
  const { family, patch, depth, width } = vit;
  return {
    file,
    sha256,
    family,
    inputName: INPUT_NAME,
    input: { height: plan.grid.height * patch, width: plan.grid.width * patch },
    patch,
    grid: plan.grid,
    depth,
    width,
    taps: plan.taps.map((block) => ({ name: tapName(block), block })),
    embedding: plan.embedding ? { name: EMBEDDING_NAME, size: vit.projectionWidth ?? width } : null,
    normaliseEmbedding: family === 'clip',
    preprocess: family === 'clip' ? CLIP_PREPROCESS : IMAGENET_PREPROCESS,
  };
}
