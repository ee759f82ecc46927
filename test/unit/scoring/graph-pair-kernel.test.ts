import { describe, expect, it, vi } from 'vitest';
import type { Grid } from '../../../extension/core/array/grid';
import { CpuPairKernel } from '../../../extension/core/scoring/cpu-pair-kernel';
import { DeviceFeatures } from '../../../extension/core/scoring/device-features';
import { GraphPairKernel } from '../../../extension/core/scoring/graph-pair-kernel';
import { PatchWindows } from '../../../extension/core/scoring/kernel/patch-windows';
import type { PairBatch, PairKernel } from '../../../extension/core/scoring/pair-kernel';
import { randomFloats } from './random';

const CHANNELS = 12;

/** Batches over made-up features; `asked` notes which images' features a kernel wanted. */
function batches(features: Float32Array, grid: Grid, degrees: readonly number[], asked: number[] = []) {
  const size = grid.height * grid.width * CHANNELS;
  const lengths = new PatchWindows(grid, CHANNELS);
  const inverse = Array.from({ length: features.length / size }, (_, image) => {
    lengths.features.set(features.subarray(image * size, (image + 1) * size));
    return lengths.inverse(degrees);
  });
  return (first: number, count: number, other: number): PairBatch => ({
    first,
    count,
    other,
    channels: CHANNELS,
    rows: () => {
      asked.push(first);
      return features.subarray(first * size, (first + count) * size);
    },
    column: () => {
      asked.push(other);
      return features.subarray(other * size, (other + 1) * size);
    },
    lengths: (image) => inverse[image],
  });
}

async function cosinesOf(kernel: PairKernel, batch: PairBatch): Promise<number[]> {
  const cosines: number[] = [];
  await kernel.run(batch, (image, rows, columns) => void cosines.push(image, ...rows, ...columns));
  return cosines;
}

describe('GraphPairKernel', () => {
  it.each([
    [{ height: 4, width: 6 }, [1, 3, 5]],
    [{ height: 2, width: 2 }, [3, 7]],
  ])('gives the numbers of the CPU kernel from features stored as float16: %j, degrees %j', async (grid, degrees) => {
    const batch = batches(randomFloats(4 * grid.height * grid.width * CHANNELS, 5), grid, degrees);
    const shape = { grid, degrees, batch: 3 };
    const [cpu, graph] = [await CpuPairKernel.create(shape), await GraphPairKernel.create(shape, 'cpu')];
    for (const b of [batch(0, 3, 3), batch(0, 1, 2), batch(1, 2, 3)]) {
      const [expected, found] = [await cosinesOf(cpu, b), await cosinesOf(graph, b)];
      expect(found.length).toBe(expected.length);
      found.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(1e-3));
    }
    expect(graph.storedAs).toBe('float16');
    await cpu.close();
    await graph.close();
  });

  it('stores float32 where float16 would change the distances, and decides anew for each tap', async () => {
    const grid = { height: 3, width: 3 };
    const far = randomFloats(2 * 9 * CHANNELS, 1).map((v) => v * 1e5); // beyond the largest float16
    const near = randomFloats(2 * 9 * CHANNELS, 2);
    const shape = { grid, degrees: [1, 3], batch: 1 };
    const [cpu, graph] = [await CpuPairKernel.create(shape), await GraphPairKernel.create(shape, 'cpu')];
    for (const [features, storage] of [
      [far, 'float32'],
      [near, 'float16'],
    ] as const) {
      for (const kernel of [cpu, graph]) kernel.startTap();
      expect(graph.storedAs).toBeNull();
      const batch = batches(features, grid, shape.degrees)(0, 1, 1);
      const [expected, found] = [await cosinesOf(cpu, batch), await cosinesOf(graph, batch)];
      found.forEach((v, i) => expect(Math.abs(v - expected[i])).toBeLessThan(1e-3));
      expect(graph.storedAs).toBe(storage);
    }
    await cpu.close();
    await graph.close();
  });

  it('stores what it is told to, tap after tap', async () => {
    const grid = { height: 3, width: 3 };
    const batch = batches(randomFloats(2 * 9 * CHANNELS, 2), grid, [1])(0, 1, 1);
    for (const storage of ['float32', 'float16'] as const) {
      const graph = await GraphPairKernel.create({ grid, degrees: [1], batch: 1 }, 'cpu', storage);
      await cosinesOf(graph, batch);
      graph.startTap();
      expect(graph.storedAs).toBe(storage);
      await graph.close();
    }
  });

  it('asks for each image’s features once a tap, and for both forms of the first batch', async () => {
    const grid = { height: 3, width: 3 };
    const asked: number[] = [];
    const batch = batches(randomFloats(4 * 9 * CHANNELS, 3), grid, [1], asked);
    const graph = await GraphPairKernel.create({ grid, degrees: [1], batch: 2 }, 'cpu');
    for (const tap of [0, 1]) {
      graph.startTap();
      asked.length = 0;
      await cosinesOf(graph, batch(0, 1, 1));
      expect(asked.sort(), `tap ${tap}`).toEqual([0, 0, 1, 1]);
      for (const b of [batch(0, 2, 2), batch(0, 2, 3), batch(2, 1, 3)]) await cosinesOf(graph, b);
      expect(asked.slice(4).sort()).toEqual([2, 3]);
    }
    await graph.close();
  });
});

