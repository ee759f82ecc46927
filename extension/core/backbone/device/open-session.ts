import * as l10n from '@vscode/l10n';
import { throwIfAborted, toMuscError } from '../../errors';
import type { Log } from '../../progress';
import type { DeviceChoice } from '../../settings';
import type { DeviceReport } from '../backbone';
import type { PreparedGraph } from '../prepared-graph';
import { reason } from '../session-backbone';
import { isolatedTest, type SmallTest } from './isolated-test';
import { deviceLabel, knownDevices, missingPart, threadCount, type Device } from './provider';
import { wrongNumbers } from './self-test';
import { startSession, type StartedSession } from './start-session';

/** A session on the device that was chosen. */
export interface OpenedSession extends StartedSession {
  readonly device: DeviceReport;
}

export interface SessionRequest {
  /** Forms of the graph for a device, best first: the next is tried where one does not work. */
  readonly graphsFor: (device: Device) => readonly (() => Promise<PreparedGraph>)[];
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly log: Log;
}

/** What touches hardware; tests put something else in its place. */
export interface DeviceTools {
  readonly knownDevices: () => readonly Device[];
  readonly missingPart: (device: Device) => string | null;
  readonly smallTest: (device: Device, threads: number, signal?: AbortSignal) => Promise<SmallTest>;
  readonly startSession: (
    device: Device,
    graph: PreparedGraph,
    threads: number,
    signal?: AbortSignal,
  ) => Promise<StartedSession>;
}

const TOOLS: DeviceTools = { knownDevices, missingPart, smallTest: once(isolatedTest), startSession };

/** A device is put to the small test once per process; its verdict, good or bad, is kept. A test that was cancelled has none. */
export function once(test: DeviceTools['smallTest']): DeviceTools['smallTest'] {
  const verdicts = new Map<Device, Promise<SmallTest>>();
  return async (device, threads, signal) => {
    const verdict = verdicts.get(device) ?? test(device, threads, signal);
    await verdict.catch(() => throwIfAborted(signal));
    verdicts.set(device, verdict);
    return verdict;
  };
}

/** A graphics card that takes this many times the CPU's time for a small product, and this many milliseconds, is imitated. */
const IMITATION = { ratio: 20, milliseconds: 15 };

/** A session on a device that proved itself, or why it is not used. */
type Attempt = { readonly started: StartedSession } | { readonly refused: string };

/** Starts the CPU session, which is the yardstick for the others. Throws what it throws: there is nothing to fall back to. */
async function onCpu(request: SessionRequest, threads: number, tools: DeviceTools): Promise<StartedSession> {
  const [graph] = request.graphsFor('cpu');
  return tools.startSession('cpu', await graph(), threads, request.signal);
}

/** Tries a device: the small product first, then the network itself against the CPU's numbers and, for `auto`, its time. */
async function attempt(
  device: Device,
  request: SessionRequest,
  threads: number,
  cpu: StartedSession,
  tools: DeviceTools,
): Promise<Attempt> {
  const label = deviceLabel(device, threads);
  const auto = request.device === 'auto';
  const missing = tools.missingPart(device);
  if (missing !== null) return { refused: `${label}: ${missing}` };
  try {
    const small = await tools.smallTest(device, threads, request.signal);
    if (small.wrong !== null) return { refused: small.wrong };
    if (auto && small.milliseconds > IMITATION.milliseconds) {
      const own = await tools.smallTest('cpu', threads, request.signal);
      if (small.milliseconds > own.milliseconds * IMITATION.ratio)
        return { refused: l10n.t('{0} is imitated by software and slower than the CPU', label) };
    }
  } catch (error) {
    throwIfAborted(request.signal);
    return { refused: l10n.t('{0} does not start: {1}', label, reason(error)) };
  }
  let refused = l10n.t('{0} does not run the network', label);
  for (const graph of request.graphsFor(device)) {
    throwIfAborted(request.signal);
    let started: StartedSession;
    try {
      started = await tools.startSession(device, await graph(), threads, request.signal);
    } catch (error) {
      const failure = toMuscError(error);
      if (failure.code === 'CANCELLED' || failure.code === 'DISK_FULL') throw failure;
      refused = l10n.t('{0} does not run the network ({1})', label, failure.message);
      continue;
    }
    const wrong = wrongNumbers(label, started.probe.outputs, cpu.probe.outputs);
    const slow = auto && started.probe.milliseconds > cpu.probe.milliseconds;
    if (wrong === null && !slow) return { started };
    await started.session.release();
    const [own, yardstick] = [started, cpu].map((s) => s.probe.milliseconds.toFixed(0));
    refused = wrong ?? l10n.t('{0} takes {1} ms a picture, the CPU {2}', label, own, yardstick);
  }
  return { refused };
}

/** Devices to try before the CPU. `auto` does not miss CUDA where its libraries were never installed. */
function candidates(requested: DeviceChoice, tools: DeviceTools): readonly Device[] {
  const known = tools.knownDevices().filter((d) => d !== 'cpu');
  return requested === 'auto'
    ? known.filter((d) => d !== 'cuda' || tools.missingPart(d) === null)
    : known.filter((d) => d === requested);
}

/**
 * Starts the network on the best device that works, or on the requested one. A device that does not start, gives wrong
 * numbers or, for `auto`, is slower than the CPU is passed over with the reason in the report.
 * Throws only where the CPU fails too, and CANCELLED: BACKBONE_INVALID, DEVICE_FAILED, DISK_FULL.
 */
export async function openSession(request: SessionRequest, tools: DeviceTools = TOOLS): Promise<OpenedSession> {
  const { device: requested, log } = request;
  const threads = threadCount(request.threads);
  const cpu = await onCpu(request, threads, tools);
  const report = (name: Device, reasons: readonly string[]): DeviceReport => ({
    name,
    label: deviceLabel(name, threads),
    requested,
    fallback: reasons.length > 0 ? reasons.join('; ') : null,
  });
  const reasons: string[] = [];
  try {
    const tried = candidates(requested, tools);
    if (requested !== 'auto' && requested !== 'cpu' && tried.length === 0)
      reasons.push(l10n.t('{0} is not part of this installation', deviceLabel(requested, threads)));
    for (const device of tried) {
      const result = await attempt(device, request, threads, cpu, tools);
      if ('started' in result) {
        await cpu.session.release();
        return { ...result.started, device: report(device, reasons) };
      }
      log('debug', result.refused);
      reasons.push(result.refused);
    }
  } catch (error) {
    await cpu.session.release();
    throw error;
  }
  return { ...cpu, device: report('cpu', reasons) };
}
