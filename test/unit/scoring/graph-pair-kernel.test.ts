import { expect, it } from 'vitest';
import { CpuPairKernel } from '../../../extension/core/scoring/cpu-pair-kernel';
import { GraphPairKernel } from '../../../extension/core/scoring/graph-pair-kernel';
import { WindowLengths } from '../../../extension/core/scoring/kernel/window-lengths';
import { randomFloats } from './random';

it.each([
  [{ height: 4, width: 6 }, [1, 3, 5]],
  [{ height: 2, width: 2 }, [3, 7]],
])('gives the numbers of the CPU kernel as one graph: %j, degrees %j', async (grid, degrees) => {
  const channels = 12;
  const size = grid.height * grid.width * channels;
  const features = randomFloats(4 * size, 5);
  const lengths = new WindowLengths(grid, channels);
  const inverse = [0, 1, 2, 3].map((image) => {
    lengths.features.set(features.subarray(image * size, (image + 1) * size));
    return lengths.inverse(degrees);
  });
  const shape = { grid, degrees, batch: 3 };
  const results: number[][] = [];
  for (const kernel of [await CpuPairKernel.create(shape), await GraphPairKernel.create(shape, 'cpu')]) {
    const cosines: number[] = [];
    await kernel.run(
      {
        rows: features.subarray(0, 3 * size),
        column: features.subarray(3 * size),
        channels,
        count: 3,
        rowLengths: (index) => inverse[index],
        columnLengths: inverse[3],
      },
      (index, rows, columns) => void cosines.push(index, ...rows, ...columns),
    );
    await kernel.close();
    results.push(cosines);
  }
  expect(results[1].length).toBe(results[0].length);
  results[1].forEach((v, i) => expect(v).toBeCloseTo(results[0][i], 5));
});
