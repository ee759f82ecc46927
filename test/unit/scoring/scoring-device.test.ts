import { describe, expect, it, vi } from 'vitest';
import { CpuPairKernel } from '../../../extension/core/scoring/cpu-pair-kernel';
import { GraphPairKernel } from '../../../extension/core/scoring/graph-pair-kernel';
import { chooseScoringDevice } from '../../../extension/core/scoring/scoring-device';

const SHAPE = { grid: { height: 4, width: 6 }, degrees: [1, 3], batch: 1 };

describe('chooseScoringDevice', () => {
  it('trusts a device with the numbers of the CPU kernel, which needs no more memory than one pair at a time', async () => {
    const create = GraphPairKernel.create.bind(GraphPairKernel);
    vi.spyOn(GraphPairKernel, 'create').mockImplementation((shape) => create(shape, 'cpu'));
    const yardstick = vi.spyOn(CpuPairKernel, 'create');
    expect(await chooseScoringDevice('webgpu', SHAPE)).toEqual({ device: 'webgpu', fallback: null });
    expect(yardstick).toHaveBeenCalledExactlyOnceWith(SHAPE);
    const other = { ...SHAPE, degrees: [1, 5] };
    vi.mocked(GraphPairKernel.create).mockImplementation((shape) =>
      create({ ...shape, degrees: other.degrees }, 'cpu'),
    );
    expect(await chooseScoringDevice('webgpu', SHAPE)).toMatchObject({
      device: 'cpu',
      fallback: expect.stringContaining('gives wrong numbers') as string,
    });
  });
});
