import { InferenceSession } from 'onnxruntime-node';
import { cells } from '../../array/grid';
import { MuscError, throwIfAborted, toMuscError } from '../../errors';
import type { Log } from '../../progress';
import type { DeviceChoice } from '../../settings';
import type { DeviceReport } from '../backbone';
import type { PreparedGraph } from '../prepared-graph';
import { infer, reason, type Output } from '../session-backbone';
import { deviceLabel, knownDevices, sessionOptions, threadCount, type Device } from './provider';

/** A session that started, and the outputs of its first picture. */
export interface OpenedSession {
  readonly session: InferenceSession;
  readonly graph: PreparedGraph;
  readonly device: DeviceReport;
  readonly probe: Readonly<Record<string, Output>>;
}

export interface SessionRequest {
  /** The graph in the form that suits a device. */
  readonly graphFor: (device: Device) => Promise<PreparedGraph>;
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly log: Log;
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

async function start(device: Device, request: SessionRequest, threads: number) {
  const graph = await request.graphFor(device);
  throwIfAborted(request.signal);
  let session: InferenceSession;
  try {
    const options = sessionOptions(device, threads);
    session =
      typeof graph.model === 'string'
        ? await InferenceSession.create(graph.model, options)
        : await InferenceSession.create(graph.model, options);
  } catch (error) {
    throw new MuscError('BACKBONE_INVALID', `ONNX Runtime refuses the network: ${reason(error)}`, { cause: error });
  }
  try {
    const n = graph.fixedBatch ?? 1;
    const probe = await infer(session, graph, probePixels(n * 3 * cells(graph.size)), n);
    return { session, graph, probe };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/**
 * Starts the network on the best device that works, or on the requested one, falling back to the CPU with the reason in
 * the report. Throws only where the CPU fails too: BACKBONE_INVALID, DEVICE_FAILED, CANCELLED.
 */
export async function openSession(request: SessionRequest): Promise<OpenedSession> {
  const threads = threadCount(request.threads);
  const requested = request.device;
  const reasons: string[] = [];
  const known = knownDevices();
  if (requested !== 'auto' && !known.includes(requested))
    reasons.push(`${deviceLabel(requested, threads)} is not part of this build`);
  throwIfAborted(request.signal);
  try {
    const opened = await start('cpu', request, threads);
    const device: DeviceReport = {
      name: 'cpu',
      label: deviceLabel('cpu', threads),
      requested,
      fallback: reasons.length ? reasons.join('; ') : null,
    };
    return { ...opened, device };
  } catch (error) {
    throw toMuscError(error);
  }
}
