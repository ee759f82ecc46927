import os from 'node:os';
import * as z from 'zod';
import { imageScore, upsampleMap } from '../../extension/core/scoring/anomaly-map';
import type { FeatureSource } from '../../extension/core/scoring/feature-source';
import { keptRanks } from '../../extension/core/scoring/kept-ranks';
import { layerNormPatches } from '../../extension/core/scoring/lnamd';
import { scoreMutually } from '../../extension/core/scoring/mutual-scoring';
import { rescore } from '../../extension/core/scoring/rscin';
import { compare, type CheckResult, type GoldenCase, type GoldenSuite } from './suite';

const params = z.object({
  r_list: z.array(z.number()),
  topmin: z.tuple([z.number(), z.number()]),
  image_size: z.number(),
  k_list: z.array(z.number()),
});

/**
 * Keys: `msm` [degree, layer, N, P], `map` [N, P], `mapS` the maps at image size, `scores` and `rscin` [N], each computed from the tokens.
 */
export const suite: GoldenSuite = {
  folder: 'pipeline',
  async check(testCase) {
    const { r_list: degrees, topmin: keep, image_size: side, k_list } = params.parse(testCase.params);
    const sources = await tokenSources(testCase);
    const [{ images, grid }] = sources;
    const size = { height: side, width: side };
    const common = { keep, threads: 1, memoryBytes: 1e8, scratchFolder: os.tmpdir() };
    const { scores: map } = await scoreMutually(sources, { ...common, degrees });
    const perImage = Array.from({ length: images }, (_, i) =>
      map.subarray((i * map.length) / images, ((i + 1) * map.length) / images),
    );
    const scores = perImage.map((m) => imageScore(m, grid, size));

    const outputs: Record<string, () => Promise<ArrayLike<number>>> = {
      msm: async () => {
        const parts: number[] = [];
        for (const degree of degrees)
          for (const source of sources)
            parts.push(...(await scoreMutually([source], { ...common, degrees: [degree] })).scores);
        return parts;
      },
      map: () => Promise.resolve(map),
      [`map${side}`]: () => Promise.resolve(perImage.flatMap((m) => [...upsampleMap(m, grid, size)])),
      scores: () => Promise.resolve(scores),
      rscin: async () => rescore(scores, Float32Array.from((await testCase.tensor('cls')).data), k_list),
    };
    const results: CheckResult[] = [];
    for (const key of testCase.expectedKeys())
      if (Object.hasOwn(outputs, key))
        results.push(compare(key, await outputs[key](), (await testCase.tensor(key)).data, testCase.tensors[key].tol));
    const kept = testCase.expected.k_max;
    if (kept !== undefined) {
      const { end } = keptRanks(keep, images - 1);
      results.push({ key: 'k_max', ok: end === kept, detail: `keeps ${end}, expected ${String(kept)}` });
    }
    return results;
  },
};

/** One source per layer of `tokens` [layer, N, 1 + h * h, C], class token dropped, layer-normed. */
async function tokenSources(testCase: GoldenCase): Promise<FeatureSource[]> {
  const { shape, data } = await testCase.tensor('tokens');
  const [layers, images, rows, channels] = shape;
  const side = Math.round(Math.sqrt(rows - 1));
  return Array.from({ length: layers }, (_, layer) => ({
    images,
    grid: { height: side, width: side },
    channels,
    load: (i: number) => {
      const start = (layer * images + i) * rows * channels;
      return Promise.resolve(
        layerNormPatches(Float32Array.from(data.subarray(start + channels, start + rows * channels))),
      );
    },
  }));
}
