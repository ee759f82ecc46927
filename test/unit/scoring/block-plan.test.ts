import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSize, planBlocks, tilePairs } from '../../../extension/core/scoring/block-plan';
import { estimateScoring } from '../../../extension/core/scoring/estimate';
import { splitMemory } from '../../../extension/core/scoring/memory-split';

describe('tilePairs', () => {
  it('covers every pair with a new image once, in blocks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 0, max: 39 }),
        fc.integer({ min: 1, max: 9 }),
        (images, before, block) => {
          const old = Math.min(before, images - 1);
          const seen = new Set<string>();
          for (const { rows, columns } of tilePairs({ images, old, width: 1 }, block))
            for (let j = columns.start; j < columns.end; j++)
              for (let i = rows.start; i < Math.min(rows.end, j); i++) {
                expect(seen.has(`${i} ${j}`)).toBe(false);
                expect(j).toBeGreaterThanOrEqual(old);
                seen.add(`${i} ${j}`);
              }
          expect(seen.size).toBe((images * (images - 1) - old * (old - 1)) / 2);
        },
      ),
    );
  });
});

describe('planBlocks', () => {
  it('makes blocks of whole batches that depend on the grid alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 2048 }),
        fc.integer({ min: 2, max: 2000 }),
        fc.double({ min: 1e6, max: 1e11, noNaN: true }),
        (patches, channels, images, memoryBytes) => {
          const layout = { images, old: 0, width: 3 * patches };
          const plan = planBlocks({ layout, patches, channels, threads: 2, memoryBytes, device: 'cpu' });
          expect(plan.batch).toBe(batchSize(patches, 'cpu'));
          expect(plan.block % plan.batch).toBe(0);
          expect(plan.block).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('takes fewer workers where their Gram matrices would exceed a quarter of the budget, but one always', () => {
    const patches = 128 * 128; // 1.07 GB each
    const layout = { images: 100, old: 0, width: patches };
    const plan = (memoryBytes: number) =>
      planBlocks({ layout, patches, channels: 384, threads: 8, memoryBytes, device: 'cpu' });
    expect([1e9, 9e9, 1e11].map((bytes) => plan(bytes).threads)).toEqual([1, 2, 8]);
    expect(plan(9e9).workerBytes).toBeLessThan(9e9 / 2);
  });

  it('takes all eight cores of a machine with 16 GB at 37 x 37', () => {
    const patches = 37 * 37;
    const layout = { images: 200, old: 0, width: 3 * patches };
    const { scoring } = splitMemory(16e9 / 2);
    const plan = planBlocks({ layout, patches, channels: 1024, threads: 8, memoryBytes: scoring, device: 'cpu' });
    expect(plan.threads).toBe(8);
  });

  it('keeps 1,000 images of ViT-L/14 at 518 pixels, four taps, within 4 GB', () => {
    const shape = {
      grid: { height: 37, width: 37 },
      channels: [1024, 1024, 1024, 1024],
      degrees: [1, 3, 5],
      keep: [0, 0.3] as const,
      threads: 2,
    };
    const cost = { perPair: 0.1, perImage: 0, perDistance: 0, start: 0 };
    const estimate = estimateScoring(cost, shape, { images: 1000, memory: splitMemory(4e9) });
    expect(estimate.memoryBytes).toBeLessThan(2e9);
    expect(estimate.diskBytes / 1e9).toBeCloseTo(22.4 + 16.4, 0);
    expect(estimate.seconds).toBeCloseTo(49950, 0);
    const whole = estimateScoring(cost, shape, { images: 200, memory: splitMemory(16e9) });
    expect(whole.diskBytes).toBe(0);
    expect(whole.memoryBytes / 1e9).toBeCloseTo(5.6, 0);
    // distances that are saved on the way are on disk, and not in memory
    const saved = estimateScoring(cost, shape, { images: 200, memory: splitMemory(16e9), saved: 16e9 });
    expect(saved.diskBytes / 1e9).toBeCloseTo(0.66, 1);
    expect(saved.memoryBytes + saved.diskBytes).toBe(whole.memoryBytes);
  });
});
