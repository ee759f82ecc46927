import { describe, expect, it } from 'vitest';
import { isolatedTest } from '../../../extension/core/backbone/device/isolated-test';
import { knownDevices } from '../../../extension/core/backbone/device/provider';

describe('the small test in a process of its own', () => {
  it('passes on the CPU', async () => {
    const { wrong, milliseconds } = await isolatedTest('cpu', 1);
    expect(wrong).toBeNull();
    expect(milliseconds).toBeGreaterThan(0);
  });

  it('fails with a reason, and only there, on a device that is not in this build', async () => {
    const absent = (['directml', 'coreml'] as const).filter((d) => !knownDevices().includes(d));
    for (const device of absent) await expect(isolatedTest(device, 1)).rejects.toThrow(/\S/);
  });
});
