import { expect, test } from 'vitest';
import { normalise } from '../../../extension/core/image/normalise';

const statistics = { mean: [0.5, 0.25, 0], std: [0.5, 1, 2] } as const;

test('planar, (x / 255 - mean) / std', () => {
  const data = Uint8Array.of(0, 255, 51, 255, 0, 102);
  const out = normalise({ width: 2, height: 1, channels: 3, data }, statistics);
  [-1, 1, 0.75, -0.25, 0.1, 0.2].forEach((v, i) => expect(out[i]).toBeCloseTo(v, 6));
});

test('grey fills all three planes', () => {
  const grey = normalise({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 200) }, statistics);
  const rgb = normalise({ width: 2, height: 1, channels: 3, data: Uint8Array.of(7, 7, 7, 200, 200, 200) }, statistics);
  expect(grey).toEqual(rgb);
});
