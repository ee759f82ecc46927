import { stat } from 'node:fs/promises';
import path from 'node:path';
import { MuscError } from '../errors';
import type { Log } from '../progress';
import type { Backbone, BackboneRequest } from './backbone';
import { fileSha256 } from './checkpoint/file-sha256';
import { openSession } from './device/open-session';
import { prepareOnnx } from './onnx/prepare-onnx';
import type { PreparedGraph } from './prepared-graph';
import { findBackbone, type KnownBackbone } from './registry';
import { SessionBackbone } from './session-backbone';

export interface OpenContext {
  /** Folder of installed backbones; left out: only what is in the package. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

const isFile = (name: string): boolean => /\.(onnx|safetensors)$/i.test(name) || name.includes(path.sep);

/** The file of a request, and what the registry says about it. Throws BACKBONE_UNKNOWN, BACKBONE_MISSING. */
async function resolve(
  name: string,
  models: string | undefined,
): Promise<{ file: string; entry: KnownBackbone['entry'] | null }> {
  if (isFile(name)) {
    const file = path.resolve(name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) return { file, entry: null };
    throw new MuscError('BACKBONE_UNKNOWN', 'there is no such backbone file', { where: file, hint: 'check the path' });
  }
  const { entry, file } = await findBackbone(name, models);
  if (file === null)
    throw new MuscError('BACKBONE_MISSING', `the weights of ${entry.name} are not on this machine`, {
      hint: `run: musc models pull ${entry.id}`,
    });
  return { file, entry };
}

/**
 * Opens a backbone at one input size and makes sure that it runs: one picture goes through it.
 * Throws BACKBONE_UNKNOWN, BACKBONE_MISSING, BACKBONE_INVALID, TAP_UNKNOWN, SETTING_INVALID, DEVICE_FAILED, CANCELLED.
 */
export async function openBackbone(request: BackboneRequest, context: OpenContext = {}): Promise<Backbone> {
  const { models, signal, log = () => undefined } = context;
  const { file, entry } = await resolve(request.backbone, models);
  const sha256 = await fileSha256(file, signal);
  let plain: Promise<PreparedGraph> | undefined;
  const opened = await openSession({
    graphFor: () => (plain ??= prepareOnnx(file, sha256, entry, request)),
    device: request.device,
    threads: request.threads,
    signal,
    log,
  });
  const { session, graph, device, probe } = opened;
  try {
    return new SessionBackbone({ session, graph, info: graph.info, device, probe, batch: graph.fixedBatch ?? 2 });
  } catch (error) {
    await session.release();
    throw error;
  }
}
