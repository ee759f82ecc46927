import { describe, expect, it } from 'vitest';
import { batchFor } from '../../../extension/core/backbone/device/batch-size';
import { once, openSession, type DeviceTools } from '../../../extension/core/backbone/device/open-session';
import type { Device } from '../../../extension/core/backbone/device/provider';
import { relativeError, wrongNumbers } from '../../../extension/core/backbone/device/self-test';
import type { StartedSession } from '../../../extension/core/backbone/device/start-session';
import type { PreparedGraph } from '../../../extension/core/backbone/prepared-graph';
import { MuscError } from '../../../extension/core/errors';
import type { DeviceChoice } from '../../../extension/core/settings';

/** What a pretended device does with the network. */
interface Behaviour {
  /** Milliseconds a picture. */
  readonly time?: number;
  /** Its numbers are the right ones times this. */
  readonly factor?: number;
  readonly fails?: string;
  readonly small?: { milliseconds: number; wrong: string | null } | Error;
  readonly missing?: string;
}

function pretend(devices: Partial<Record<Device, Behaviour>>) {
  const open = new Set<Device>();
  const tested: (AbortSignal | undefined)[] = [];
  const tools: DeviceTools = {
    knownDevices: () => Object.keys(devices) as Device[],
    missingPart: (d) => devices[d]?.missing ?? null,
    smallTest: async (d, _, signal) => {
      tested.push(signal);
      const verdict = devices[d]?.small ?? { milliseconds: 1, wrong: null };
      if (verdict instanceof Error) throw verdict;
      return verdict;
    },
    startSession: async (d, graph) => {
      const { time = 100, factor = 1, fails } = devices[d] ?? {};
      if (fails !== undefined) throw new MuscError('BACKBONE_INVALID', fails);
      open.add(d);
      const session = { release: async () => void open.delete(d) };
      const outputs = { tap: { dims: [1, 2], data: Float32Array.of(1 * factor, -2 * factor) } };
      return { session, graph, probe: { outputs, milliseconds: time } } as unknown as StartedSession;
    },
  };
  const start = (device: DeviceChoice, signal?: AbortSignal) =>
    openSession(
      { graphsFor: () => [async () => ({}) as PreparedGraph], device, threads: 2, signal, log: () => undefined },
      tools,
    );
  return { open, tested, start };
}

describe('the device', () => {
  it('is the fastest that proves itself', async () => {
    const { open, start } = pretend({ webgpu: { time: 10 }, cpu: {} });
    const { device } = await start('auto');
    expect(device).toEqual({ name: 'webgpu', label: 'WebGPU', requested: 'auto', fallback: null });
    expect([...open]).toEqual(['webgpu']); // the yardstick is closed
  });

  it.each<[string, Behaviour, RegExp]>([
    [
      'does not start',
      { small: new Error('Failed to get a WebGPU adapter: No supported adapters') },
      /does not start: no graphics card/,
    ],
    ['is a program', { small: { milliseconds: 300, wrong: null } }, /imitated by software/],
    ['miscalculates a product', { small: { milliseconds: 1, wrong: 'gives wrong numbers' } }, /gives wrong numbers/],
    ['miscalculates the network', { time: 1, factor: 1.1 }, /wrong numbers \(tap is off by 10 %\)/],
    ['gives no numbers', { time: 1, factor: NaN }, /wrong numbers \(tap is off by everything\)/],
    [
      'refuses the network',
      { fails: 'operator Foo is missing' },
      /does not run the network \(operator Foo is missing\)/,
    ],
    ['is slower', { time: 500 }, /takes 500 ms a picture, the CPU 100/],
    ['lacks a driver', { missing: 'there is no graphics driver' }, /no graphics driver/],
  ])('is the CPU when the graphics card %s', async (_, webgpu, why) => {
    const { open, start } = pretend({ webgpu, cpu: { small: { milliseconds: 1, wrong: null } } });
    const { device } = await start('auto');
    expect(device.name).toBe('cpu');
    expect(device.fallback).toMatch(why);
    expect([...open]).toEqual(['cpu']);
  });

  it('goes down the list, and says why for each', async () => {
    const { start } = pretend({ coreml: { factor: 2 }, webgpu: { time: 5 }, cpu: {} });
    const { device } = await start('auto');
    expect(device.name).toBe('webgpu');
    expect(device.fallback).toMatch(/Core ML gives wrong numbers/);
  });

  it('asked for by name may be slow, but not wrong', async () => {
    expect((await pretend({ webgpu: { time: 500 }, cpu: {} }).start('webgpu')).device.name).toBe('webgpu');
    expect((await pretend({ webgpu: { factor: 3 }, cpu: {} }).start('webgpu')).device.name).toBe('cpu');
  });

  it('that this installation lacks is named', async () => {
    const { device } = await pretend({ cpu: {} }).start('directml');
    expect(device).toMatchObject({
      name: 'cpu',
      requested: 'directml',
      fallback: 'DirectML is not part of this installation',
    });
  });

  it('is none where the small test is cancelled', async () => {
    const { open, tested, start } = pretend({ webgpu: { small: new Error('cancelled') }, cpu: {} });
    const signal = AbortSignal.abort();
    await expect(start('auto', signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tested).toEqual([signal]);
    expect([...open]).toEqual([]);
  });

  it('is tested once, and again only where that was cancelled', async () => {
    const verdicts = [new Error('cancelled'), { milliseconds: 1, wrong: null }, new Error('tested too often')];
    const test = once(async () => {
      const verdict = verdicts.shift()!;
      if (verdict instanceof Error) throw verdict;
      return verdict;
    });
    await expect(test('webgpu', 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    for (let i = 0; i < 2; i++) expect(await test('webgpu', 1)).toMatchObject({ wrong: null });
    const failing = once(async () => {
      throw new Error(`the driver crashes${verdicts.pop() ? '' : ' again'}`);
    });
    for (let i = 0; i < 2; i++) await expect(failing('webgpu', 1)).rejects.toThrow(/^the driver crashes$/);
  });

  it('fails only where the CPU fails', async () => {
    await expect(pretend({ webgpu: {}, cpu: { fails: 'bad network' } }).start('auto')).rejects.toThrow('bad network');
  });
});

describe('the self-test', () => {
  it('measures by the size of the numbers', () => {
    const of = (...values: number[]) => ({ dims: [values.length], data: Float32Array.from(values) });
    expect(relativeError(of(1, 2), of(1, 2))).toBe(0);
    expect(relativeError(of(1.1, 2.2), of(1, 2))).toBeCloseTo(0.1, 5);
    expect(relativeError(of(1), of(1, 2))).toBe(Infinity);
    expect(wrongNumbers('CPU', {}, { tap: of(1) })).toMatch(/tap/);
    expect(wrongNumbers('CPU', { tap: of(1.001) }, { tap: of(1) })).toBeNull();
  });
});

describe('pictures per call', () => {
  const size = { height: 518, width: 518 };
  it('leave time to cancel', () => {
    expect(batchFor('cpu', size, 4000)).toBe(1);
    expect(batchFor('cpu', size, 20)).toBe(4);
    expect(batchFor('webgpu', size, 5)).toBe(16);
    expect(batchFor('webgpu', { height: 64, width: 64 }, 0)).toBe(32);
  });
});
