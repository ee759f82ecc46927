import * as z from 'zod';
import { referenceThresholds } from '../../extension/core/metrics/aupro';
import { imageMetrics } from '../../extension/core/metrics/image-metrics';
import type { Metric } from '../../extension/core/metrics/metric';
import { pixelMetrics } from '../../extension/core/metrics/pixel-metrics';
import { findRegions } from '../../extension/core/metrics/regions';
import type { CheckResult, GoldenCase, GoldenSuite } from './suite';

/** What the reference recorded for one level: numbers, null where it gives none, or what it threw. */
const level = z
  .object({
    auroc: z.number().nullable().optional(),
    f1max: z.number().nullable().optional(),
    ap: z.number().nullable().optional(),
    aupro: z.number().nullable().optional(),
    ref_error: z.string().optional(),
    aupro_is_nan: z.boolean().optional(),
  })
  .strict();
const expectation = z
  .object({
    image: level,
    pixel: level,
    n_regions: z.number().optional(),
    n_thresholds: z.number().optional(),
    n_regions_if_4_connected: z.number().optional(),
  })
  .strict();
type Level = z.infer<typeof level>;
const NAMES = ['auroc', 'f1max', 'ap', 'aupro'] as const;
const TOLERANCE = { auroc: 1e-6, f1max: 1e-6, ap: 1e-6, aupro: 1e-5 };

/** Where the reference writes 0 for "undefined", ours must be absent: `oneClass` tells. */
function checkMetric(
  key: string,
  got: Metric,
  want: number | null | undefined,
  oneClass: boolean,
  tol: number,
): CheckResult {
  const detail = `${JSON.stringify(got)}, expected ${String(want)}`;
  if (want === null || want === undefined || oneClass) return { key, ok: 'absent' in got, detail };
  return { key, ok: 'value' in got && Math.abs(got.value - want) <= tol, detail };
}

function checkLevel(prefix: string, got: Record<string, Metric>, want: Level, oneClass: boolean): CheckResult[] {
  return NAMES.filter((n) => n in got).map((n) =>
    checkMetric(`${prefix}.${n}`, got[n], want[n], oneClass, TOLERANCE[n]),
  );
}

function count(key: string, got: number, want: number): CheckResult {
  return { key, ok: got === want, detail: `${got}, expected ${want}` };
}

/** Metrics of maps, masks, labels and scores, by the reference protocol. */
export const suite: GoldenSuite = {
  folder: 'metrics',
  async check(testCase: GoldenCase): Promise<CheckResult[]> {
    const want = expectation.parse(testCase.expected);
    const [maps, masks, scores] = await Promise.all(['maps', 'masks', 'scores'].map((k) => testCase.tensor(k)));
    const labels = 'labels' in testCase.tensors ? await testCase.tensor('labels') : null;
    const [images, height, width] = maps.shape;
    const size = { height, width };
    const pixels = height * width;
    const values = Float32Array.from(maps.data);
    const marks = Array.from({ length: images }, (_, i) =>
      Uint8Array.from(masks.data.subarray(i * pixels, (i + 1) * pixels)),
    );
    const results: CheckResult[] = [];

    const truth = Array.from(scores.data, (_, i) => (labels === null ? null : labels.data[i] ? 'defect' : 'good'));
    const imageOneClass = new Set(truth).size < 2;
    try {
      results.push(...checkLevel('image', { ...imageMetrics(scores.data, truth) }, want.image, imageOneClass));
    } catch (error) {
      const detail = `refused: ${String(error)}`;
      results.push({ key: 'image', ok: want.image.ref_error !== undefined, detail });
    }

    const source = {
      count: images,
      size,
      map: (i: number) => values.subarray(i * pixels, (i + 1) * pixels),
      mask: async (i: number) => marks[i],
    };
    const marked = masks.data.some((m) => m !== 0);
    const unmarked = masks.data.some((m) => m === 0);
    const pixelOneClass = !marked || !unmarked;
    try {
      const got = { ...(await pixelMetrics(source, { protocol: 'reference' })) };
      // the reference loops over pixel rows when there is one picture: its error there is no goal
      const artefact = images === 1 && want.pixel.aupro === null && want.pixel.ref_error !== undefined;
      const compared = artefact ? { auroc: got.auroc, f1max: got.f1max, ap: got.ap } : got;
      results.push(...checkLevel('pixel', compared, want.pixel, pixelOneClass));
    } catch (error) {
      const detail = `refused: ${String(error)}`;
      results.push({ key: 'pixel', ok: want.pixel.ref_error !== undefined, detail });
    }

    if (want.n_regions !== undefined) {
      const found = marks.reduce((sum, mask) => sum + findRegions(mask, size).count, 0);
      results.push(count('n_regions', found, want.n_regions));
    }
    if (want.n_thresholds !== undefined) {
      let [min, max] = [Infinity, -Infinity];
      for (const v of values) [min, max] = [Math.min(min, v), Math.max(max, v)];
      results.push(count('n_thresholds', referenceThresholds(min, max).length, want.n_thresholds));
    }
    if (want.n_regions_if_4_connected !== undefined) {
      const found = marks.reduce((sum, mask) => sum + edgeRegions(mask, width), 0);
      results.push(count('n_regions_if_4_connected', found, want.n_regions_if_4_connected));
    }
    return results;
  },
};

/** Regions joined at edges only, by flood fill: shows that a case tells the two kinds of connection apart. */
function edgeRegions(mask: Uint8Array, width: number): number {
  const left = Uint8Array.from(mask);
  let regions = 0;
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    regions++;
    const open = [start];
    left[start] = 0;
    for (let p = open.pop(); p !== undefined; p = open.pop()) {
      const x = p % width;
      const around = [p - width, p + width, x > 0 ? p - 1 : -1, x < width - 1 ? p + 1 : -1];
      for (const q of around)
        if (q >= 0 && q < left.length && left[q]) {
          left[q] = 0;
          open.push(q);
        }
    }
  }
  return regions;
}
