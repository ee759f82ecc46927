import { layerNormPatches, poolPatches, unitLength } from '../../extension/core/scoring/lnamd';
import { compare, type GoldenSuite } from './suite';

/** Keys: `embed_rR` is the pooled tensor [B, P, layer, C], `features_rR` the same at unit length. */
export const suite: GoldenSuite = {
  folder: 'lnamd',
  async check(testCase) {
    const { shape, data: tokens } = await testCase.tensor('tokens');
    const [layers, batch, rows, channels] = shape;
    const patches = rows - 1;
    const side = Math.round(Math.sqrt(patches));
    const results = [];
    for (const key of testCase.expectedKeys()) {
      const [, kind, degree] = /^(embed|features)_r(\d+)$/.exec(key) ?? [];
      if (kind === undefined) continue;
      const actual = new Float32Array(layers * batch * patches * channels);
      for (let layer = 0; layer < layers; layer++)
        for (let b = 0; b < batch; b++) {
          const start = ((layer * batch + b) * rows + 1) * channels;
          const normed = layerNormPatches(Float32Array.from(tokens.subarray(start, start + patches * channels)));
          const pooled = poolPatches(normed, { height: side, width: side }, channels, Number(degree));
          const features = kind === 'embed' ? pooled : unitLength(pooled, channels);
          for (let p = 0; p < patches; p++)
            actual.set(
              features.subarray(p * channels, (p + 1) * channels),
              ((b * patches + p) * layers + layer) * channels,
            );
        }
      results.push(compare(key, actual, (await testCase.tensor(key)).data, testCase.tensors[key].tol));
    }
    return results;
  },
};
