import { l10n, type QuickPickItem } from 'vscode';
import type { DeviceChoice } from '../core/settings';

const PLATFORMS: Readonly<Record<DeviceChoice, readonly NodeJS.Platform[] | 'all'>> = {
  auto: 'all',
  cpu: 'all',
  webgpu: 'all',
  cuda: ['linux'],
  directml: ['win32'],
  coreml: ['darwin'],
};

function describe(device: DeviceChoice): { label: string; description: string } {
  switch (device) {
    case 'auto':
      return { label: l10n.t('Automatic'), description: l10n.t('the fastest that gives right figures here') };
    case 'cpu':
      return { label: 'CPU', description: l10n.t('runs everywhere') };
    case 'webgpu':
      return { label: 'WebGPU', description: l10n.t('a graphics card of any maker') };
    case 'cuda':
      return { label: 'CUDA', description: l10n.t('NVIDIA; not in this package') };
    case 'directml':
      return { label: 'DirectML', description: l10n.t('a graphics card, by Windows') };
    case 'coreml':
      return { label: 'CoreML', description: l10n.t('Apple silicon') };
  }
}

/** Devices that can exist on this platform, as items to pick. Whether one works is found out, and said, by the run. */
export function devices(platform: NodeJS.Platform = process.platform): (QuickPickItem & { value: DeviceChoice })[] {
  return (Object.keys(PLATFORMS) as DeviceChoice[])
    .filter((device) => {
      const platforms = PLATFORMS[device];
      return platforms === 'all' || platforms.includes(platform);
    })
    .map((value) => ({ ...describe(value), value }));
}
