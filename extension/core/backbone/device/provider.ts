import os from 'node:os';
import { listSupportedBackends, type InferenceSession } from 'onnxruntime-node';
import type { DeviceChoice } from '../../settings';

export type Device = Exclude<DeviceChoice, 'auto'>;

/** ONNX Runtime's name of a device's execution provider. */
const PROVIDERS: Readonly<Record<Device, string>> = {
  cpu: 'cpu',
  webgpu: 'webgpu',
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
};

/** Order in which `auto` tries devices: the vendor's own provider first, then WebGPU, then the CPU. */
const PREFERENCE: readonly Device[] = ['cuda', 'coreml', 'directml', 'webgpu', 'cpu'];

/** Devices that this build of ONNX Runtime knows, in the order `auto` tries them. Being listed does not mean it works. */
export function knownDevices(): Device[] {
  const names = new Set(listSupportedBackends().map((b) => b.name));
  return PREFERENCE.filter((d) => d === 'cpu' || names.has(PROVIDERS[d]));
}

/** Threads for 0 = one per core. */
export const threadCount = (threads: number): number => (threads > 0 ? threads : os.availableParallelism());

/** For people. */
export function deviceLabel(device: Device, threads: number): string {
  switch (device) {
    case 'cpu':
      return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    case 'webgpu':
      return 'WebGPU';
    case 'cuda':
      return 'CUDA';
    case 'directml':
      return 'DirectML';
    case 'coreml':
      return 'Core ML';
  }
}

/** Session options for a device. */
export function sessionOptions(device: Device, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [PROVIDERS[device]],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4, // our own errors say it; ONNX Runtime's lines would land in the middle of the progress bar
    // DirectML requires it; elsewhere patterns help inputs of one size, which ours are.
    enableMemPattern: device !== 'directml',
  };
}
