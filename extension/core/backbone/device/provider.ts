import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as l10n from '@vscode/l10n';
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

/** Folders in which Linux keeps the list of its Vulkan drivers. */
const VULKAN_DRIVERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

const holdsFiles = (folder: string): boolean => {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false; // not there
  }
};

/**
 * Why starting a device is not worth trying, or null. Seen from outside, because ONNX Runtime and Dawn write to stderr when
 * a library is missing.
 */
export function missingPart(device: Device, env: NodeJS.ProcessEnv = process.env): string | null {
  if (device === 'cuda') {
    const folder = path.join(ortFolder(), 'bin', 'napi-v6', process.platform, process.arch);
    const library =
      process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
    return existsSync(path.join(folder, library)) ? null : l10n.t('its libraries are not installed');
  }
  if (device === 'webgpu' && process.platform === 'linux' && !env.VK_ICD_FILENAMES && !env.VK_DRIVER_FILES) {
    const own = path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share'), 'vulkan', 'icd.d');
    return [...VULKAN_DRIVERS, own].some(holdsFiles) ? null : l10n.t('there is no graphics driver (Vulkan)');
  }
  return null;
}

/** Folder of the onnxruntime-node package. */
export const ortFolder = (): string => path.dirname(createRequire(here()).resolve('onnxruntime-node/package.json'));

/** This module's own place, in the bundle (CommonJS or ES module) and in the source tree alike. */
const here = (): string => (typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url));

/** Threads for 0 = one per core. */
export const threadCount = (threads: number): number => (threads > 0 ? threads : os.availableParallelism());

/** For people. */
export function deviceLabel(device: Device, threads: number): string {
  switch (device) {
    case 'cpu':
      return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`; // a name that runs are compared by: not translated
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

/** Session options for a device. `weightsFolder`: where external data of a model given as bytes lie. */
export function sessionOptions(
  device: Device,
  threads: number,
  weightsFolder: string | null,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [PROVIDERS[device]],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4, // our own errors say it; ONNX Runtime's lines would land in the middle of the progress bar
    // DirectML requires it; elsewhere patterns help inputs of one size, which ours are.
    enableMemPattern: device !== 'directml',
    extra: {
      session: {
        // Pictures are decoded while the network runs: threads that spin at its barriers take those cores away.
        intra_op: { allow_spinning: '0' },
        ...(weightsFolder === null ? {} : { model_external_initializers_file_folder_path: weightsFolder }),
      },
    },
  };
}

/** The same options, but a node that the device does not take is an error: nothing goes back to the CPU unseen. */
export function withoutFallback(options: InferenceSession.SessionOptions): InferenceSession.SessionOptions {
  const { session } = (options.extra ?? {}) as { session?: Record<string, unknown> };
  return { ...options, extra: { session: { ...session, disable_cpu_ep_fallback: '1' } } };
}
