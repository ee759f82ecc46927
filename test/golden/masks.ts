import { decodePicture } from '../../extension/core/image/decode';
import { referenceMask, resizedMask, type MaskTensor } from '../../extension/core/image/reference-mask';
import * as z from 'zod';
import { loadMask } from '../../extension/core/image/mask';
import { compare, type CheckResult, type GoldenCase, type GoldenSuite } from './suite';

/** A recorded mask: 0/1 in a .npy, 0/255 in a PNG; resized pictures are grey levels in both. */
async function recorded(testCase: GoldenCase, key: string, divide: number): Promise<ArrayLike<number>> {
  if (key in testCase.tensors) return (await testCase.tensor(key)).data;
  const { data, channels } = await decodePicture(testCase.path(key), 'reference');
  return Float64Array.from({ length: data.length / channels }, (_, i) => data[i * channels] / divide);
}

const summary = z.object({ shape: z.array(z.number()), sum: z.number(), max: z.number() });

/** What is told of a tensor that breaks the reference's own code later: its shape, sum and maximum. */
function checkSummary(key: string, { channels, height, width, data }: MaskTensor, value: unknown): CheckResult {
  const expected = summary.parse(value);
  const shape = [channels, height, width];
  const [sum, max] = [data.reduce((a, b) => a + b, 0), data.reduce((a, b) => Math.max(a, b), 0)];
  const ok = shape.join() === expected.shape.join() && sum === expected.sum && max === expected.max;
  return { key, ok, detail: `shape ${shape.join('x')}, sum ${sum}, max ${max}; expected ${JSON.stringify(value)}` };
}

async function check(testCase: GoldenCase, key: string): Promise<CheckResult> {
  const [, what, side] = /^(resized|mvtec|visa)_(\d+)$/.exec(key) ?? [];
  if (what === undefined) return { key, ok: false, detail: 'no such result is known' };
  const size = { height: Number(side), width: Number(side) };
  const file = testCase.path('src');
  if (key in testCase.expected)
    return checkSummary(
      key,
      await referenceMask(file, size, what === 'visa' ? 'visa' : 'mvtec'),
      testCase.expected[key],
    );
  const tol = (testCase.tensors[key] ?? testCase.files[key]).tol;
  if (what === 'resized') return compare(key, await resizedMask(file, size), await recorded(testCase, key, 1), tol);
  const own = await loadMask(file, size, 'reference', what === 'visa' ? 'visa' : 'mvtec');
  return compare(key, own, await recorded(testCase, key, 255), tol);
}

/** Ground-truth masks, protocol `reference` (SPEC 9). */
export const suite: GoldenSuite = {
  folder: 'masks',
  check: (testCase) =>
    Promise.all([...testCase.expectedKeys(), ...Object.keys(testCase.expected)].map((key) => check(testCase, key))),
};
