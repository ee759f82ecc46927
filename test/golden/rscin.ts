import * as z from 'zod';
import { rescore } from '../../extension/core/scoring/rscin';
import { compare, type GoldenSuite } from './suite';

const params = z.object({ k_list: z.array(z.number()) });

/** Keys: `out` and `out_ours` are the re-scored `scores`; without a `cls` tensor there are no image features. */
export const suite: GoldenSuite = {
  folder: 'rscin',
  async check(testCase) {
    const { k_list } = params.parse(testCase.params);
    const scores = (await testCase.tensor('scores')).data;
    const features = testCase.tensors.cls ? Float32Array.from((await testCase.tensor('cls')).data) : null;
    const actual = Float32Array.from(await rescore(scores, features, k_list));
    const keys = testCase.expectedKeys().filter((k) => k === 'out' || k === 'out_ours');
    return Promise.all(
      keys.map(async (k) => compare(k, actual, (await testCase.tensor(k)).data, testCase.tensors[k].tol)),
    );
  },
};
