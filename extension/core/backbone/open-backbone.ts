import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { allFinite } from '../array/finite';
import { MuscError } from '../errors';
import type { Log } from '../progress';
import type { Backbone, BackboneRequest, RecommendedInput } from './backbone';
import type { Flavour } from './checkpoint/build-request';
import { batchFor } from './device/batch-size';
import { openSession } from './device/open-session';
import type { Device } from './device/provider';
import { onnxInput, prepareOnnx } from './onnx/prepare-onnx';
import { checkpointInput, prepareCheckpoint } from './prepare-checkpoint';
import type { PreparedGraph } from './prepared-graph';
import { findBackbone } from './registry';
import type { RegistryEntry } from './registry-schema';
import { recordedSha256 } from './remembered-sha256';
import { SessionBackbone, type Output } from './session-backbone';

export interface OpenContext {
  /** Folder of installed backbones; left out: only what is in the package. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  readonly log?: Log;
  /** Told how long it took where a graph had to be built from its checkpoint first, seconds. */
  readonly built?: (seconds: number) => void;
}

/** Whether a backbone is asked for by the path of its file, and not by its id. */
export const isBackboneFile = (name: string): boolean => /\.(onnx|safetensors)$/i.test(name) || name.includes(path.sep);

/** The file of a request, and what the registry says about it. Throws BACKBONE_UNKNOWN, BACKBONE_MISSING. */
async function resolve(
  name: string,
  models: string | undefined,
): Promise<{ file: string; entry: RegistryEntry | null }> {
  if (isBackboneFile(name)) {
    const file = path.resolve(name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) return { file, entry: null };
    throw new MuscError('BACKBONE_UNKNOWN', l10n.t('there is no such backbone file'), {
      where: file,
      hint: l10n.t('check the path'),
    });
  }
  const { entry, file } = await findBackbone(name, models);
  if (file === null)
    throw new MuscError('BACKBONE_MISSING', l10n.t('the weights of {0} are not on this machine', entry.name), {
      hint: l10n.t('install it'),
      options: `musc models pull ${entry.id}`,
    });
  return { file, entry };
}

const isCheckpoint = (file: string): boolean => /\.safetensors$/i.test(file);

/**
 * What a backbone takes, from its file alone: nothing is built and nothing started, which takes minutes for a large one.
 * Throws BACKBONE_UNKNOWN, BACKBONE_MISSING, BACKBONE_INVALID, CHECKSUM_MISMATCH, FILE_IO, CANCELLED.
 */
export async function recommendedInput(
  { backbone, sha256 }: Pick<BackboneRequest, 'backbone' | 'sha256'>,
  { models, signal }: Pick<OpenContext, 'models' | 'signal'>,
): Promise<RecommendedInput> {
  const { file, entry } = await resolve(backbone, models);
  await checkedSha256(file, entry, sha256, signal); // before a damaged or swapped file is decoded
  return isCheckpoint(file) ? checkpointInput(file, entry) : onnxInput(file, entry);
}

/** The graph in the forms that suit a device, each prepared once: an ONNX file has one, a checkpoint one per kind of device. */
function graphForms(
  file: string,
  sha256: string,
  entry: RegistryEntry | null,
  request: BackboneRequest,
  context: OpenContext,
): (device: Device) => (() => Promise<PreparedGraph>)[] {
  if (!isCheckpoint(file)) {
    let prepared: Promise<PreparedGraph> | undefined;
    return () => [() => (prepared ??= prepareOnnx(file, sha256, entry, request, context.signal))];
  }
  const flavours = (device: Device): readonly Flavour[] => (device === 'cpu' ? ['cpu'] : ['gpu16', 'plain']);
  return (device) =>
    flavours(device).map((flavour) => () => prepareCheckpoint(file, sha256, entry, request, flavour, context));
}

/** Throws BACKBONE_INVALID where what one picture gave holds NaN or infinity: features of that make scores which mean nothing. */
function requireFinite(outputs: Readonly<Record<string, Output>>, file: string): void {
  const wrong = Object.keys(outputs).find((name) => !allFinite(outputs[name].data));
  if (wrong !== undefined)
    throw new MuscError('BACKBONE_INVALID', l10n.t('output {0} of the network has values that are not finite', wrong), {
      where: file,
      hint: l10n.t('export it in float32, or get the file again'),
    });
}

/** The checksum of a backbone's file. Throws CHECKSUM_MISMATCH where it is not the one that was installed, or agreed to. */
async function checkedSha256(
  file: string,
  entry: RegistryEntry | null,
  agreed: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const sha256 = await recordedSha256(file, entry?.source.sha256, signal);
  if (entry === null && agreed !== undefined && agreed !== sha256)
    throw new MuscError('CHECKSUM_MISMATCH', l10n.t('the network file is not the one that was agreed to'), {
      where: file,
      hint: l10n.t('score again: it is asked about as it is now'),
    });
  return sha256;
}

/**
 * Opens a backbone at one input size and makes sure that it runs: one picture goes through it.
 * Throws BACKBONE_UNKNOWN, BACKBONE_MISSING, BACKBONE_INVALID, TAP_UNKNOWN, SETTING_INVALID, CHECKSUM_MISMATCH,
 * DEVICE_FAILED, CANCELLED.
 */
export async function openBackbone(request: BackboneRequest, context: OpenContext = {}): Promise<Backbone> {
  const { models, signal, log = () => undefined } = context;
  const { file, entry } = await resolve(request.backbone, models);
  const sha256 = await checkedSha256(file, entry, request.sha256, signal);
  const { session, graph, device, probe } = await openSession({
    graphsFor: graphForms(file, sha256, entry, request, context),
    device: request.device,
    threads: request.threads,
    signal,
    log,
  });
  try {
    requireFinite(probe.outputs, file);
    const batch = graph.fixedBatch ?? batchFor(device.name, graph.size, probe.milliseconds);
    return new SessionBackbone({ session, graph, info: graph.info, device, probe: probe.outputs, batch });
  } catch (error) {
    await session.release();
    throw error;
  }
}