describe('GraphPairKernel on a card whose memory is full', () => {
  const grid = { height: 3, width: 3 };
  const started = async () => {
    const batch = batches(randomFloats(4 * 9 * CHANNELS, 3), grid, [1]);
    const graph = await GraphPairKernel.create({ grid, degrees: [1], batch: 1 }, 'cpu', 'float32');
    const first = await cosinesOf(graph, batch(0, 1, 1));
    return { batch, graph, first };
  };

  it('lets features go and does the call again', async () => {
    const { batch, graph, first } = await started();
    for (const b of [batch(0, 1, 2), batch(0, 1, 3)]) await cosinesOf(graph, b);
    const get = vi.spyOn(DeviceFeatures.prototype, 'get').mockRejectedValueOnce(new Error('out of memory'));
    const holdLess = vi.spyOn(DeviceFeatures.prototype, 'holdLess');
    expect(await cosinesOf(graph, batch(0, 1, 1))).toEqual(first);
    expect(holdLess).toHaveBeenCalledOnce();
    for (const spy of [get, holdLess]) spy.mockRestore();
    await graph.close();
  });

  it('says so where a call alone does not fit', async () => {
    const { batch, graph } = await started();
    const get = vi.spyOn(DeviceFeatures.prototype, 'get').mockRejectedValueOnce(new Error('out of memory'));
    await expect(cosinesOf(graph, batch(0, 1, 1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    get.mockRestore();
    await graph.close();
  });
});

describe('DeviceFeatures', () => {
  it('keeps the lately used images within its limit, and those in use beyond it', async () => {
    const features = await DeviceFeatures.create('cpu', 'float16', {}, 2 * 8 * 3);
    const loads: number[] = [];
    const get = (image: number) => features.get(image, () => (loads.push(image), new Float32Array(8)), 4);
    for (const image of [0, 1, 2, 3]) await get(image);
    features.trim(1);
    expect(features.size).toBe(3);
    for (const image of [1, 0]) await get(image);
    features.trim(1);
    for (const image of [1, 3, 0, 2]) await get(image);
    expect(loads).toEqual([0, 1, 2, 3, 0, 2]);
    features.trim(4);
    expect(features.size).toBe(4);
    features.holdLess();
    expect(features.size).toBe(0);
    for (const image of [0, 1, 2, 3]) await get(image);
    features.trim(1);
    expect(features.size).toBe(2);
    await features.close();
  });
});
