import * as l10n from '@vscode/l10n';
import { InferenceSession } from 'onnxruntime-node';
import { cells } from '../../array/grid';
import { MuscError, throwIfAborted } from '../../errors';
import type { PreparedGraph } from '../prepared-graph';
import { infer, reason } from '../session-backbone';
import { sessionOptions, type Device } from './provider';
import type { Probe } from './self-test';

/** A session that ran one picture. */
export interface StartedSession {
  readonly session: InferenceSession;
  readonly graph: PreparedGraph;
  readonly probe: Probe;
}

/** One picture of smooth colour and seeded noise, within what normalised pictures hold. */
export function probePixels(count: number): Float32Array {
  const pixels = new Float32Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' generator
    pixels[i] = Math.sin(i / 97) + (state / 2 ** 31) * 0.5;
  }
  return pixels;
}

/** Above this many milliseconds for one picture a second run is not worth its time: start-up no longer matters. */
const SLOW = 1000;

/** Starts a session and runs one picture through it. Throws BACKBONE_INVALID, DEVICE_FAILED, CANCELLED. */
export async function startSession(
  device: Device,
  graph: PreparedGraph,
  threads: number,
  signal?: AbortSignal,
): Promise<StartedSession> {
  throwIfAborted(signal);
  const options = sessionOptions(device, threads, graph.weightsFolder);
  let session: InferenceSession;
  try {
    session =
      typeof graph.model === 'string'
        ? await InferenceSession.create(graph.model, options)
        : await InferenceSession.create(graph.model, options);
  } catch (error) {
    throw new MuscError('BACKBONE_INVALID', l10n.t('ONNX Runtime refuses the network: {0}', reason(error)), {
      cause: error,
    });
  }
  try {
    throwIfAborted(signal);
    const n = graph.fixedBatch ?? 1;
    const pixels = probePixels(n * 3 * cells(graph.size));
    const timed = async () => {
      const began = performance.now();
      const outputs = await infer(session, graph, pixels, n);
      return { outputs, milliseconds: performance.now() - began };
    };
    let probe = await timed();
    throwIfAborted(signal);
    if (probe.milliseconds < SLOW) probe = await timed(); // the first run allocates and compiles
    return { session, graph, probe };
  } catch (error) {
    await session.release();
    throw error;
  }
}
