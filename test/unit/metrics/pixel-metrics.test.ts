import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../extension/core/metrics/metric';
import { pixelMetrics } from '../../../extension/core/metrics/pixel-metrics';
import type { PixelSource } from '../../../extension/core/metrics/pixel-source';
import { auroc, averagePrecision, exactAupro, f1max, pooled, referenceAupro, type Pixels } from './brute-force';

const value = (m: Metric): number => ('value' in m ? m.value : NaN);

function sourceOf({ maps, masks, width }: Pixels): PixelSource {
  return {
    count: maps.length,
    size: { height: maps[0].length / width, width },
    map: (i) => Float32Array.from(maps[i]),
    mask: async (i) => (masks[i].some(Boolean) ? Uint8Array.from(masks[i]) : null),
  };
}

/** Few levels (ties, edge cases of the reference) or any float32, negatives and -0 among them. */
const level = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -4, max: 8 }).map((n) => n / 8) },
  { weight: 2, arbitrary: fc.float({ min: -3, max: 3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 0, Math.fround(1e-40), Math.fround(-1e-40)) },
);
const pixels: fc.Arbitrary<Pixels> = fc
  .record({
    width: fc.integer({ min: 1, max: 7 }),
    height: fc.integer({ min: 1, max: 6 }),
    n: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ width, height, n }) => {
    const size = { minLength: width * height, maxLength: width * height };
    const images = { minLength: n, maxLength: n };
    return fc.record({
      width: fc.constant(width),
      maps: fc.array(fc.array(level, size), images),
      masks: fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, 255), size), images),
    });
  })
  .filter((p) => p.masks.flat().some((m) => m !== 0) && p.masks.flat().some((m) => m === 0));

describe('pixel metrics', () => {
  it('equal the definitions', async () => {
    await fc.assert(
      fc.asyncProperty(pixels, async (p) => {
        const got = await pixelMetrics(sourceOf(p), { protocol: 'exact' });
        const data = pooled(p);
        expect(value(got.auroc)).toBeCloseTo(auroc(data), 12);
        expect(value(got.ap)).toBeCloseTo(averagePrecision(data), 12);
        expect(value(got.f1max)).toBeCloseTo(f1max(data), 12);
        if (new Set(data.scores.map((s) => s + 0)).size > 1) expect(value(got.aupro)).toBeCloseTo(exactAupro(p), 10);
        else expect(got.aupro).toHaveProperty('absent');
      }),
      { numRuns: 60 },
    );
  });

  it('AUPRO of the reference protocol equals its loop over thresholds', async () => {
    await fc.assert(
      fc.asyncProperty(pixels, async (p) => {
        fc.pre(new Set(p.maps.flat().map((s) => s + 0)).size > 1);
        const got = await pixelMetrics(sourceOf(p), { protocol: 'reference' });
        const want = referenceAupro(p);
        if ('absent' in want) expect(got.aupro).toHaveProperty('absent');
        else expect(value(got.aupro)).toBeCloseTo(want.value, 10);
      }),
      { numRuns: 50 },
    );
  });

  it('in many small passes equal those in one', async () => {
    await fc.assert(
      fc.asyncProperty(pixels, fc.constantFrom('exact', 'reference'), async (p, protocol) => {
        const one = await pixelMetrics(sourceOf(p), { protocol });
        const many = await pixelMetrics(sourceOf(p), { protocol, memoryBytes: 1 });
        expect(many).toEqual(one);
      }),
      { numRuns: 10 },
    );
  });

  it('count every value of a full bin: more pixels than a list takes', async () => {
    // 4 x 300 x 300 values between 0.5 and 0.5 + 2^-8, all in two coarse bins
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const size = { height: 300, width: 300 };
    const maps = Array.from({ length: 4 }, () =>
      Float32Array.from({ length: 90_000 }, () => Math.fround(0.5 + Math.round(random() * 1000) * 2 ** -18)),
    );
    const masks = maps.map((map) =>
      Uint8Array.from(map, (v, i) => (i % 300 < 150 && v + random() * 0.002 > 0.5 ? 1 : 0)),
    );
    const source = { count: 4, size, map: (i: number) => maps[i], mask: async (i: number) => masks[i] };
    const got = await pixelMetrics(source, { protocol: 'exact' });
    const wins = new Map<number, [number, number]>();
    for (const [i, map] of maps.entries())
      for (const [p, v] of map.entries()) {
        const counts = wins.get(v) ?? [0, 0];
        counts[masks[i][p]]++;
        wins.set(v, counts);
      }
    let [below, area, positives] = [0, 0, 0];
    for (const [, [good, bad]] of [...wins].sort(([a], [b]) => a - b)) {
      area += bad * (below + good / 2);
      below += good;
      positives += bad;
    }
    expect(value(got.auroc)).toBeCloseTo(area / positives / below, 12);
    expect(await pixelMetrics(source, { protocol: 'exact', memoryBytes: 1 })).toEqual(got);
  });

  it('are absent with a reason where they mean nothing', async () => {
    const make = (masks: number[][], maps = [[0, 1, 2, 3]]): PixelSource => sourceOf({ maps, masks, width: 2 });
    const none = await pixelMetrics(make([[0, 0, 0, 0]]), { protocol: 'exact' });
    const all = await pixelMetrics(make([[1, 1, 1, 1]]), { protocol: 'exact' });
    for (const m of Object.values(none) as Metric[]) expect('absent' in m && m.absent).toMatch(/defect/);
    for (const m of Object.values(all) as Metric[]) expect('absent' in m && m.absent).toMatch(/good/);
    const constant = await pixelMetrics(make([[0, 1, 0, 0]], [[2, 2, 2, 2]]), { protocol: 'exact' });
    expect(constant.auroc).toEqual({ value: 0.5 });
    expect(constant.aupro).toHaveProperty('absent');
    const empty = await pixelMetrics({ ...make([[1, 0, 0, 0]]), count: 0 }, { protocol: 'exact' });
    expect(empty.auroc).toHaveProperty('absent');
  });

  it('perfect maps give 1 in exact', async () => {
    const source = sourceOf({ maps: [[0, 0, 1, 0]], masks: [[0, 0, 1, 0]], width: 2 });
    const got = await pixelMetrics(source, { protocol: 'exact' });
    expect(got).toEqual({ auroc: { value: 1 }, f1max: { value: 1 }, ap: { value: 1 }, aupro: { value: 1 } });
  });

  it('refuse NaN, wrong sizes and a cancelled signal', async () => {
    const options = { protocol: 'exact' } as const;
    const good = sourceOf({ maps: [[0, 1, 2, 3]], masks: [[1, 0, 0, 0]], width: 2 });
    await expect(pixelMetrics({ ...good, map: () => new Float32Array([0, NaN, 1, 1]) }, options)).rejects.toThrow(
      /picture 0/,
    );
    await expect(pixelMetrics({ ...good, map: () => new Float32Array(3) }, options)).rejects.toThrow(/3 values/);
    await expect(pixelMetrics({ ...good, mask: async () => new Uint8Array(5) }, options)).rejects.toThrow(/5 pixels/);
    await expect(pixelMetrics(good, { ...options, signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
  });
});
