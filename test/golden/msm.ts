import os from 'node:os';
import * as z from 'zod';
import { keptRanks } from '../../extension/core/scoring/kept-ranks';
import { scoreMutually } from '../../extension/core/scoring/mutual-scoring';
import { compare, type CheckResult, type GoldenSuite } from './suite';

const params = z.object({ ranges: z.array(z.tuple([z.number(), z.number()])) });
/** The reference's own k, before clamping. */
const resolved = z.object({ k_min: z.number(), k_max: z.number() });

/** Keys: `rangeQ_ref` and `rangeQ_ours` are scores [N, P] of the unit vectors `Z` for the Q-th interval of the parameters. */
export const suite: GoldenSuite = {
  folder: 'msm',
  async check(testCase) {
    const { ranges } = params.parse(testCase.params);
    const { shape, data } = await testCase.tensor('Z');
    const [images, patches, channels] = shape;
    const source = {
      images,
      grid: { height: 1, width: patches },
      channels,
      load: (i: number) =>
        Promise.resolve(Float32Array.from(data.subarray(i * patches * channels, (i + 1) * patches * channels))),
    };
    const results: CheckResult[] = [];
    for (const [q, keep] of ranges.entries()) {
      const { scores } = await scoreMutually([source], {
        degrees: [1],
        keep,
        threads: 1,
        memoryBytes: 1e8,
        scratchFolder: os.tmpdir(),
      });
      for (const key of testCase.expectedKeys().filter((k) => k === `range${q}_ours` || k === `range${q}_ref`))
        results.push(compare(key, scores, (await testCase.tensor(key)).data, testCase.tensors[key].tol));
      const scalar = resolved.safeParse(testCase.expected[`range${q}`]);
      if (scalar.success) results.push(compareRanks(`range${q}`, keep, images - 1, scalar.data));
    }
    return results;
  },
};

function compareRanks(
  key: string,
  keep: readonly [number, number],
  others: number,
  reference: { k_min: number; k_max: number },
): CheckResult {
  const end = Math.min(Math.max(reference.k_max, 1), others);
  const first = Math.min(reference.k_min, end - 1);
  const ours = keptRanks(keep, others);
  return {
    key,
    ok: ours.first === first && ours.end === end,
    detail: `ranks ${ours.first}..${ours.end}, expected ${first}..${end}`,
  };
}
