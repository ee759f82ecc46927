import { expect, it } from 'vitest';
import { rescore } from '../../../extension/core/scoring/rscin';

const scores = [3, 1, 2];
const features = Float32Array.from([1, 0, 0.6, 0.8, 0, 1]);

it.each([
  ['no image features', null, [1, 2]],
  ['off', features, 'off'],
  ['an empty list', features, []],
  ['a list with 0', features, [1, 0]],
] as const)('returns scores as they are: %s', (_, given, list) => {
  expect([...rescore(scores, given, list)]).toEqual(scores);
});

it('returns equal scores as they are, and counts K > N as N', () => {
  expect([...rescore([2, 2, 2], features, [1, 2])]).toEqual([2, 2, 2]);
  expect(rescore(scores, features, [9])).toEqual(rescore(scores, features, [3]));
  expect([...rescore(scores, features, [1])]).toEqual([1, 0, 0.5]);
});
